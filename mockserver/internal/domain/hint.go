package domain

// A Hint names what a client can do about a refusal. The domain knows no routes: the API that
// answers the request puts the hint in words, and adds them to the message.
type Hint string

// The hints.
const (
	HintListAccounts         Hint = "list accounts"
	HintListCAs              Hint = "list CAs"
	HintListContainers       Hint = "list containers"
	HintListOrders           Hint = "list orders"
	HintListOrganizations    Hint = "list organizations"
	HintListApprovers        Hint = "list potential approvers"
	HintListProducts         Hint = "list products"
	HintListRequests         Hint = "list requests"
	HintListUsers            Hint = "list users"
	HintActivateOrganization Hint = "activate the organization"
	HintDecideRequest        Hint = "decide the request"
	HintEndReissue           Hint = "decide the request, or cancel the reissue"
	HintShowToken            Hint = "show token"
	HintPersonalizeToken     Hint = "personalize token"
	HintSubmitOrganization   Hint = "submit organization"
)

// Hints returns all hints.
func Hints() []Hint {
	return []Hint{
		HintListAccounts, HintListCAs, HintListContainers, HintListOrders, HintListOrganizations, HintListApprovers, HintListProducts,
		HintListRequests, HintListUsers, HintActivateOrganization, HintDecideRequest, HintEndReissue,
		HintShowToken, HintPersonalizeToken, HintSubmitOrganization,
	}
}
