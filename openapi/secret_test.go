package openapi_test

import (
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestSecrets checks that each member that holds a secret by its name has x-secret, and each member
// with x-secret such a name, so that a new one is noticed here.
func TestSecrets(t *testing.T) {
	t.Parallel()
	secret := regexp.MustCompile(`(?i)^(.*(api_?key|cvv|cvc|password|passwd|passphrase|private_key|init_code|secret)|(.+_)?pin|devkey)$`)
	// Members with such a name that hold none, and members of cards, whose names say little.
	harmless := []string{"schemas/OrderInfo/properties/api_key"} // the name of the user and the kind of the key
	card := []string{"number"}
	onContracts(t, func(t *testing.T, c contract) {
		found := 0
		for pointer, schema := range c.schemas() {
			holder, name := path.Dir(path.Dir(pointer)), path.Base(pointer)
			if path.Base(path.Dir(pointer)) != "properties" || slices.Contains(harmless, pointer) {
				continue
			}
			inCard := strings.HasSuffix(holder, "CreditCard") && slices.Contains(card, name)
			marked := schema["x-secret"] == true
			switch named := secret.MatchString(name) || inCard; {
			case named && !marked:
				t.Errorf("%s: add x-secret: true, or name it here as harmless", pointer)
			case marked && !named:
				t.Errorf("%s: has x-secret, and nothing in its name says so; add its name here", pointer)
			}
			if marked {
				found++
			}
		}
		if found < 3 {
			t.Errorf("only %d secrets", found)
		}
	})
}
