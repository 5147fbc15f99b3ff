//go:build tools || generate

// Package tools pins the generator in go.mod. Nothing imports it.
package tools

import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"

//go:generate go -C tools run ./bundle -in ../openapi/certcentral.yaml -yaml ../gen/certcentral.yaml -upgraded ../gen/certcentral.3.1.yaml -schema ../gen/order.schema.json -samples ../openapi/samples -json ../gen/spec/certcentral.json -rules ../gen/spec/certcentral.rules.json -requests ../gen/spec/certcentral.requests.json -journal ../gen/spec/certcentral.journal.json -operations ../gen/api/operations.gen.go -codes ../client/code.gen.go -served ../gen/served -server /services/v2 -decisions ../gen/served/decisions.html -links https://github.com/pkio-tools/certcentral/blob/main/openapi/DECISIONS.md -served-links /docs/decisions
//go:generate go -C tools run ./bundle -in ../openapi/control.yaml -yaml ../gen/control.yaml -upgraded ../gen/control.3.1.yaml -json ../gen/spec/control.json -rules ../gen/spec/control.rules.json -requests ../gen/spec/control.requests.json -journal ../gen/spec/control.journal.json -served ../gen/served -links https://github.com/pkio-tools/certcentral/blob/main/openapi/DECISIONS.md -served-links /docs/decisions
//go:generate go -C tools run ./bundle -embed ../gen -order ../openapi/examples/orderPkioOrganisationPerson.vendor_new_individual.request.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen/api.yaml gen/spec/certcentral.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen/server.yaml gen/spec/certcentral.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen/control.yaml gen/spec/control.json
//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen -config openapi/codegen/control_client.yaml gen/spec/control.json
