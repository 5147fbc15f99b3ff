// Package lint runs zlint on the certificates, CRLs and OCSP responses of package ca. It is a
// module of its own because zlint needs a replace directive, and a module with one cannot be
// installed by its version.
package lint
