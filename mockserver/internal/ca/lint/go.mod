module github.com/pkio-tools/certcentral/mockserver/internal/ca/lint

go 1.26.0

require (
	github.com/pkio-tools/certcentral v0.0.0
	github.com/zmap/zcrypto v0.0.0-20260906180147-3ed30b1e9340
	github.com/zmap/zlint/v3 v3.7.3
	golang.org/x/crypto v0.58.0
)

require (
	github.com/pelletier/go-toml v1.9.5 // indirect
	github.com/weppos/publicsuffix-go v0.50.4-0.20260821095816-b0fdb5c2d345 // indirect
	golang.org/x/net v0.60.0 // indirect
	golang.org/x/sync v0.24.0 // indirect
	golang.org/x/text v0.43.0 // indirect
	software.sslmate.com/src/go-pkcs12 v0.7.4 // indirect
)

replace github.com/pkio-tools/certcentral => ../../../..

// The version that zlint asks for is a pre-release that proxies don't have.
replace github.com/weppos/publicsuffix-go => github.com/weppos/publicsuffix-go v0.50.3
