package check

import "slices"

// Certificate checks the certificate of a CA.
func (a Authority) Certificate(der []byte) []Finding {
	r, c := begin("ca", der, a.Signature, a.Issuer)
	if c == nil {
		return r.findings
	}
	extensions := map[string]bool{extBasicConstraints: true, extKeyUsage: true, extSubjectKeyID: false}
	if a.Level != Root {
		for _, id := range []string{extAuthorityKeyID, extAuthorityInfo, extCRLs, extPolicies} {
			extensions[id] = false
		}
	}
	eku, policies := a.expected()
	if len(eku) > 0 {
		extensions[extExtKeyUsage] = false
	}
	if a.Level == Issuing {
		extensions[extQCStatements] = false
		r.statements(c, false, true)
	}
	r.extensionSet(c, extensions)
	order := []string{attrCountry, attrOrganization, attrCommonName}
	if a.Level == Issuing {
		order = append(order, attrOrganizationIdentifier)
		if a.Generation == G3 {
			order = []string{attrCountry, attrOrganization, attrOrganizationIdentifier, attrCommonName}
		}
	}
	r.nameOrder(c.subject, order, nil)
	r.publicKey(c.key, 2048)
	constraints := "30030101ff"
	if a.Level == Issuing {
		constraints = "30060101ff020100"
	}
	r.value("basic-constraints", c, extBasicConstraints, constraints)
	usage := "03020106"
	if a.Generation == G4 {
		usage = "03020186"
	}
	r.value("key-usage", c, extKeyUsage, usage)
	r.extKeyUsage(c, eku)
	r.policies(c, policies)
	r.information(c, false)
	r.crlAddress(c)
	return r.findings
}

// expected returns the extended key usage and the certificate policies.
func (a Authority) expected() (eku, policies []string) {
	switch {
	case a.Level == Root:
		return nil, nil
	case a.Generation == G3:
		if a.Level == Issuing {
			eku = []string{ekuClient, ekuMail, ekuSigningMS, ekuFilesMS}
		}
		return eku, []string{policyG3 + "1", policyG3 + "2", policyG3 + "3 cps=https://cps.example.com"}
	case a.Use == "eutl":
		return []string{ekuSigningMS, ekuSigning}, []string{policyNCPPlus, policyQCP, policyG4 + "14.13.5"}
	default:
		return []string{ekuFilesMS, ekuSigningMS, ekuClient, ekuSigning}, []string{policyNCP, policyG4 + "16.13.7", policyG4 + "16.13.8"}
	}
}

// Certificate checks the certificate of an OCSP responder (RFC 6960, 4.2.2.2).
func (o Responder) Certificate(der []byte) []Finding {
	r, c := begin("responder", der, o.Signature, o.Issuer)
	if c == nil {
		return r.findings
	}
	r.extensionSet(c, map[string]bool{
		extBasicConstraints: true, extKeyUsage: true, extExtKeyUsage: false, extSubjectKeyID: false, extAuthorityKeyID: false,
		extAuthorityInfo: false, extOCSPNoCheck: false,
	})
	r.nameOrder(c.subject, []string{attrCountry, attrOrganization, attrCommonName}, nil)
	r.publicKey(c.key, 2048)
	r.value("basic-constraints", c, extBasicConstraints, "3000")
	r.value("key-usage", c, extKeyUsage, usageSignature)
	r.extKeyUsage(c, []string{ekuOCSP})
	r.value("no-check", c, extOCSPNoCheck, "0500")
	r.information(c, false)
	if days := c.days(); days > 397 {
		r.add("validity", "%.0f days; 397 are allowed", days)
	}
	return r.findings
}

// Rules lists the rules of findings, each once and in order, for tests that compare them.
func Rules(findings []Finding) []string {
	var rules []string
	for _, f := range findings {
		rules = append(rules, f.Rule)
	}
	slices.Sort(rules)
	return slices.Compact(rules)
}
