package ca

import (
	"crypto"
	"crypto/x509"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"

	"github.com/pkio-tools/certcentral/mockserver/internal/bundle"
)

// A directory keeps a hierarchy in one file, so that it is there as a whole or not at all. The directory itself may be
// reached through a symbolic link. The file may not be one, since it is replaced as a whole, and nothing is replaced but
// a hierarchy with the same keys. Nothing else in the directory is touched.
type directory string

const directoryFile = "hierarchy.json"

// kept is what the file holds.
type kept struct {
	Version int      `json:"version"`
	Preset  Preset   `json:"preset"`
	CAKey   KeyKind  `json:"ca_key"`
	Base    string   `json:"base,omitempty"`
	CAs     []keptCA `json:"cas"`
}

type keptCA struct {
	Name        string `json:"name"`
	Certificate string `json:"certificate,omitempty"` // PEM; intermediates have one once there is a base
	Key         string `json:"key"`                   // PKCS#8 in PEM
}

const keptVersion = 1

func (d directory) file() string { return filepath.Join(string(d), directoryFile) }

// open makes sure that the directory can be used, and reads what is there; nil when nothing is.
func (d directory) open() (*kept, error) {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return nil, err
	}
	info, err := os.Stat(string(d))
	if err != nil {
		return nil, err
	}
	if err := private(string(d), info); err != nil {
		return nil, err
	}
	found, err := d.read()
	if found != nil || err != nil {
		return found, err
	}
	// Now is the time to say that the directory can't be written to, not when the keys have been made.
	probe, err := d.temporary(nil)
	if err != nil {
		return nil, err
	}
	return nil, os.Remove(probe)
}

// private refuses what others than the owner can read. Windows has no such bits.
func private(name string, info fs.FileInfo) error {
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return fmt.Errorf("%s has mode %04o: it holds keys, and others can read it; take that away from them with chmod go-rwx", name, mode)
	}
	return nil
}

// maxDirectoryFile is far more than a hierarchy takes.
const maxDirectoryFile = 1 << 20

func (d directory) read() (*kept, error) {
	info, err := os.Lstat(d.file())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil //nolint:nilnil // Nothing there is not an error here.
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // reading from a pipe or a device might never end
		return nil, fmt.Errorf("%s: must be a regular file, and neither a link nor anything else", d.file())
	case info.Size() > maxDirectoryFile:
		return nil, fmt.Errorf("%s: not a hierarchy that this program has written", d.file())
	}
	if err := private(d.file(), info); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(d.file())
	if err != nil {
		return nil, err
	}
	var found kept
	// What is wrong with the JSON is not repeated: the error could hold a part of a key.
	if json.Unmarshal(text, &found) != nil {
		return nil, fmt.Errorf("%s: not a hierarchy that this program has written", d.file())
	}
	if found.Version != keptVersion {
		return nil, fmt.Errorf("%s: version %d of the format; this program reads version %d", d.file(), found.Version, keptVersion)
	}
	return &found, nil
}

// create writes the file unless there is one. Where another process has been faster, it returns what that one wrote.
func (d directory) create(k *kept) (*kept, error) {
	temporary, err := d.temporary(k)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(temporary) }()
	err = os.Link(temporary, d.file()) // which fails where there is a file, while renaming would replace it
	if err == nil {
		return nil, nil //nolint:nilnil // Nothing else to use.
	}
	found, failed := d.read()
	switch {
	case found != nil || failed != nil:
		return found, failed
	case errors.Is(err, fs.ErrExist): // It has gone since.
		return nil, err
	default: // A file system without hard links.
		return nil, os.Rename(temporary, d.file())
	}
}

// replace writes the file again. What is there must be a hierarchy with the same keys; another one that has been put there
// since the file was read stays.
func (d directory) replace(k *kept) error {
	now, err := d.read()
	if err != nil {
		return err
	}
	if now == nil || !slices.EqualFunc(now.CAs, k.CAs, func(a, b keptCA) bool { return a.Name == b.Name && a.Key == b.Key }) {
		return fmt.Errorf("%s: has been changed or removed since it was read, and is left alone", d.file())
	}
	temporary, err := d.temporary(k)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, d.file()); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return nil
}

