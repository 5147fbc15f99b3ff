// Package mockserver is a stateful stand-in for DigiCert's CertCentral Services API (v2), as far as
// PKIoverheid "Organisation Person" orders need it.
//
// A [Server] is an [http.Handler]; [Server.Start] puts it on a listener of its own. It checks every
// request against the contract in openapi, stores what requests create and change, and answers in
// the vendor's form. Each API key opens an account of its own, so tests may share one server and
// still run in parallel. Go tests can use the one-line helper in package mocktest, and other
// programs the command in cmd/certcentral-mock. Package control is a client of what the mock adds to
// the vendor's API.
package mockserver
