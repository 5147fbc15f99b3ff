//go:build tools || generate

// Package tools pins the generator in go.mod. Nothing imports it.
package tools

import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"

//go:generate go -C tools run ./bundle -in ../openapi/certcentral.yaml -yaml ../gen/certcentral.yaml -json ../gen/spec/certcentral.json -rules ../gen/spec/certcentral.rules.json -requests ../gen/spec/certcentral.requests.json -journal ../gen/spec/certcentral.journal.json -decisions ../openapi/DECISIONS.md -operations ../gen/api/operations.gen.go -served ../gen/served -server /services/v2
//go:generate go -C tools run ./bundle -in ../openapi/control.yaml -yaml ../gen/control.yaml -json ../gen/spec/control.json -rules ../gen/spec/control.rules.json -requests ../gen/spec/control.requests.json -journal ../gen/spec/control.journal.json -decisions ../openapi/DECISIONS.md -served ../gen/served
//go:generate go -C tools run ./bundle -embed ../gen -order ../openapi/examples/orderPkioOrganisationPerson.vendor_new_individual.request.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen/api.yaml gen/spec/certcentral.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen/server.yaml gen/spec/certcentral.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen/control.yaml gen/spec/control.json
