package memory

import (
	"errors"
	"math"
	"testing"
)

func TestFind(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	none := func() (uint64, error) { return 0, errors.New("no limit") }
	is := func(bytes uint64) func() (uint64, error) { return func() (uint64, error) { return bytes, nil } }
	for _, test := range []struct {
		name            string
		golimit         int64
		cgroup, machine func() (uint64, error)
		want            Limit
	}{
		{"GOMEMLIMIT", 256 * mib, none, is(8192 * mib), Limit{256 * mib, GoMemLimit}},
		{"a control group", math.MaxInt64, is(512 * mib), is(8192 * mib), Limit{512 * mib, Cgroup}},
		{"GOMEMLIMIT below the control group", 256 * mib, is(512 * mib), none, Limit{256 * mib, GoMemLimit}},
		{"GOMEMLIMIT beyond the control group", 1024 * mib, is(512 * mib), none, Limit{512 * mib, Cgroup}},
		{"neither", math.MaxInt64, none, is(8192 * mib), Limit{8192 * mib, Machine}},
		{"nothing is known", math.MaxInt64, none, none, Limit{assumed, Unknown}},
		{"a control group without end", math.MaxInt64, is(math.MaxUint64), none, Limit{assumed, Unknown}},
		{"a machine without end", math.MaxInt64, none, is(math.MaxUint64), Limit{assumed, Unknown}},
	} {
		if got := find(test.golimit, test.cgroup, test.machine); got != test.want {
			t.Errorf("%s: %+v, want %+v", test.name, got, test.want)
		}
	}
}

// TestFindHere checks that Find returns a limit on the machine of the test.
func TestFindHere(t *testing.T) {
	t.Parallel()
	if got := Find(); got.Bytes < 64<<20 || got.Bytes == math.MaxInt64 {
		t.Errorf("%+v", got)
	}
}

func TestRoom(t *testing.T) {
	t.Parallel()
	const mib = 1 << 20
	for _, test := range []struct {
		limit Limit
		want  int64
	}{
		{Limit{264 * mib, GoMemLimit}, 80 * mib},
		{Limit{264 * mib, Cgroup}, 80 * mib},
		{Limit{4 * 264 * mib, Machine}, 80 * mib},
		{Limit{4 * 264 * mib, Unknown}, 80 * mib},
		{Limit{overhead, Cgroup}, 0},
		{Limit{1, Cgroup}, 0},
	} {
		if got := test.limit.Room(); got != test.want {
			t.Errorf("%+v: room for %d bytes, want %d", test.limit, got, test.want)
		}
	}
}
