//go:build peers

package peers

import (
	"github.com/cyclos-go/passwords/bench/internal/generated/ogenquietpeer"
	"github.com/cyclos-go/passwords/bench/internal/peers/oapi"
	"github.com/cyclos-go/passwords/bench/internal/peers/ogen"
	"github.com/cyclos-go/passwords/bench/internal/peers/swagger"
)

// Generated are the clients that generators wrote.
var Generated = []Peer{
	{"oapi-codegen", "internal/peers/oapi", oapi.New},
	{"ogen-quiet", "internal/generated/ogenquietpeer", ogenquietpeer.New},
	{"ogen", "internal/peers/ogen", ogen.New},
	{"go-swagger", "internal/peers/swagger", swagger.New},
}
