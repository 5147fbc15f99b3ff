package transport

import (
	"context"
	"strconv"

	"github.com/pkio-tools/certcentral/gen/api"
	"github.com/pkio-tools/certcentral/gen/server"
	"github.com/pkio-tools/certcentral/mockserver/internal/domain"
)

// The members of the only container (D-65).
const (
	containerName     = "Main"
	containerPublicID = "mock-container-4"
	containerTemplate = 1
)

// ListContainers returns the containers of the account.
func (a *API) ListContainers(ctx context.Context, _ server.ListContainersRequestObject) (server.ListContainersResponseObject, error) {
	var out api.ContainerList
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		for _, container := range domain.Containers(r) {
			out.Containers = append(out.Containers, containerOut(container))
		}
		return nil
	})
	return server.ListContainers200JSONResponse(out), err
}

// GetContainer returns a container.
func (a *API) GetContainer(ctx context.Context, request server.GetContainerRequestObject) (server.GetContainerResponseObject, error) {
	var out api.ContainerInfo
	err := a.view(ctx, func(r domain.Reader, _ domain.Actor) error {
		container, err := domain.FindContainer(r, request.ContainerID)
		out = containerOut(container)
		return err
	})
	return server.GetContainer200JSONResponse(out), err
}

func containerOut(container domain.Container) api.ContainerInfo {
	out := api.ContainerInfo{
		ID: container.ID, PublicID: containerPublicID, Name: containerName, TemplateID: containerTemplate,
		Ekey: containerPublicID, IsActive: true, AllowedDomainNames: []string{},
	}
	for _, id := range container.Users {
		out.UserIDAssignments = append(out.UserIDAssignments, strconv.FormatInt(id, 10))
	}
	return out
}

// container returns the container in the form of orders, requests and changes of the balance.
func container() api.Container {
	return api.Container{ID: domain.ContainerID, Name: containerName, IsActive: true}
}

// userContainer returns the container in the form of users.
func userContainer() api.UserContainer {
	return api.UserContainer{
		ID: domain.ContainerID, PublicID: containerPublicID, Name: containerName, TemplateID: containerTemplate,
		Ekey: containerPublicID, IsActive: true,
	}
}
