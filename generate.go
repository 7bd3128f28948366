package passwords

// All that is generated comes from api/openapi.yaml, but the pictures of the life
// cycle, which come from internal/lifecycle. The commands run in this directory.

//go:generate go run ./internal/generate/templates
//go:generate go tool oapi-codegen -config api/client.cfg.yaml api/openapi.yaml
//go:generate go tool oapi-codegen -config api/operations.cfg.yaml api/openapi.yaml
//go:generate go run ./internal/generate/versions -spec api/openapi.yaml -out cyclostest/versions.gen.go -page docs/versions.md
//go:generate go run ./internal/generate/decoders -out internal/decode/decode.gen.go
//go:generate go run ./internal/generate/constants
//go:generate go run ./internal/generate/mermaid -svg docs/lifecycle.svg -readme README.md
