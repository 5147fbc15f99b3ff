// Command notices writes THIRD_PARTY_NOTICES: the licenses of all dependencies of the commands and
// of the client. The go command lists the dependencies, and the texts are those in their
// modules.
//
//	go -C tools run ./notices >THIRD_PARTY_NOTICES
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// root is the folder of the main module, relative to this module.
const root = ".."

const own = "github.com/pkio-tools/certcentral"

// A product is a command or package that is published.
type product struct{ name, pkg string }

func products() []product {
	return []product{{"certcentral-mock", "./mockserver/cmd/certcentral-mock"}, {"certcentral", "./client/cmd/certcentral"}, {"client", "./client"}}
}

// platforms are the values of GOOS for which dependencies are listed, since some packages are
// compiled on one platform only.
func platforms() []string { return []string{"linux", "darwin", "windows"} }

// A module is a dependency with its folder in the module cache.
type module struct {
	path, version, dir string
	in                 []string // the names of the products that use it
}

func main() {
	if err := run(os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "notices:", err)
		os.Exit(1)
	}
}

func run(w io.Writer) error {
	modules, err := dependencies()
	if err != nil {
		return err
	}
	var out bytes.Buffer
	out.WriteString("Third-party notices\n\nWritten by make notices; not to be edited. What is compiled into the commands certcentral-mock and certcentral, and\nwhat a program that imports the client gets with it, is under the licenses below.\n")
	for _, m := range modules {
		texts, err := licenses(m)
		if err != nil {
			return err
		}
		section(&out, m.path+" "+m.version, m.in, texts)
	}
	library, err := goCommand(nil, "env", "GOROOT")
	if err != nil {
		return err
	}
	text, err := os.ReadFile(filepath.Join(strings.TrimSpace(library), "LICENSE"))
	if err != nil {
		return err
	}
	section(&out, "The Go standard library", []string{"certcentral-mock", "certcentral", "client"}, []string{string(text)})
	texts, err := pages(modules)
	if err != nil {
		return err
	}
	section(&out, "Swagger UI "+pagesVersion+", as part of github.com/swaggest/swgui", []string{"certcentral-mock"}, texts)
	_, err = out.WriteTo(w)
	return err
}

// section writes a heading and the license texts of a dependency.
func section(w io.Writer, name string, in, texts []string) {
	fmt.Fprintf(w, "\n%s\n%s\nin: %s\n", strings.Repeat("=", 80), name, strings.Join(in, ", "))
	for _, text := range texts {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		fmt.Fprintf(w, "%s\n\n%s\n", strings.Repeat("-", 80), strings.Trim(text, "\n"))
	}
}

// dependencies returns the modules of all products on all platforms, sorted by path.
func dependencies() ([]*module, error) {
	var all []*module
	for _, p := range products() {
		for _, platform := range platforms() {
			list, err := goCommand([]string{"GOOS=" + platform, "CGO_ENABLED=0"}, "list", "-deps", "-f",
				"{{with .Module}}{{.Path}}\t{{.Version}}\t{{.Dir}}{{end}}", p.pkg)
			if err != nil {
				return nil, err
			}
			for line := range strings.Lines(list) {
				fields := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
				if len(fields) != 3 || fields[0] == own { // the standard library, or this project
					continue
				}
				at := slices.IndexFunc(all, func(m *module) bool { return m.path == fields[0] })
				if at < 0 {
					all, at = append(all, &module{path: fields[0], version: fields[1], dir: fields[2]}), len(all)
				}
				if !slices.Contains(all[at].in, p.name) {
					all[at].in = append(all[at].in, p.name)
				}
			}
		}
	}
	slices.SortFunc(all, func(a, b *module) int { return strings.Compare(a.path, b.path) })
	return all, nil
}

// licenses returns the license texts in the folder of a module. It is an error if there are none.
func licenses(m *module) ([]string, error) {
	entries, err := os.ReadDir(m.dir)
	if err != nil {
		return nil, err
	}
	name := regexp.MustCompile(`(?i)^(licen[cs]e|copying|notice|patents)([.-].*)?$`)
	var texts []string
	for _, entry := range entries {
		if entry.IsDir() || !name.MatchString(entry.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(m.dir, entry.Name()))
		if err != nil {
			return nil, err
		}
		texts = append(texts, string(text))
	}
	if len(texts) == 0 {
		return nil, fmt.Errorf("%s %s has no text of a license in its folder", m.path, m.version)
	}
	return texts, nil
}

// swgui embeds Swagger UI, whose license texts are not in its module. The texts in the folder
// swagger-ui are from the npm package swagger-ui-dist with the version whose bundle has this
// digest.
const (
	pagesVersion = "5.29.1"
	pagesDigest  = "a600ebf8f885c92373e2210b1fd7422b24a4ff9cad93d3d7d6481f40b7704564"
)

//go:embed swagger-ui
var pagesTexts embed.FS

func pages(modules []*module) ([]string, error) {
	at := slices.IndexFunc(modules, func(m *module) bool { return m.path == "github.com/swaggest/swgui" })
	if at < 0 {
		return nil, errors.New("swgui is no dependency any more: its notices can go")
	}
	packed, err := os.Open(filepath.Join(modules[at].dir, "v5", "static", "swagger-ui-bundle.js.gz"))
	if err != nil {
		return nil, err
	}
	defer packed.Close()
	bundle, err := gzip.NewReader(packed)
	if err != nil {
		return nil, err
	}
	digest := sha256.New()
	if _, err := io.Copy(digest, bundle); err != nil { //nolint:gosec // the module is verified by go.sum
		return nil, err
	}
	if got := hex.EncodeToString(digest.Sum(nil)); got != pagesDigest {
		return nil, fmt.Errorf("swgui embeds another Swagger UI than %s (digest of the bundle: %s): replace the texts in tools/notices/swagger-ui", pagesVersion, got)
	}
	license, err := os.ReadFile(filepath.Join(root, "LICENSE")) // the same text, that of Apache-2.0
	if err != nil {
		return nil, err
	}
	texts := []string{string(license)}
	entries, err := pagesTexts.ReadDir("swagger-ui")
	for _, entry := range entries {
		text, failed := pagesTexts.ReadFile("swagger-ui/" + entry.Name())
		texts, err = append(texts, string(text)), errors.Join(err, failed)
	}
	return texts, err
}

// goCommand runs the go command in the folder of the main module.
func goCommand(environ []string, args ...string) (string, error) {
	command := exec.Command("go", args...) //nolint:gosec,noctx // it ends by itself
	command.Dir, command.Env, command.Stderr = root, append(os.Environ(), environ...), os.Stderr
	out, err := command.Output()
	if err != nil {
		return "", fmt.Errorf("go %s: %w", strings.Join(args, " "), err)
	}
	return string(out), nil
}
