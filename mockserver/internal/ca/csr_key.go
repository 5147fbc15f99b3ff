package ca

import (
	"crypto/x509/pkix"
	"encoding/asn1"
	"errors"
	"fmt"
)

const takenKeys = "must be RSA or ECDSA (on P-256, P-384 or P-521)"

// checkRequestedKey refuses the keys of a PKCS#10 request that crypto/x509 parses into nothing, or
// does not parse at all, by their names. What it does not know is left to crypto/x509.
func checkRequestedKey(der []byte) error {
	var request struct {
		Info struct {
			Version int
			Subject asn1.RawValue
			Key     struct {
				Algorithm struct {
					ID         asn1.ObjectIdentifier
					Parameters asn1.RawValue `asn1:"optional"`
				}
				Bits asn1.BitString
			}
			Attributes asn1.RawValue `asn1:"optional,tag:0"`
		}
		Algorithm pkix.AlgorithmIdentifier
		Signature asn1.BitString
	}
	if _, err := asn1.Unmarshal(der, &request); err != nil {
		return nil //nolint:nilerr // crypto/x509 says that it is no request
	}
	algorithm := request.Info.Key.Algorithm
	switch algorithm.ID.String() {
	case "1.2.840.113549.1.1.10":
		return errors.New("the key is marked id-RSASSA-PSS; send a request with a plain RSA key " +
			"(rsaEncryption), which can make RSASSA-PSS signatures as well")
	case "1.2.840.113549.1.1.1":
		return nil
	case "1.2.840.10045.2.1":
		if err := checkCurve(algorithm.Parameters); err != nil {
			return err
		}
		return checkPoint(request.Info.Key.Bits.Bytes)
	case "1.2.840.10040.4.1":
		return errors.New("DSA key: " + takenKeys)
	case "1.3.101.110":
		return errors.New("X25519 key: " + takenKeys)
	case "1.3.101.111":
		return errors.New("X448 key: " + takenKeys)
	case "1.3.101.112":
		return errors.New("Ed25519 key: " + takenKeys)
	case "1.3.101.113":
		return errors.New("Ed448 key: " + takenKeys)
	default:
		return fmt.Errorf("key of the algorithm %s: %s", algorithm.ID, takenKeys)
	}
}

// checkCurve refuses the curves that crypto/x509 does not parse.
func checkCurve(parameters asn1.RawValue) error {
	const taken = "must be on P-256, P-384 or P-521"
	var curve asn1.ObjectIdentifier
	if rest, err := asn1.Unmarshal(parameters.FullBytes, &curve); err != nil || len(rest) > 0 {
		return errors.New("elliptic-curve key with explicit parameters: must name its curve, which " + taken)
	}
	name := curveName(curve)
	if name == "" {
		return nil // checkSubscriberKey knows it
	}
	return fmt.Errorf("elliptic-curve key on %s: %s", name, taken)
}

// checkPoint refuses the forms of a point that crypto/x509 does not parse: compressed (SEC 1,
// 2.3.3) and hybrid (X9.62).
func checkPoint(point []byte) error {
	const taken = "must have its point uncompressed"
	if len(point) == 0 {
		return nil
	}
	switch point[0] {
	case 0x02, 0x03:
		return errors.New("elliptic-curve key with a compressed point: " + taken)
	case 0x06, 0x07:
		return errors.New("elliptic-curve key with a hybrid point: " + taken)
	default:
		return nil
	}
}

// curveName is the name of a curve that crypto/x509 does not parse (SEC 2, RFC 5639); empty for
// those that it does.
func curveName(curve asn1.ObjectIdentifier) string {
	switch id := curve.String(); id {
	case "1.3.132.0.33", "1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35": // P-224 and those that are taken
		return ""
	case "1.3.132.0.8":
		return "secp160r1"
	case "1.3.132.0.9":
		return "secp160k1"
	case "1.3.132.0.10":
		return "secp256k1"
	case "1.3.132.0.30":
		return "secp160r2"
	case "1.3.132.0.31":
		return "secp192k1"
	case "1.3.132.0.32":
		return "secp224k1"
	case "1.2.840.10045.3.1.1":
		return "P-192"
	case "1.3.36.3.3.2.8.1.1.1":
		return "brainpoolP160r1"
	case "1.3.36.3.3.2.8.1.1.3":
		return "brainpoolP192r1"
	case "1.3.36.3.3.2.8.1.1.5":
		return "brainpoolP224r1"
	case "1.3.36.3.3.2.8.1.1.7":
		return "brainpoolP256r1"
	case "1.3.36.3.3.2.8.1.1.8":
		return "brainpoolP256t1"
	case "1.3.36.3.3.2.8.1.1.9":
		return "brainpoolP320r1"
	case "1.3.36.3.3.2.8.1.1.11":
		return "brainpoolP384r1"
	case "1.3.36.3.3.2.8.1.1.12":
		return "brainpoolP384t1"
	case "1.3.36.3.3.2.8.1.1.13":
		return "brainpoolP512r1"
	case "1.3.36.3.3.2.8.1.1.14":
		return "brainpoolP512t1"
	case "1.2.156.10197.1.301":
		return "SM2"
	case "1.2.250.1.223.101.256.1":
		return "FRP256v1"
	default:
		return "the curve " + id
	}
}
