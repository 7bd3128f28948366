// Package workloads has the operations that are measured, and servers for them.
package workloads

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"

	"github.com/cyclos-go/passwords/bench/internal/work"
	"github.com/cyclos-go/passwords/internal/testkit/bodies"
)

// Workload is one operation.
type Workload struct {
	Name   string
	Method string
	Path   string // below the base URL
	Status int
	Media  string // of the response
	Body   []byte // of the response
	// Sent is the JSON that a request must carry, if any.
	Sent string
	Call func(context.Context, work.Client, work.Keep) error
}

// SeedVariable is the environment variable with the seed of the body of
// list-data-seeded. All processes of a run need the same one.
const SeedVariable = "BENCH_SEED"

// The workloads.
var (
	ListData = Workload{Name: "list-data", Method: http.MethodGet, Path: "/" + work.User + "/passwords/list-data",
		Status: http.StatusOK, Media: "application/json", Body: bodies.ListData,
		Call: func(ctx context.Context, c work.Client, keep work.Keep) error {
			return c.ListData(ctx, work.User, keep)
		}}
	ListDataSeeded = Workload{Name: "list-data-seeded", Method: http.MethodGet, Path: "/" + work.OtherUser + "/passwords/list-data",
		Status: http.StatusOK, Media: "application/json", Body: bodies.SeededListData(seed()),
		Call: func(ctx context.Context, c work.Client, keep work.Keep) error {
			return c.ListData(ctx, work.OtherUser, keep)
		}}
	List = Workload{Name: "list", Method: http.MethodGet, Path: "/" + work.User + "/passwords",
		Status: http.StatusOK, Media: "application/json", Body: bodies.List,
		Call: func(ctx context.Context, c work.Client, keep work.Keep) error { return c.List(ctx, keep) }}
	Change = Workload{Name: "change", Method: http.MethodPost, Path: "/" + work.User + "/passwords/" + work.PasswordType + "/change",
		Status: http.StatusNoContent, Sent: work.Sent,
		Call: func(ctx context.Context, c work.Client, keep work.Keep) error { return c.Change(ctx, keep) }}
	Generate = Workload{Name: "generate", Method: http.MethodPost, Path: "/passwords/" + work.PasswordType + "/generate",
		Status: http.StatusOK, Media: "text/plain;charset=UTF-8", Body: []byte("7kQ2mX9pLr4t"),
		Call: func(ctx context.Context, c work.Client, keep work.Keep) error { return c.Generate(ctx, keep) }}
)

// All are the workloads in the order of the tables.
var All = []Workload{ListData, ListDataSeeded, List, Change, Generate}

func seed() uint64 {
	value, ok := os.LookupEnv(SeedVariable)
	if !ok {
		return 1
	}
	seed, err := strconv.ParseUint(value, 10, 64)
	if err != nil {
		panic(fmt.Sprintf("%s is not a number: %v", SeedVariable, err))
	}
	return seed
}
