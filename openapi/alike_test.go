package openapi_test

import (
	"maps"
	"reflect"
	"slices"
	"testing"
)

// TestAlike holds that members which mean the same in several schemas are the same: a contact and
// an organization are written by the same rules wherever they are sent.
func TestAlike(t *testing.T) {
	t.Parallel()
	schemas := child(child(contracts(t)[0].raw, "components"), "schemas")
	for _, pair := range []struct {
		one, other string
		apart      []string // members that only one of them has, or that are another thing in each
	}{
		{"ContactInput", "OrderContactInput", []string{"contact_type", "id", "type"}},
		{"OrganizationContactInput", "OrderContactInput", nil},
		{"ContactInput", "VerifiedUserInput", []string{"contact_type", "id", "type", "user_id"}},
		{"OrderOrganizationInput", "OrganizationInput", []string{"id", "organization_contact", "validations"}},
		{"Organization", "OrganizationInfo", []string{"organization_contact", "technical_contact", "verified_contacts"}},
		{"Contact", "VerifiedContact", []string{"user_id"}},
	} {
		t.Run(pair.one+" and "+pair.other, func(t *testing.T) {
			t.Parallel()
			one, other := members(child(schemas, pair.one), "properties"), members(child(schemas, pair.other), "properties")
			for name := range maps.Keys(merged(one, other)) {
				_, inOne := one[name]
				_, inOther := other[name]
				switch {
				case slices.Contains(pair.apart, name):
				case !inOne || !inOther:
					t.Errorf("only one of them has %s; add it to the other, or to this test", name)
				case !reflect.DeepEqual(rules(one[name]), rules(other[name])):
					t.Errorf("%s is %v in the one and %v in the other; make them alike", name, rules(one[name]), rules(other[name]))
				}
			}
		})
	}
}

// rules are what a schema demands, without what is told about it.
func rules(schema object) object {
	copied := maps.Clone(schema)
	for _, told := range []string{"description", "example", "x-decision"} {
		delete(copied, told)
	}
	return copied
}

func merged(one, other map[string]object) map[string]object {
	all := maps.Clone(one)
	maps.Copy(all, other)
	return all
}
