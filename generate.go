package passwords

// Everything is generated from api/openapi.yaml, except docs/lifecycle.md, which is
// generated from internal/lifecycle. The commands run in this directory.

//go:generate go run ./internal/generate/templates
//go:generate go tool oapi-codegen -config api/client.cfg.yaml api/openapi.yaml
//go:generate go tool oapi-codegen -config api/operations.cfg.yaml api/openapi.yaml
//go:generate go run ./internal/generate/versions -spec api/openapi.yaml -out cyclostest/versions.gen.go -page docs/versions.md
//go:generate go run ./internal/generate/decoders
//go:generate go run ./internal/generate/constants
//go:generate go run ./internal/generate/mermaid
