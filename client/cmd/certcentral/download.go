package main

import (
	"bytes"
	"context"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	certcentral "github.com/pkio-tools/certcentral/client"
)

// formatDER is the certificate of the person in DER, which the service does not have.
const formatDER = "der"

type downloadCommand struct {
	ID     orderID `arg:"" help:"Id of the order."`
	Format string  `default:"pem_all" placeholder:"FORMAT" help:"Format of the file (default: pem_all): ${formats}. The last one is the certificate of the person alone."`
	Output string  `short:"o" placeholder:"FILE" help:"Write to this file (default: standard output). A file that exists is not overwritten."`
	Force  bool    `help:"Overwrite the file."`
	Roots  string  `placeholder:"FILE" help:"Verify the certificate with the root certificates in this PEM file, and write nothing if it is not valid for its profile."`
}

// formats are the values of --format.
func formats() []string {
	return []string{
		string(certcentral.FormatPEM), string(certcentral.FormatPEMAll), string(certcentral.FormatPEMNoRoot),
		string(certcentral.FormatPEMNoIntermediate), string(certcentral.FormatCRT), string(certcentral.FormatCER),
		string(certcentral.FormatP7B), string(certcentral.FormatApache), string(certcentral.FormatDefault),
		string(certcentral.FormatDefaultPEM), string(certcentral.FormatDefaultCER), formatDER,
	}
}

func (c *downloadCommand) run(ctx context.Context, s *session) error {
	if !slices.Contains(formats(), c.Format) {
		return usagef("--format: must be one of %s", strings.Join(formats(), ", "))
	}
	var roots *x509.CertPool
	if c.Roots != "" {
		content, err := os.ReadFile(c.Roots)
		if err != nil {
			return usagef("--roots: %w", err)
		}
		if roots = x509.NewCertPool(); !roots.AppendCertsFromPEM(content) {
			return usagef("--roots: %s holds no certificate in PEM", c.Roots)
		}
	}
	if err := c.checkOutput(); err != nil {
		return err
	}
	cc, err := s.client(ctx)
	if err != nil {
		return err
	}
	file, err := c.download(ctx, cc, roots)
	if err != nil {
		return err
	}
	if c.Output != "" {
		return c.write(file.Content)
	}
	if isTerminal(s.stdout) && !strings.HasPrefix(string(file.Content), "-----BEGIN ") {
		return usagef("a file in the format %s is not for a terminal: --output FILE", c.Format)
	}
	_, err = s.stdout.Write(file.Content)
	return err
}

// download gets the file. With roots it first verifies the same certificate, named by its id, since
// a reissue may replace the certificate of the order in between.
func (c *downloadCommand) download(
	ctx context.Context, cc *certcentral.Client, roots *x509.CertPool,
) (certcentral.CertificateFile, error) {
	none := certcentral.CertificateFile{}
	if roots == nil && c.Format != formatDER {
		return cc.Orders.DownloadCertificateInFormat(ctx, int64(c.ID), certcentral.CertificateFormat(c.Format))
	}
	if roots == nil {
		issued, err := cc.Orders.DownloadCertificate(ctx, int64(c.ID))
		if err != nil {
			return none, err
		}
		return certcentral.CertificateFile{Content: issued.Leaf.Raw}, nil
	}
	order, err := cc.Orders.Get(ctx, int64(c.ID))
	if err != nil {
		return none, err
	}
	if order.Certificate.ID == 0 {
		return none, fmt.Errorf("order %d is %s: %w", c.ID, printable(string(order.Status)), certcentral.ErrNotIssued)
	}
	issued, err := cc.Certificates.Download(ctx, order.Certificate.ID)
	if err != nil {
		return none, err
	}
	if err := certcentral.Verify(issued, roots, order.Certificate.ProfileOption); err != nil {
		return none, err
	}
	switch c.Format {
	case string(certcentral.FormatPEMAll):
		return certcentral.CertificateFile{Content: issued.PEM}, nil
	case formatDER:
		return certcentral.CertificateFile{Content: issued.Leaf.Raw}, nil
	}
	file, err := cc.Certificates.DownloadInFormat(ctx, order.Certificate.ID, certcentral.CertificateFormat(c.Format))
	if err != nil {
		return none, err
	}
	if block, _ := pem.Decode(file.Content); block != nil && block.Type == "CERTIFICATE" && !bytes.Equal(block.Bytes, issued.Leaf.Raw) {
		return none, errors.New("the service has sent another certificate than the one that was verified")
	}
	return file, nil
}

// checkOutput refuses a file that must not be overwritten, before anything is sent.
func (c *downloadCommand) checkOutput() error {
	if c.Output == "" {
		if c.Force {
			return usagef("--force: is about the file of --output")
		}
		return nil
	}
	info, err := os.Stat(c.Output)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		if _, err := os.Stat(filepath.Dir(c.Output)); err != nil {
			return usagef("--output: %w", err)
		}
		return nil
	case err != nil:
		return usagef("--output: %w", err)
	case !info.Mode().IsRegular():
		return usagef("--output: %s is not a regular file", c.Output)
	case !c.Force:
		return c.exists()
	}
	return nil
}

func (c *downloadCommand) exists() error {
	return usagef("--output: %s exists; --force overwrites it", c.Output)
}

// write writes the file in one step, so that a reader never sees a part of it, and a failure leaves
// the old file as it is.
func (c *downloadCommand) write(content []byte) (err error) {
	path := c.Output
	if target, err := filepath.EvalSymlinks(path); err == nil {
		path = target // A link to a file stays one.
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(temporary.Name()) }()
	_, err = temporary.Write(content)
	if err := errors.Join(err, temporary.Chmod(0o644), temporary.Sync(), temporary.Close()); err != nil {
		return err
	}
	if !c.Force {
		// Unlike a rename, a link fails if another process has written the file after the check.
		switch err := os.Link(temporary.Name(), path); {
		case err == nil:
			return nil
		case errors.Is(err, fs.ErrExist):
			return c.exists()
		}
		if _, err := os.Lstat(path); !errors.Is(err, fs.ErrNotExist) { // a file system without hard links
			return c.exists()
		}
	}
	return os.Rename(temporary.Name(), path)
}
