// Package work holds what the clients are asked to do, and what the server
// answers. It imports none of them.
package work

import (
	"context"
	"embed"
	"net/http"
)

// The arguments of the operations. They guard nothing.
const (
	User         = "ana"
	PasswordType = "login"
	Token        = "a-session-token-of-32-characters"
	OldPassword  = "an-old-example-value"
	NewPassword  = "a-new-example-value"
)

// Workload is one operation.
type Workload struct {
	Name   string
	Method string
	Path   string // below the base URL
	Status int
	Media  string // of the answer
	Body   []byte // of the answer
	// Sent is the JSON a request has to carry, if any.
	Sent string
	// The most that a call of ours may take in memory.
	MaxAllocs, MaxBytes float64
}

//go:embed testdata
var bodies embed.FS

// All are the workloads in the order of the tables.
var All = []Workload{
	{Name: "list-data", Method: http.MethodGet, Path: "/" + User + "/passwords/list-data",
		Status: http.StatusOK, Media: "application/json", Body: file("list-data.json"), MaxAllocs: 340, MaxBytes: 45000},
	{Name: "list", Method: http.MethodGet, Path: "/" + User + "/passwords",
		Status: http.StatusOK, Media: "application/json", Body: file("list.json"), MaxAllocs: 45, MaxBytes: 5500},
	{Name: "change", Method: http.MethodPost, Path: "/" + User + "/passwords/" + PasswordType + "/change",
		Status: http.StatusNoContent,
		Sent: `{"oldPassword":"` + OldPassword + `","newPassword":"` + NewPassword +
			`","checkConfirmation":true,"newPasswordConfirmation":"` + NewPassword + `"}`, MaxAllocs: 30, MaxBytes: 2700},
	{Name: "generate", Method: http.MethodPost, Path: "/passwords/" + PasswordType + "/generate",
		Status: http.StatusOK, Media: "text/plain;charset=UTF-8", Body: []byte("7kQ2mX9pLr4t"), MaxAllocs: 24, MaxBytes: 2300},
}

func file(name string) []byte {
	data, err := bodies.ReadFile("testdata/" + name)
	if err != nil {
		panic(err)
	}
	return data
}

// Keep takes the result of a call. It is nil while time is taken.
type Keep func(result any)

// Client is a client as the harness drives it: one method a workload, in the
// order of All.
type Client interface {
	ListData(context.Context, Keep) error
	List(context.Context, Keep) error
	Change(context.Context, Keep) error
	Generate(context.Context, Keep) error
}

// Call calls the method of c for the workload.
func (w Workload) Call(c Client) func(context.Context, Keep) error {
	switch w.Name {
	case "list-data":
		return c.ListData
	case "list":
		return c.List
	case "change":
		return c.Change
	default:
		return c.Generate
	}
}
