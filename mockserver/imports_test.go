package mockserver_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/pkio-tools/certcentral"

// law is what a package may import apart from the standard library. Names without a dot in their
// first element are packages of this module; the others are modules, all of whose packages are
// allowed.
type law struct {
	may []string
	// never lists what must not be reached at all, directly or through others, because importers
	// would compile it.
	never []string
}

// laws has an entry for every package of the module: a new room needs one, and CONTRIBUTING.md and
// .golangci.yaml say the same in their own form.
func laws() map[string]law {
	const (
		kin     = "github.com/getkin/kin-openapi"
		runtime = "github.com/oapi-codegen/runtime"
		cmd     = "mockserver/cmd/certcentral-mock"
		rooms   = "mockserver/internal/"
	)
	consumer := []string{kin, "mockserver", "gen/server", "gen/served", "gen/spec", "gen/control", "gen"}
	return map[string]law{
		"gen":         {},
		"gen/api":     {may: []string{runtime}, never: consumer},
		"gen/control": {may: []string{runtime}, never: []string{kin}},
		"gen/server":  {may: []string{runtime, "gen/api"}, never: []string{kin}},
		"gen/served":  {},
		"gen/spec":    {may: []string{kin}},

		"internal/redact": {never: []string{"net/http"}},

		"client": {may: []string{"gen/api", "internal/redact"}, never: consumer},
		"client/cmd/certcentral": {
			may: []string{"client", "github.com/alecthomas/kong", "go.yaml.in/yaml/v3", "golang.org/x/term"}, never: consumer,
		},
		"client/limit": {never: append([]string{"client", runtime, "golang.org/x/time"}, consumer...)},

		rooms + "domain":          {never: []string{"net/http"}},
		rooms + "store":           {may: []string{rooms + "domain"}, never: []string{"net/http"}},
		rooms + "store/storetest": {may: []string{rooms + "domain", rooms + "store", "pgregory.net/rapid"}},

		rooms + "clock":     {may: []string{rooms + "domain"}, never: []string{"net/http"}},
		rooms + "limit":     {may: []string{rooms + "domain"}, never: []string{"net/http"}},
		rooms + "journal":   {may: []string{rooms + "domain"}, never: []string{"net/http"}},
		rooms + "memory":    {may: []string{"github.com/KimMachineGun/automemlimit"}, never: []string{"net/http"}},
		rooms + "bundle":    {may: []string{"golang.org/x/crypto", "software.sslmate.com/src/go-pkcs12"}, never: []string{"net/http"}},
		rooms + "ca":        {may: []string{"golang.org/x/crypto", "golang.org/x/sync/semaphore", rooms + "bundle"}, never: []string{"net/http", rooms + "domain"}},
		rooms + "ca/check":  {may: []string{"golang.org/x/crypto"}, never: []string{"net/http", rooms + "ca"}},
		rooms + "ca/mutant": {may: []string{"golang.org/x/crypto"}, never: []string{"net/http", rooms + "ca"}},

		rooms + "contract":  {may: []string{"gen/spec", "internal/redact", kin, "github.com/go-json-experiment/json"}},
		rooms + "fault":     {may: []string{rooms + "clock", rooms + "domain", "github.com/go-json-experiment/json"}, never: []string{kin}},
		rooms + "envelope":  {may: []string{"gen/api", rooms + "domain"}, never: []string{kin}},
		rooms + "transport": {may: []string{"gen/api", "gen/server", rooms + "bundle", rooms + "clock", rooms + "domain"}, never: []string{kin}},
		rooms + "control":   {may: []string{"gen/control", rooms + "bundle", rooms + "clock", rooms + "domain", rooms + "fault", rooms + "journal", rooms + "store"}, never: []string{kin}},
		rooms + "docs":      {may: []string{"gen/served", "github.com/swaggest/swgui", "github.com/vearutop/statigz"}, never: []string{kin}},

		// What a server is made of. No room knows the server, nor the rooms of the layer above it.
		rooms + "pki": {may: []string{rooms + "ca", rooms + "clock", rooms + "domain"}, never: []string{kin, rooms + "store"}},
		rooms + "issuance": {
			may:   []string{rooms + "ca", rooms + "clock", rooms + "domain", rooms + "pki", rooms + "store"},
			never: []string{kin, rooms + "front"},
		},
		rooms + "front": {
			may: []string{
				"gen/api", rooms + "clock", rooms + "contract", rooms + "domain", rooms + "envelope", rooms + "fault", rooms + "journal", rooms + "limit", rooms + "store",
				"golang.org/x/sync/semaphore",
			},
			never: []string{rooms + "transport", rooms + "control", rooms + "issuance", rooms + "pki", rooms + "ca"},
		},

		"mockserver":          {may: []string{"gen/server", "gen/control", rooms + "*"}},
		"mockserver/mocktest": {may: []string{"client", "mockserver", "mockserver/control"}},
		"mockserver/control":  {may: []string{runtime}, never: consumer},
		cmd:                   {may: []string{"gen", "mockserver", "github.com/alecthomas/kong"}},

		// Packages of tests, which read the files of the contract.
		"openapi":         {},
		"openapi/samples": {},
	}
}

// TestImportLaw checks that packages depend on each other one way only. Imports of tests are free.
func TestImportLaw(t *testing.T) {
	t.Parallel()
	all := laws()
	for _, pkg := range listPackages(t) {
		name := strings.TrimPrefix(pkg.ImportPath, module+"/")
		law, known := all[name]
		if !known {
			t.Errorf("%s: a package without a law; give it one in this test", name)
			continue
		}
		for _, imported := range pkg.Imports {
			if !standard(imported) && !slices.ContainsFunc(law.may, func(rule string) bool { return covers(rule, imported) }) {
				t.Errorf("%s imports %s, which its law does not allow", name, strings.TrimPrefix(imported, module+"/"))
			}
		}
		for _, reached := range pkg.Deps {
			if slices.ContainsFunc(law.never, func(rule string) bool { return reached == rule || covers(rule, reached) }) {
				t.Errorf("%s reaches %s, which must stay out of its importers' builds", name, strings.TrimPrefix(reached, module+"/"))
			}
		}
	}
}

type listed struct {
	ImportPath string   `json:"ImportPath"`
	Imports    []string `json:"Imports"`
	Deps       []string `json:"Deps"`
}

func listPackages(t *testing.T) []listed {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", "list", "-json=ImportPath,Imports,Deps", module+"/...")
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	output, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, &stderr)
	}
	var packages []listed
	for decoder := json.NewDecoder(bytes.NewReader(output)); ; {
		var pkg listed
		if err := decoder.Decode(&pkg); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, pkg)
	}
}

// standard tells whether a package is part of the standard library: its first element has no dot.
func standard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// covers tells whether a rule means a package.
func covers(rule, path string) bool {
	if first, _, _ := strings.Cut(rule, "/"); strings.Contains(first, ".") { // A module with all its packages.
		return path == rule || strings.HasPrefix(path, rule+"/")
	}
	if prefix, ok := strings.CutSuffix(rule, "*"); ok {
		return strings.HasPrefix(path, module+"/"+prefix)
	}
	return path == module+"/"+rule
}
