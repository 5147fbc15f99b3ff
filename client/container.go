package client

import "github.com/pkio-tools/certcentral/gen/api"

// A Container is a division of the account. Each answer tells as much of it as it cares to.
type Container struct {
	// ID is the id of the container.
	ID int64
	// Name is the name of the container.
	Name string
	// IsActive is whether the container is in use.
	IsActive bool

	// ParentID is the id of the container above it, 0 at the top. Orders do not tell it.
	ParentID int64

	// PublicID is an opaque identifier. Only users tell it, like what follows.
	PublicID string
	// EKey is another opaque identifier.
	EKey string
	// TemplateID is the id of the template that the container was made from.
	TemplateID int64
	// HasLogo is whether the container has a logo.
	HasLogo bool
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
