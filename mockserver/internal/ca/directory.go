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

// A directory stores a hierarchy in one file, so that a reader finds either the whole hierarchy or
// none. The directory may be a symbolic link. The file must not be one, because it is replaced as a
// whole. It is only replaced if it holds the same keys. Other files in the directory are not
// touched.
type directory string

const directoryFile = "hierarchy.json"

// A storedHierarchy is the content of the file.
type storedHierarchy struct {
	Version int        `json:"version"`
	Preset  Preset     `json:"preset"`
	CAKey   KeyKind    `json:"ca_key"`
	Base    string     `json:"base,omitempty"`
	CAs     []storedCA `json:"cas"`
}

type storedCA struct {
	Name        string `json:"name"`
	Certificate string `json:"certificate,omitempty"` // PEM; empty for an intermediate until base is known
	Key         string `json:"key"`                   // PEM of PKCS#8
}

const formatVersion = 1

func (d directory) file() string { return filepath.Join(string(d), directoryFile) }

// open checks that the directory can be used and reads the file. The result is nil if there is no
// file.
func (d directory) open() (*storedHierarchy, error) {
	if err := os.MkdirAll(string(d), 0o700); err != nil {
		return nil, err
	}
	info, err := os.Stat(string(d))
	if err != nil {
		return nil, err
	}
	if err := checkPrivate(string(d), info); err != nil {
		return nil, err
	}
	found, err := d.read()
	if found != nil || err != nil {
		return found, err
	}
	// Write a file now: if the directory is read-only, that must be an error before the keys are
	// made.
	probe, err := d.writeTemporary(nil)
	if err != nil {
		return nil, err
	}
	return nil, os.Remove(probe)
}

// checkPrivate returns an error if the mode lets other users than the owner read. Windows has no
// such mode bits.
func checkPrivate(name string, info fs.FileInfo) error {
	if mode := info.Mode().Perm(); mode&0o077 != 0 && runtime.GOOS != "windows" {
		return fmt.Errorf("%s has mode %04o: it holds keys, and others can read it; take that away from them with chmod go-rwx", name, mode)
	}
	return nil
}

// maxDirectoryFile is the largest file that is read. A hierarchy is much smaller.
const maxDirectoryFile = 1 << 20

func (d directory) read() (*storedHierarchy, error) {
	info, err := os.Lstat(d.file())
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil //nolint:nilnil // A missing file is not an error.
	case err != nil:
		return nil, err
	case !info.Mode().IsRegular(): // a read from a pipe or a device can block forever
		return nil, fmt.Errorf("%s: must be a regular file, and neither a link nor anything else", d.file())
	case info.Size() > maxDirectoryFile:
		return nil, fmt.Errorf("%s: not a hierarchy that this program has written", d.file())
	}
	if err := checkPrivate(d.file(), info); err != nil {
		return nil, err
	}
	text, err := os.ReadFile(d.file())
	if err != nil {
		return nil, err
	}
	var found storedHierarchy
	// The error of the JSON decoder is not shown: it can contain a part of a key.
	if json.Unmarshal(text, &found) != nil {
		return nil, fmt.Errorf("%s: not a hierarchy that this program has written", d.file())
	}
	if found.Version != formatVersion {
		return nil, fmt.Errorf("%s: version %d of the format; this program reads version %d", d.file(), found.Version, formatVersion)
	}
	return &found, nil
}

// create writes the file unless it exists. If another process has written it first, create returns
// the hierarchy of that process.
func (d directory) create(k *storedHierarchy) (*storedHierarchy, error) {
	temporary, err := d.writeTemporary(k)
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(temporary) }()
	err = os.Link(temporary, d.file()) // Link fails if the file exists; Rename would replace it.
	if err == nil {
		return nil, nil //nolint:nilnil // The file of this process is in place.
	}
	found, failed := d.read()
	switch {
	case found != nil || failed != nil:
		return found, failed
	case errors.Is(err, fs.ErrExist): // The file was removed after Link had failed.
		return nil, err
	default: // The file system has no hard links.
		return nil, os.Rename(temporary, d.file())
	}
}

// replace writes the file again. The existing file must hold the same keys; otherwise it stays as
// it is and the result is an error.
func (d directory) replace(k *storedHierarchy) error {
	now, err := d.read()
	if err != nil {
		return err
	}
	if now == nil || !slices.EqualFunc(now.CAs, k.CAs, func(a, b storedCA) bool { return a.Name == b.Name && a.Key == b.Key }) {
		return fmt.Errorf("%s: has been changed or removed since it was read, and is left alone", d.file())
	}
	temporary, err := d.writeTemporary(k)
	if err != nil {
		return err
	}
	if err := os.Rename(temporary, d.file()); err != nil {
		_ = os.Remove(temporary)
		return err
	}
	return nil
}

// writeTemporary writes a temporary file in the same directory, which only the owner can read, and
// syncs it to the disk.
func (d directory) writeTemporary(k *storedHierarchy) (name string, err error) {
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

// stored returns the content of the file for the material of the hierarchy.
func (h *Hierarchy) stored(m *material) *storedHierarchy {
	k := &storedHierarchy{Version: formatVersion, Preset: h.preset, CAKey: h.caKey, Base: m.base}
	for _, spec := range h.layout.cas {
		// Marshaling cannot fail for keys that GenerateKey made.
		key, _ := x509.MarshalPKCS8PrivateKey(m.keys[spec.name])
		entry := storedCA{Name: spec.name, Key: string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: key}))}
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

// load returns the material of a stored hierarchy. The certificates must form chains, and preset
// and keys must be the requested ones.
func (h *Hierarchy) load(k *storedHierarchy) (*material, error) {
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
	entries := map[string]storedCA{}
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

func (m *material) add(spec caSpec, entry storedCA) error {
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
	if err != nil || !ok { // The parser's error is not shown: it can contain a part of the key.
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
