package client_test

import (
	"context"
	"errors"
	"fmt"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// A search by name, which returns one page of a list.
func ExampleUserService_List() {
	cc, stop := startMock()
	defer stop()

	page, err := cc.Users.List(context.Background(), certcentral.UserListOptions{
		Role: certcentral.RoleStandardUser, Search: certcentral.Contains("smith"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, user := range page.Items {
		fmt.Println(user.ID, user.Username, user.AccessRoles[0].Name)
	}
	// Output: 4313912 john.smith@example.com Standard User
}

// The service removes a job title and a telephone number that are not sent, so the program reads
// the user first.
func ExampleUserService_Update() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()

	user, err := cc.Users.Get(ctx, 4313912)
	if err != nil {
		fmt.Println(err)
		return
	}
	err = cc.Users.Update(ctx, user.ID, certcentral.UserUpdateRequest{
		Email: "smith@example.org", JobTitle: user.JobTitle, Telephone: user.Telephone,
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	if user, err = cc.Users.Get(ctx, user.ID); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(user.FirstName, user.LastName, user.Email, "-", user.JobTitle)
	// Output: John Smith smith@example.org - Authentication Analyst
}

// Deleting a service user also makes its API key invalid.
func ExampleUserService_Delete() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	created, err := cc.Users.CreateServiceUser(ctx, certcentral.ServiceUserCreateRequest{
		Name: "Former robot", Email: "ada@example.org", Limit: certcentral.Unlimited(),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	robot, err := certcentral.New(certcentral.WithBaseURL(cc.BaseURL()), certcentral.WithAPIKey(created.APIKey.Reveal()))
	if err != nil {
		fmt.Println(err)
		return
	}

	if err := cc.Users.Delete(ctx, created.ID); err != nil {
		fmt.Println(err)
		return
	}
	_, err = robot.Users.GetCurrent(ctx)
	fmt.Println("its key is refused:", errors.Is(err, certcentral.ErrUnauthorized))
	// Output: its key is refused: true
}

// The roles that can limit an API key, and the service users.
func ExampleUserService_ListServiceUsers() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	roles, err := cc.Users.APIKeyRoles(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, role := range roles {
		fmt.Println(role.ID, role.Name)
	}
	_, err = cc.Users.CreateServiceUser(ctx, certcentral.ServiceUserCreateRequest{
		Name: "Ordering robot", Email: "ada@example.org", Limit: certcentral.LimitedTo(roles[0].ID),
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	page, err := cc.Users.ListServiceUsers(ctx, certcentral.ServiceUserListOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, user := range page.Items {
		fmt.Println(user.ID, user.FirstName)
	}
	// Output:
	// 100 Orders
	// 101 Orders, Domains, Organizations
	// 102 View Only
	// 103 User Management
	// 4313914 Ordering robot
}

// A container shows the users that are limited to it.
func ExampleContainerService_Get() {
	cc, stop := startMock()
	defer stop()
	ctx := context.Background()
	containers, err := cc.Containers.List(ctx)
	if err != nil {
		fmt.Println(err)
		return
	}
	main := containers[0].ID
	_, err = cc.Users.Create(ctx, certcentral.UserCreateRequest{
		Username: "ada@example.org", FirstName: "Ada", LastName: "Voorbeeld", Email: "ada@example.org",
		Roles:       []certcentral.AccessRoleID{certcentral.RoleStandardUser},
		ContainerID: main, LimitedToContainers: []int64{main},
	})
	if err != nil {
		fmt.Println(err)
		return
	}

	container, err := cc.Containers.Get(ctx, main)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(container.ID, container.Name, container.UserIDs)
	// Output: 4 Main [4313914]
}
