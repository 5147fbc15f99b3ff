package domain

// ContainerID is the one container of an account (D-65).
const ContainerID = 4

// A Container is a division of an account.
type Container struct {
	ID    int64
	Users []int64 // ids of the users that are limited to the container, in ascending order
}

// Containers returns the containers of the account (D-65).
func Containers(r Reader) []Container {
	container := Container{ID: ContainerID}
	for _, person := range r.People() {
		if person.User != nil && person.User.Limited {
			container.Users = append(container.Users, person.ID)
		}
	}
	return []Container{container}
}

// FindContainer returns a container of the account, or not_found|container.
func FindContainer(r Reader, id int64) (Container, error) {
	for _, container := range Containers(r) {
		if container.ID == id {
			return container, nil
		}
	}
	return Container{}, notFound(CodeContainerNotFound,
		"container not found: no container of this account has this id", HintListContainers)
}