// temporary writes a file beside the real one, which nobody but the owner can read, and sees to it that it is on disk.
func (d directory) temporary(k *kept) (name string, err error) {
	var text []byte
	if k != nil {
		if text, err = json.MarshalIndent(k, "", "  "); err != nil {
			return "", err
		}
	}
	file, err := os.CreateTemp(string(d), ".hierarchy-*")
	if err != nil {
		return "", err
	}
	_, err = file.Write(append(text, '\n'))
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		_ = os.Remove(file.Name())
		return "", err
	}
	return file.Name(), nil
}

// store turns material into what is kept of it.
func (h *Hierarchy) store(m *material) *kept {
	k := &kept{Version: keptVersion, Preset: h.preset, CAKey: h.caKey, Base: m.base}
	for _, spec := range h.layout.cas {
		// Keys that GenerateKey made can always be marshaled.
		key, _ := x509.MarshalPKCS8PrivateKey(m.keys[spec.name])
		entry := keptCA{Name: spec.name, Key: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))}
		certificate := m.roots[spec.name]
		if certificate == nil {
			certificate = m.intermediates[spec.name]
		}
		if certificate != nil {
			entry.Certificate = string(bundle.PEM(certificate.Raw))
		}
		k.CAs = append(k.CAs, entry)
	}
	return k
}

// adopt turns what was kept into material, and checks that it fits together and is what was asked for.
func (h *Hierarchy) adopt(k *kept) (*material, error) {
	if _, err := ParsePreset(string(k.Preset)); err != nil {
		return nil, err
	}
	if h.preset != "" && h.preset != k.Preset {
		return nil, fmt.Errorf("holds a hierarchy of preset %s, and %s was asked for", k.Preset, h.preset)
	}
	if h.caKey != "" && h.caKey != k.CAKey {
		return nil, fmt.Errorf("holds a hierarchy with %s keys, and %s was asked for", k.CAKey, h.caKey)
	}
	if h.preset == "" {
		h.preset = k.Preset
	}
	if h.caKey == "" {
		h.caKey = k.CAKey
	}
	m := &material{
		base: k.Base, keys: map[string]crypto.Signer{},
		roots: map[string]*x509.Certificate{}, intermediates: map[string]*x509.Certificate{},
	}
	entries := map[string]keptCA{}
	for _, entry := range k.CAs {
		entries[entry.Name] = entry
	}
	for _, spec := range k.Preset.layout().cas {
		entry, found := entries[spec.name]
		if !found {
			return nil, fmt.Errorf("%s is missing", spec.name)
		}
		if err := m.add(spec, entry); err != nil {
			return nil, fmt.Errorf("%s: %w", spec.name, err)
		}
	}
	return m, nil
}

func (m *material) add(spec caSpec, entry keptCA) error {
	key, err := parseKey(entry.Key)
	if err != nil {
		return err
	}
	m.keys[spec.name] = key
	if spec.issuer != "" && m.base == "" {
		return nil
	}
	certificate, err := parseCertificate(entry.Certificate)
	if err != nil {
		return err
	}
	if public, ok := key.Public().(interface{ Equal(crypto.PublicKey) bool }); !ok || !public.Equal(certificate.PublicKey) {
		return errors.New("the key doesn't belong to the certificate")
	}
	issuer := certificate
	if spec.issuer == "" {
		m.roots[spec.name] = certificate
	} else {
		m.intermediates[spec.name] = certificate
		if issuer = m.roots[spec.issuer]; issuer == nil {
			issuer = m.intermediates[spec.issuer]
		}
	}
	if err := certificate.CheckSignatureFrom(issuer); err != nil {
		return fmt.Errorf("the certificate wasn't issued by the CA above it: %w", err)
	}
	return nil
}

func parseKey(text string) (crypto.Signer, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the key is not PEM")
	}
	key, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	signer, ok := key.(crypto.Signer)
	if err != nil || !ok { // What the parser says could hold a part of the key.
		return nil, errors.New("the key is not a private key in PKCS#8")
	}
	return signer, nil
}

func parseCertificate(text string) (*x509.Certificate, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, errors.New("the certificate is not PEM")
	}
	return x509.ParseCertificate(block.Bytes)
}
