//go:build ignore

// The tool directive of go.mod pins oapi-codegen. This import only shows a reader
// where it is used: go mod tidy ignores a file with this build tag, so that the
// generator's dependencies do not reach those who import this module.

package passwords

import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
