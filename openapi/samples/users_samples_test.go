package samples_test

import (
	"context"
	"fmt"

	certcentral "github.com/pkio-tools/certcentral/client"
)

func ListUsers(ctx context.Context, cc *certcentral.Client) error {
	for user, err := range cc.Users.All(ctx, certcentral.UserListOptions{}) {
		if err != nil {
			return err
		}
		fmt.Println(user.ID, user.Username)
	}
	return nil
}

func GetUser(ctx context.Context, cc *certcentral.Client) error {
	user, err := cc.Users.Get(ctx, 4313813)
	if err != nil {
		return err
	}
	fmt.Println(user.Username, user.Status)
	return nil
}

func GetCurrentUser(ctx context.Context, cc *certcentral.Client) error {
	user, err := cc.Users.GetCurrent(ctx)
	if err != nil {
		return err
	}
	fmt.Println(user.Username, user.AccessRoles)
	return nil
}

func CreateUser(ctx context.Context, cc *certcentral.Client) error {
	created, err := cc.Users.Create(ctx, certcentral.UserCreateRequest{
		Username: "ada@example.org", FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org",
		Roles: []certcentral.AccessRoleID{certcentral.RoleStandardUser}, ContainerID: 4,
	})
	if err != nil {
		return err
	}
	fmt.Println("user", created.ID)
	return nil
}

func UpdateUser(ctx context.Context, cc *certcentral.Client) error {
	return cc.Users.Update(ctx, 4313813, certcentral.UserUpdateRequest{
		Username: "ada.voorbeeld@example.org", FirstName: "Ada", LastName: "Voorbeeld",
		Email: "ada.voorbeeld@example.org", JobTitle: "Engineer",
	})
}

func DeleteUser(ctx context.Context, cc *certcentral.Client) error {
	return cc.Users.Delete(ctx, 4313914)
}

func ListServiceUsers(ctx context.Context, cc *certcentral.Client) error {
	users := cc.Users.AllServiceUsers(ctx, certcentral.ServiceUserListOptions{
		Status: certcentral.AnyOf(certcentral.UserActive),
	})
	for user, err := range users {
		if err != nil {
			return err
		}
		fmt.Println(user.ID, user.FirstName, user.LastName)
	}
	return nil
}

func ListAPIRoles(ctx context.Context, cc *certcentral.Client) error {
	roles, err := cc.Users.APIKeyRoles(ctx)
	if err != nil {
		return err
	}
	for _, role := range roles {
		fmt.Println(role.ID, role.Name)
	}
	return nil
}
