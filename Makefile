.DEFAULT_GOAL := help
.PHONY: help generate baseline verify verify-spec verify-codes verify-api verify-generated verify-go-api verify-vet verify-staticcheck verify-format verify-tidy gates-selftest test test-modules test-consumer test-newest test-budgets test-servers test-browser cover mutate mutate-quick fuzz load bench demo

GENERATED := gen constants.gen.go cyclostest/versions.gen.go internal/decode/decode.gen.go docs/lifecycle.md docs/versions.md
# The modules beside the root one hold what must not reach those who import it.
MODULES := $(patsubst ./%/go.mod,%,$(shell find . -mindepth 2 -name go.mod))
FUZZTIME ?= 10s
# In a recipe: sets newest to the newest Go, $(1) of it such as 1.26, that the
# module proxy has for this machine. Releases have no letters in their number.
find-newest = versions=$$(go list -m -versions golang.org/toolchain) && \
	newest=$$(echo "$$versions" | tr ' ' '\n' | sed -n "s/^v0\.0\.1-\(go$(1)[0-9.]*\)\.$$(go env GOOS)-$$(go env GOARCH)\$$/\1/p" | sort -V | tail -n 1) && \
	test -n "$$newest" || { echo "no such Go was found: it takes a module proxy that serves golang.org/toolchain for $$(go env GOOS)-$$(go env GOARCH)"; exit 1; }

# What the root package does is done in these.
COVERED := .,./internal/transport,./internal/response,./internal/validate,./internal/singleflight,./internal/backoff,./internal/encode,./internal/decode
LEAST_COVERED := 95

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-20s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

generate: ## rebuild what this module has from api/openapi.yaml and internal/lifecycle
	go generate ./...

baseline: ## at a release: take the API description and the Go packages for those of the last release
	go -C tools run ./cmd/compat renew

verify: verify-spec verify-codes verify-api verify-generated verify-go-api verify-vet verify-staticcheck verify-format verify-tidy ## run every check but the tests

verify-spec: ## the API description is valid, examples included
	@go test -count=1 -run '^TestSpec' ./internal/consistency || { echo "correct api/openapi.yaml where the test says, then run 'make generate' and commit"; exit 1; }

verify-codes: ## each enumeration value of the API description has a constant in the root package
	@go test -count=1 -run '^TestEveryEnumValueHasAConstant$$' ./internal/consistency || { echo "run 'make generate'; a new enumeration also needs its alias in models.go; then commit"; exit 1; }

verify-api: ## the API description breaks no program written for the last release
	@go -C tools run ./cmd/compat spec

verify-go-api: ## the Go packages break no program written for the last release
	@go -C tools run ./cmd/compat go

verify-generated: ## what is generated is up to date
	@before=$$(mktemp -d) && trap 'rm -rf "$$before"' EXIT && \
	tar -cf - $(GENERATED) | tar -xf - -C "$$before" && go generate ./... && \
	for path in $(GENERATED); do \
		diff -r "$$before/$$path" "$$path" || { echo "$$path was not up to date: do not edit it, commit what 'make generate' wrote"; exit 1; }; \
	done

verify-vet: ## go vet, in each module and with each build tag
	@set -e; for dir in . $(MODULES); do echo "go vet $$dir"; (cd $$dir && go vet -tags servers,browser ./...) || { echo "correct what go vet names above, in $$dir"; exit 1; }; done

# With -modfile the tool comes from tools/go.mod, and its dependencies reach nobody.
verify-staticcheck: ## staticcheck, in each module, generated code included; staticcheck.conf says what is left out
	@set -e; for dir in . $(MODULES); do echo "staticcheck $$dir"; (cd $$dir && go tool -modfile=$(CURDIR)/tools/go.mod staticcheck -tags servers,browser ./...) || { echo "correct what staticcheck names above, in $$dir; staticcheck.conf says which checks are left out and why"; exit 1; }; done

