//go:build ignore

package passwords

import _ "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen"
