.DEFAULT_GOAL := help
.PHONY: help generate verify verify-spec verify-generated verify-vet verify-format verify-tidy test demo

GENERATED := gen cyclostest/versions.gen.go

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-18s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

generate: ## rebuild everything that comes from api/openapi.yaml
	go generate ./...

verify: verify-spec verify-generated verify-vet verify-format verify-tidy ## run every check but the tests

verify-spec: ## the API description is valid, examples included
	go test -count=1 -run '^TestSpec' .

verify-generated: ## the generated code is what api/openapi.yaml gives
	@before=$$(mktemp -d) && trap 'rm -rf "$$before"' EXIT && \
	tar -cf - $(GENERATED) | tar -xf - -C "$$before" && go generate ./... && \
	for path in $(GENERATED); do \
		diff -r "$$before/$$path" "$$path" || { echo "$$path was not up to date: commit what 'make generate' wrote"; exit 1; }; \
	done

verify-vet: ## go vet
	go vet ./...

verify-format: ## gofmt
	@files=$$(gofmt -l .) && test -z "$$files" || { echo "not formatted, run gofmt -w:"; echo "$$files"; exit 1; }

verify-tidy: ## go.mod and go.sum name what is needed
	go mod tidy -diff
	go mod verify

test: ## run the tests with the race detector, as CI does
	go test -race ./...

demo: ## walk through all operations on the embedded server
	go run ./examples/lifecycle