verify-format: ## gofmt
	@files=$$(gofmt -l .) && test -z "$$files" || { echo "not formatted, run gofmt -w:"; echo "$$files"; exit 1; }

verify-tidy: ## go.mod and go.sum name what is needed, in each module
	@set -e; for dir in . $(MODULES); do echo "go mod tidy $$dir"; (cd $$dir && go mod tidy -diff && go mod verify) || { echo "run 'go mod tidy' in $$dir and commit; if a checksum differs, restore go.sum from the last commit instead"; exit 1; }; done

gates-selftest: ## plant a fault for each check of verify in a copy of the tree, and see the check fail
	go -C tools run ./cmd/selftest

test: ## run the tests with the race detector
	go test -race ./...

test-modules: ## run the tests that need packages of others
	@set -e; for dir in $(MODULES); do echo "go test $$dir"; (cd $$dir && go test -race ./...); done

test-consumer: ## build and test a module that uses this one, with the Go of go.mod and with the newest
	@set -e; oldest=$$(go list -m -f '{{.GoVersion}}' | cut -d . -f 1,2); \
	$(call find-newest,); toolchains=$$newest; \
	case "$$(go env GOVERSION)" in go$$oldest|go$$oldest.*) toolchains="local $$toolchains" ;; \
	*) $(call find-newest,$$oldest\.); toolchains="$$newest $$toolchains" ;; esac; \
	export GOFLAGS="$$(go env GOFLAGS) -mod=readonly"; cd integration/consumer; \
	for toolchain in $$toolchains; do \
		export GOTOOLCHAIN=$$toolchain; echo "go test integration/consumer, $$(go env GOVERSION)"; \
		go build -o /dev/null .; go test -count=1 ./...; \
	done

test-newest: ## run the tests with the newest Go
	@set -e; $(call find-newest,); echo "go test, $$newest"; GOTOOLCHAIN=$$newest go test ./...

test-budgets: ## what a call takes in memory stays within its budget; not with the race detector, which allocates
	cd bench && go test -count=1 -run '^TestBudgets' .

test-servers: ## send odd values through real Tomcat and nginx, which have to be installed
	go -C integration test -race -tags servers -count=1 ./proxies

test-browser: ## use the API page in headless Chromium, which has to be installed
	cd examples/apipage/page && go test -race -tags browser -count=1 -run Chromium .

cover: ## the tests reach LEAST_COVERED percent of the statements written by hand, in each package
	@profile=$$(mktemp) && trap 'rm -f "$$profile"' EXIT && failed=0 && \
	go test -count=1 -coverpkg=$(COVERED) -coverprofile="$$profile" . ./internal/decode && \
	{ awk -v least=$(LEAST_COVERED) -f .ci/cover.awk "$$profile" || failed=1; } && \
	go test -count=1 -coverprofile="$$profile" ./cyclostest && \
	awk -v least=$(LEAST_COVERED) -f .ci/cover.awk "$$profile" && test $$failed = 0

mutate: ## change the code in a thousand ways, one at a time, and list what no test notices; takes 20 minutes on two processors
	cd mutation && go run .

mutate-quick: ## a look at each 20th change, too few to judge a package by; takes a minute or two
	cd mutation && go run . -every 20 -least 0

fuzz: ## fuzz each target for FUZZTIME, 10s without it: make fuzz FUZZTIME=10m
	@for package in . ./internal/decode; do \
		targets=$$(go test -list '^Fuzz' $$package | grep '^Fuzz') || { echo "no fuzz target was found in $$package"; exit 1; }; \
		for target in $$targets; do \
			echo "$$target for $(FUZZTIME)"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done

load: ## put load on the embedded server for 30 seconds
	go test -race -run '^$$' -bench '^BenchmarkLoad$$' -benchtime 30s .

bench: ## compare with other clients, write docs/performance.md and its picture
	cd bench && go run ./cmd/report

demo: ## walk through all operations on the embedded server
	go run ./examples/lifecycle
