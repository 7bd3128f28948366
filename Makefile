SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help generate verify test test-modules test-newest test-servers test-browser fuzz load bench demo

# The other modules keep their requirements away from importers of the root module.
MODULES := $(patsubst ./%/go.mod,%,$(shell find . -mindepth 2 -name go.mod))
FUZZTIME ?= 10s
# The tools' requirements reach no other module.
TOOL := go tool -modfile=$(CURDIR)/tools/go.mod
# The newest Go that the module proxy has for this machine. Release numbers contain no letters.
newest = $$(go list -m -versions golang.org/toolchain | tr ' ' '\n' | \
	sed -n "s/^v0\.0\.1-\(go[0-9.]*\)\.$$(go env GOOS)-$$(go env GOARCH)$$/\1/p" | sort -V | tail -n 1 | grep . || \
	{ echo "the module proxy has no Go for $$(go env GOOS)-$$(go env GOARCH)" >&2; exit 1; })

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

generate: ## generate code and docs from api/openapi.yaml and the life cycle
	go generate ./...

verify: ## every check but the tests: spec, generated files, linters, modules, compatibility, other systems
	@echo "== API description and consistency"; go test -count=1 ./internal/consistency || \
		{ echo "correct what the tests name, run 'make generate' and commit"; exit 1; }
	@echo "== generated files"; before=$$(mktemp -d); trap 'rm -rf "$$before"' EXIT; \
		tar --exclude=./.git -cf - . | tar -xf - -C "$$before"; go generate ./...; \
		diff -ru --exclude=.git "$$before" . || { echo "these files were not up to date: do not edit them, commit what 'make generate' writes"; exit 1; }
	@for dir in . $(filter-out tools,$(MODULES)); do echo "== golangci-lint $$dir"; (cd $$dir && $(TOOL) golangci-lint run --show-stats=false) || \
		{ echo "correct what is named above, in $$dir ('gofmt -w .' formats); .golangci.yml lists the linters"; exit 1; }; done
	@for dir in . $(MODULES); do echo "== go mod tidy $$dir"; (cd $$dir && go mod tidy -diff && go mod verify) || \
		{ echo "run 'go mod tidy' in $$dir and commit; if a checksum differs, restore go.sum from the last commit instead"; exit 1; }; done
	@echo "== compatibility"; tools/compat
	@for os in windows darwin; do echo "== go vet for $$os"; GOOS=$$os go vet ./... || \
		{ echo "correct what does not compile for $$os"; exit 1; }; done
	@echo "== actionlint"; $(TOOL) actionlint || { echo "correct .github/workflows where actionlint says"; exit 1; }

test: ## run the tests with the race detector, and the budgets without it; each package's own tests cover 95 % of it, 90 % of tools
	@go test -race -cover ./... | awk '{ print } /^(---|FAIL)/ { failed = 1 } \
		match($$0, /coverage: [0-9.]+%/) && !/\/(examples\/|gen\t)/ { least = /\/(generate|testkit)/ ? 90 : 95; \
			if (substr($$0, RSTART+10, RLENGTH-11) + 0 < least) low = low "\nbelow " least " %, add tests: " $$0 } \
		END { print low; exit failed || low != "" }'
	go test -run '^TestBudgets' .

test-modules: ## run the tests of the other modules with the race detector
	@for dir in $(filter-out tools,$(MODULES)); do echo "go test $$dir"; (cd $$dir; go test -race ./...); done

test-newest: ## run the tests, and those of a consumer, with the newest Go
	@GOTOOLCHAIN=$(newest); export GOTOOLCHAIN; echo "go test, $$GOTOOLCHAIN"; \
	go run ./examples/lifecycle; go test ./...; \
	cd integration/consumer; go test -mod=readonly ./...

test-servers: ## send unusual values through Tomcat and nginx, which have to be installed
	cd integration && go test -race -tags servers -count=1 ./proxies/...

test-browser: ## use the API page in headless Chromium, which has to be installed
	cd examples/apipage/page && go test -race -tags browser -count=1 -run Chromium .

# By default the fuzzer minimizes each input for up to a minute, and tries no other.
fuzz: ## fuzz each target for FUZZTIME, 10s by default: make fuzz FUZZTIME=10m
	@packages=$$(grep -rl --include='*_test.go' '^func Fuzz' . | xargs -n 1 dirname | sort -u); \
	for package in $$packages; do \
		cd $(CURDIR)/$$package; targets=$$(go test -list '^Fuzz' . | grep '^Fuzz'); \
		for target in $$targets; do \
			echo "$$target for $(FUZZTIME)"; \
			go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 200x .; \
		done; \
	done

load: ## put load on the embedded server for 30 seconds
	cd integration && go test -race -run '^$$' -bench '^BenchmarkLoad$$' -benchtime 30s ./load

bench: ## generate other clients, compare with them, write docs/performance.md and its picture
	cd bench && go generate . && go vet -tags peers ./... && go test -tags peers ./... && go run -tags peers ./cmd/report

demo: ## walk through all operations on the embedded server
	go run ./examples/lifecycle
