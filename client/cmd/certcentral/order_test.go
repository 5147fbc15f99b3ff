package main

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestReadOrder: what a file says in different ways of YAML and JSON is the same order.
func TestReadOrder(t *testing.T) {
	t.Parallel()
	const plain = `
certificate: {profile_option: authentication, individual: {first_name: Ada, last_name: Voorbeeld, zip: "0100", telephone: "+31"}}
csa_agreed_to: true
organization: {id: 7, contacts: [{contact_type: technical_contact, user_id: 8}]}
payment_method: balance
ship_info: {name: Ada Voorbeeld, zip: "0100", country: "no"}
order_validity: {custom_expiration_date: 09 JUN 2027}
`
	read := func(text string) *orderFile {
		t.Helper()
		f, err := readOrder("-", strings.NewReader(text))
		if err != nil {
			t.Fatalf("%v in:\n%s", err, text)
		}
		return f
	}
	want := read(plain)
	for name, text := range map[string]string{
		"texts without quotation marks": strings.NewReplacer(`"0100"`, "0100", `"+31"`, "+31", `"no"`, "no", "id: 7", `id: "7"`).Replace(plain),
		"a byte order mark":             "\ufeff" + plain,
		"line ends of Windows":          strings.ReplaceAll(plain, "\n", "\r\n"),
		"an anchor":                     strings.Replace(strings.Replace(plain, `"0100"`, `&zip "0100"`, 1), `zip: "0100", country`, `zip: *zip, country`, 1),
		"JSON with tabs and escapes": "{\n\t\"certificate\": {\n\t\t\"profile_option\": \"authentication\",\n\t\t\"individual\": {\"first_name\": \"\\u0041da\", \"last_name\": \"Voorbeeld\"," +
			"\"zip\": \"0100\", \"telephone\": \"+31\"}\n\t},\n\t\"csa_agreed_to\": true, \"organization\": {\"id\": \"7\",\n\t\"contacts\": [{\"contact_type\": \"technical_contact\", \"user_id\": 8}]}," +
			"\n\t\"payment_method\": \"balance\",\n\t\"ship_info\": {\"name\": \"Ada Voorbeeld\", \"zip\": \"0100\", \"country\": \"no\"}, \"order_validity\": {\"custom_expiration_date\": \"09 Jun 2027\"}}\n",
	} {
		if diff := cmp.Diff(want, read(text), cmp.Exporter(func(reflect.Type) bool { return true })); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// JSON has escapes that YAML does not have.
func TestJSONEscapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`"a\/b"`: "a/b", `"\ud83d\ude00"`: "\U0001F600", `"\\/\\ud83d"`: `\/\ud83d`, `"\ud83d!"`: "\uFFFD!", `"\u0041\n\""`: "A\n\"",
	} {
		d := &document{file: "order.json"}
		top, err := d.parse(strings.NewReader(`{"comments": ` + text + `}`))
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if got := d.object("", top).text("comments"); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
	if _, err := readOrder("-", strings.NewReader("comments: "+strings.Repeat("x", maxDocument))); err == nil || !strings.Contains(err.Error(), "has more than 1 MiB") {
		t.Errorf("a file that is too long: %v", err)
	}
}

// No error of an order file repeats a value of it.
func TestOrderErrorsHoldNoValue(t *testing.T) {
	t.Parallel()
	const secret = "4111111111111111"
	for _, text := range []string{
		secret, "- " + secret, "payment_method: " + secret, "credit_card: {number: " + secret + "}", "organization: {id: x" + secret + "}",
		"csa_agreed_to: " + secret, "ship_info: " + secret, "order_validity: {custom_expiration_date: " + secret + "}",
		"certificate: {signature_hash: " + secret + "}", "container: {id: [" + secret + "]}", "additional_emails: " + secret, "a: !!binary " + secret,
		"comments: \"" + secret + "\\q\"", "custom_fields: [" + secret + "]", "a: &x {b: " + secret + "}\nc: [", "!!int " + secret + "x",
	} {
		_, err := readOrder("-", strings.NewReader(text))
		if err == nil || strings.Contains(err.Error(), secret) || exitCode(err) != exitUsage {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Hostile files end with an error: deep nesting, aliases of aliases, an alias of the whole.
func FuzzReadOrder(f *testing.F) {
	files, err := filepath.Glob(filepath.FromSlash("../../../openapi/examples/orderPkioOrganisationPerson.*.request.json"))
	if err != nil || len(files) == 0 {
		f.Fatalf("no examples: %v", err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{
		"&a {certificate: *a}", "&a [*a]", "{a: &a [1], b: &b [*a, *a], certificate: *b}", "<<: {csa_agreed_to: true}", "? {a: b}\n: c", "!!null", "--- ~",
		"certificate: &a {individual: *a}", strings.Repeat("[", 2000), "# nothing",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		order, err := readOrder("-", strings.NewReader(text))
		if _, isUsage := errors.AsType[usageError](err); err != nil && !isUsage {
			t.Errorf("%v is no usage error", err)
		}
		if err == nil && !order.request.AgreedToCSA {
			t.Errorf("an order without the agreement: %q", text)
		}
	})
}

func TestQuote(t *testing.T) {
	t.Parallel()
	for argument, want := range map[string]string{
		"order.yaml": "order.yaml", "": "''", "my order.yaml": "'my order.yaml'", "it's": `'it'\''s'`, "$(rm)": "'$(rm)'", "a\x1b[0m": "'a\uFFFD[0m'",
	} {
		if got := quote(argument); got != want {
			t.Errorf("quote(%q) = %s, want %s", argument, got, want)
		}
	}
}

// TestFirstRecords: a limit counts records, not lines, whatever the pieces are that arrive.
func TestFirstRecords(t *testing.T) {
	t.Parallel()
	const names, first, second, third = "id,name\r\n", "1,\"a\nb \"\"c\"\"\n\"\r\n", "2,\r\n", "3,x\r\n"
	for limit, want := range map[int]string{
		0: names + first + second + third, 1: names + first, 2: names + first + second, 3: names + first + second + third,
	} {
		for _, size := range []int{1, 3, 1000} {
			var out strings.Builder
			w := &firstRecords{w: &out, left: limit + 1, all: limit == 0}
			var err error
			for rest := names + first + second + third; rest != "" && err == nil; {
				n := min(size, len(rest))
				_, err = w.Write([]byte(rest[:n]))
				rest = rest[n:]
			}
			if out.String() != want || (limit == 0) != (err == nil) || err != nil && !errors.Is(err, errEnough) {
				t.Errorf("limit %d in pieces of %d: %q, %v", limit, size, out.String(), err)
			}
		}
	}
}
