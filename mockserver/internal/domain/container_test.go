package domain_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// TestContainers checks the one container of an account, and its users (D-65).
func TestContainers(t *testing.T) {
	t.Parallel()
	a := openAccount(t, unlimited())
	limited := func(username string) int64 {
		return a.mustCreateUser(ada(func(in *domain.NewUser) { in.Username, in.ContainerIDs = username, []int64{domain.ContainerID} }))
	}
	first, gone := limited("a"), limited("b")
	robot := a.mustCreateUser(domain.NewUser{ServiceUser: true, APIName: "Robot", Key: "hash", ContainerIDs: []int64{domain.ContainerID}})
	a.mustCreateUser(ada())
	if err := a.deleteUser(admin(), gone); err != nil {
		t.Fatal(err)
	}
	a.read(func(r domain.Reader) {
		want := domain.Container{ID: 4, Users: []int64{first, robot}}
		if diff := cmp.Diff([]domain.Container{want}, domain.Containers(r)); diff != "" {
			t.Errorf("containers (-want +got):\n%s", diff)
		}
		got, err := domain.FindContainer(r, 4)
		checkFaults(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("container (-want +got):\n%s", diff)
		}
		_, err = domain.FindContainer(r, 5)
		checkFaults(t, err, fault{domain.CodeContainerNotFound, ""})
	})
}
