package ca

import (
	"crypto"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha1" //nolint:gosec // RFC 5280 names key identifiers after it; nothing depends on its strength
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
	serialMax    = 20 // octets, the most that RFC 5280 allows
	serialSize   = 19 // octets; where the first bit is set, the encoding has an octet more, since the number is positive
	serialRandom = 11
)

// A serializer gives out serial numbers that it knows again: random octets, and behind them an authentication code.
// OCSP has to tell serial numbers that were issued from those that weren't. Keeping a list of every certificate would
// grow without end and be lost with the process; this is neither.
type serializer struct{ secret []byte }

// newSerializer derives its secret from the key of the CA, and from what the authority stands for: servers that share
// a hierarchy don't know each other's certificates.
func newSerializer(key crypto.Signer, scope string) (serializer, error) {
	der, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return serializer{}, err
	}
	mac := hmac.New(sha256.New, der)
	mac.Write([]byte("certcentral-mock serial numbers of " + scope))
	return serializer{mac.Sum(nil)}, nil
}

func (s serializer) next() *big.Int {
	octets := make([]byte, serialSize)
	_, _ = rand.Read(octets[:serialRandom]) // It never fails.
	copy(octets[serialRandom:], s.code(octets[:serialRandom]))
	return new(big.Int).SetBytes(octets)
}

func (s serializer) knows(serial *big.Int) bool {
	if serial.Sign() <= 0 || serial.BitLen() > 8*serialSize {
		return false
	}
	octets := serial.FillBytes(make([]byte, serialSize)) // A number may begin with octets that are zero.
	return hmac.Equal(octets[serialRandom:], s.code(octets[:serialRandom]))
}

func (s serializer) code(random []byte) []byte {
	mac := hmac.New(sha256.New, s.secret)
	mac.Write(random)
	return mac.Sum(nil)[:serialSize-serialRandom]
}

// randomSerial is for the certificates that nobody asks OCSP about.
func randomSerial() *big.Int {
	octets := make([]byte, serialSize)
	_, _ = rand.Read(octets) // It never fails.
	return new(big.Int).SetBytes(octets)
}

// FormatSerial writes a serial number as the API shows it: hexadecimal, in upper case, two digits an octet. It keeps the
// zeros at the beginning that the octets of the number have: one number in sixteen begins with the digit 0, one in 256 with
// two of them (D-73).
func FormatSerial(serial *big.Int) string {
	return fmt.Sprintf("%X", serial.FillBytes(make([]byte, max(serialSize, len(serial.Bytes())))))
}

// ParseSerial reads what FormatSerial writes, in any case and with or without colons.
func ParseSerial(text string) (*big.Int, error) {
	octets, err := hex.DecodeString(strings.ReplaceAll(text, ":", ""))
	if err != nil || len(octets) == 0 || len(octets) > serialMax {
		return nil, errors.New("ca: a serial number is up to 20 octets in hexadecimal")
	}
	return new(big.Int).SetBytes(octets), nil
}

// keyID is the identifier of a key by method 1 of RFC 5280, 4.2.1.2, which real PKIoverheid certificates have.
// crypto/x509 would take another.
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

// subjectKey returns the bits of a SubjectPublicKeyInfo.
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
