package domain

// The fields that lists are filtered and sorted by, with their names in the contract: between the
// brackets of a filter, as a plain parameter, or as a key of sort (D-39). A store refuses a name that
// the list does not have.
const (
	FieldID = "id"

	FieldAccessRoleID     = "access_role_id"
	FieldCertificateID    = "certificate_id"
	FieldCommonName       = "common_name"
	FieldContainerID      = "container_id"
	FieldContainerOf      = "container_id_for_organization"
	FieldDate             = "date"
	FieldDateCreated      = "date_created"
	FieldDomainName       = "domain_name"
	FieldEmail            = "email"
	FieldFirstName        = "first_name"
	FieldIsRenewed        = "is_renewed"
	FieldLastName         = "last_name"
	FieldMetadataID       = "metadata_id"
	FieldName             = "name"
	FieldNoRenewalNotices = "disable_renewal_notifications"
	FieldOrderID          = "order_id"
	FieldOrganizationID   = "organization_id"
	FieldOrigin           = "origin"
	FieldProductName      = "product_name"
	FieldProductNameID    = "product_name_id"
	FieldSearch           = "search"
	FieldSerialNumber     = "serial_number"
	FieldStatus           = "status"
	FieldStatusChanged    = "status_last_updated"
	FieldType             = "type"
	FieldUserID           = "user_id"
	FieldUsername         = "username"
	FieldValidTill        = "valid_till"
	FieldValidation       = "validation"
	FieldValidityYears    = "validity_years"
)
