// Package bench compares the client with others: what a call costs in time,
// bytes and allocations, and what the package costs who imports it. It is a
// module of its own, so that the others reach nobody.
package bench

// All peers come from the API description of this repository. Two generators
// cannot read it as it is: they get a copy, which is not kept.

//go:generate go run github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2 -generate types,client -package stock -o internal/stock/client.gen.go ../api/openapi.yaml
//go:generate go run ./internal/specs/ogen -spec ../api/openapi.yaml -out config/ogen.spec.json
//go:generate go run github.com/ogen-go/ogen/cmd/ogen@v1.22.0 --config config/ogen.yaml --target internal/ogen --package ogen --clean config/ogen.spec.json
//go:generate go run github.com/ogen-go/ogen/cmd/ogen@v1.22.0 --config config/ogen-quiet.yaml --target internal/ogenquiet --package ogenquiet --clean config/ogen.spec.json
//go:generate go run ./internal/specs/swagger -spec ../api/openapi.yaml -out config/swagger.spec.json
//go:generate go run github.com/go-swagger/go-swagger/cmd/swagger@v0.36.7 generate client -q -f config/swagger.spec.json -t internal/swagger
