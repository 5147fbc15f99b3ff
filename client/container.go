package client

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
)

// A Container is a division of the account. Most answers contain only a part of its members.
type Container struct {
	// ID is the id of the container.
	ID int64
	// Name is the name of the container.
	Name string
	// IsActive is whether the container is in use.
	IsActive bool

	// ParentID is the id of the parent container. It is 0 for the top container, and in orders.
	ParentID int64

	// PublicID is an opaque identifier. Only users and the answers of [ContainerService] have this
	// field and the ones below it.
	PublicID string
	// EKey is a second opaque identifier.
	EKey string
	// TemplateID is the id of the template that the container was made from.
	TemplateID int64
	// HasLogo is whether the container has a logo.
	HasLogo bool
}

// A ContainerDetails is a container with all its members.
type ContainerDetails struct {
	Container
	// Description describes the container. It may be empty.
	Description string
	// AllowedDomainNames are the domain names that the container may order certificates for. An
	// empty list means all names.
	AllowedDomainNames []string
	// UserIDs are the users that are limited to the container.
	UserIDs []int64
}

// ContainerService reads the divisions of the account: [Client.Containers].
type ContainerService struct{ client *Client }

// List returns all containers of the account. Operation: listContainers.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/containers/list-containers.html
func (s *ContainerService) List(ctx context.Context, opts ...RequestOption) ([]ContainerDetails, error) {
	return fetch(ctx, s.client, operation{id: "listContainers"}, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.ListContainers(ctx, edit)
		},
		func(w listAnswer[api.ContainerList]) ([]ContainerDetails, error) {
			return wholeList("containers", w.list.Containers, w.page, containerDetailsFrom)
		})
}

// Get returns a container. An unknown id is [ErrNotFound]. Operation: getContainer.
//
// The vendor's page:
// https://dev.digicert.com/certcentral-apis/services-api/containers/container-info.html
func (s *ContainerService) Get(ctx context.Context, id int64, opts ...RequestOption) (ContainerDetails, error) {
	op := operation{id: "getContainer"}
	if err := checkID("container_id", id); err != nil {
		return ContainerDetails{}, inOperation(op, err)
	}
	return fetch(ctx, s.client, op, opts,
		func(ctx context.Context, edit api.RequestEditorFn) (*http.Response, error) {
			return s.client.raw.GetContainer(ctx, id, edit)
		},
		containerDetailsFrom)
}

func containerDetailsFrom(w api.ContainerInfo) (ContainerDetails, error) {
	if w.ID <= 0 {
		return ContainerDetails{}, missing("id")
	}
	details := ContainerDetails{
		Container: Container{
			ID:         w.ID,
			Name:       w.Name,
			IsActive:   w.IsActive,
			ParentID:   w.ParentID,
			PublicID:   w.PublicID,
			EKey:       w.Ekey,
			TemplateID: w.TemplateID,
			HasLogo:    w.HasLogo,
		},
		Description:        value(w.Description),
		AllowedDomainNames: w.AllowedDomainNames,
	}
	for i, text := range w.UserIDAssignments {
		id, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			path := fmt.Sprintf("user_id_assignments[%d]", i)
			return ContainerDetails{}, &wireError{path: path, reason: "is not a number"}
		}
		details.UserIDs = append(details.UserIDs, id)
	}
	return details, nil
}

func containerFrom(w api.Container) Container {
	return Container{ID: w.ID, Name: w.Name, IsActive: w.IsActive}
}

func organizationContainerFrom(w api.OrganizationContainer) Container {
	return Container{ID: w.ID, Name: w.Name, IsActive: w.IsActive, ParentID: w.ParentID}
}

func userContainerFrom(w api.UserContainer) Container {
	return Container{
		ID:         w.ID,
		Name:       w.Name,
		IsActive:   w.IsActive,
		ParentID:   w.ParentID,
		PublicID:   w.PublicID,
		EKey:       w.Ekey,
		TemplateID: w.TemplateID,
		HasLogo:    w.HasLogo,
	}
}
