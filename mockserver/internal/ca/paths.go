package ca

// Paths are where a server answers for its CAs, below its base address. Certificates name them.
type Paths struct {
	// Files precedes the names of files: NAME.cer is the certificate of a CA in DER, NAME.crl its
	// CRL.
	Files string
	// OCSP is where OCSP requests are answered, sent by POST or appended to the path by GET (RFC
	// 6960, appendix A).
	OCSP string
}

// Certificate is the path of a CA's certificate.
func (p Paths) Certificate(name string) string { return p.Files + name + ".cer" }

// CRL is the path of a CA's CRL.
func (p Paths) CRL(name string) string { return p.Files + name + ".crl" }
