package ca

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 5280 defines key identifiers with SHA-1; its strength does not matter here
	"crypto/sha256"
	"crypto/x509"
	"encoding/asn1"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"strings"
)

const (
	serialMax    = 20 // octets; the maximum of RFC 5280
	serialSize   = 19 // octets; DER adds one octet where the first bit is set, since the number is positive
	serialRandom = 11
)

// serialNumbers makes serial numbers and recognizes them later. A serial number is 11 random octets
// and 8 octets of an HMAC of them. So OCSP can answer good for an issued certificate and unknown
// for any other number, without a list of all certificates that grows without limit and is lost
// when the process ends.
type serialNumbers struct{ secret []byte }

// newSerialNumbers derives the HMAC key from the private key of the CA and from scope, the address
// of the server. So servers that share a hierarchy do not recognize each other's serial numbers.
func newSerialNumbers(key crypto.Signer, scope string) (serialNumbers, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return serialNumbers{}, err
	}
	mac := hmac.New(sha256.New, der)
	mac.Write([]byte("certcentral-mock serial numbers of " + scope))
	return serialNumbers{mac.Sum(nil)}, nil
}

func (s serialNumbers) next() *big.Int {
	octets := make([]byte, serialSize)
	_, _ = rand.Read(octets[:serialRandom]) // It never fails.
	copy(octets[serialRandom:], s.mac(octets[:serialRandom]))
	return new(big.Int).SetBytes(octets)
}

func (s serialNumbers) verify(serial *big.Int) bool {
	if serial.Sign() <= 0 || serial.BitLen() > 8*serialSize {
		return false
	}
	octets := serial.FillBytes(make([]byte, serialSize)) // The first octets may be zero.
	return hmac.Equal(octets[serialRandom:], s.mac(octets[:serialRandom]))
}

func (s serialNumbers) mac(random []byte) []byte {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write(random)
	return mac.Sum(nil)[:serialSize-serialRandom]
}

// randomSerial returns a serial number for certificates of CAs and of OCSP responders, about which
// OCSP is not asked.
func randomSerial() *big.Int {
	octets := make([]byte, serialSize)
	_, _ = rand.Read(octets) // It never fails.
	return new(big.Int).SetBytes(octets)
}

// FormatSerial returns a serial number as the API writes it: two upper-case hexadecimal digits for
// each octet. The zeros at the beginning are digits too: one number in sixteen begins with the
// digit 0, one in 256 with two of them (D-73).
func FormatSerial(serial *big.Int) string {
	return fmt.Sprintf("%X", serial.FillBytes(make([]byte, max(serialSize, len(serial.Bytes())))))
}

// ParseSerial parses the output of [FormatSerial], in upper or lower case, with or without colons.
func ParseSerial(text string) (*big.Int, error) {
	octets, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(octets) == 0 || len(octets) > serialMax {
		return nil, errors.New("ca: a serial number is up to 20 octets in hexadecimal")
	}
	return new(big.Int).SetBytes(octets), nil
}

// keyID returns the key identifier by method 1 of RFC 5280, 4.2.1.2, as in PKIoverheid's
// certificates. crypto/x509 would use another method.
func keyID(public crypto.PublicKey) ([]byte, error) {
	der, err := x509.MarshalPKIXPublicKey(public)
	if err != nil {
		return nil, err
	}
	bits, err := subjectKey(der)
	if err != nil {
		return nil, err
	}
	id := sha1.Sum(bits) //nolint:gosec // See the import.
	return id[:], nil
}

// subjectKey returns the BIT STRING of a SubjectPublicKeyInfo.
func subjectKey(der []byte) ([]byte, error) {
	var info struct {
		Algorithm asn1.RawValue
		Key       asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &info); err != nil {
		return nil, err
	}
	return info.Key.RightAlign(), nil
}
