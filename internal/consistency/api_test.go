package consistency

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/gen"
)

// The signatures of the functions that users call. A change does not compile. For
// the operations see TestTraceabilityOfCalls.
var (
	_ func(string, ...passwords.Option) (*passwords.Client, error)                             = passwords.New
	_ func(*passwords.Client, ...passwords.Option) (*passwords.Client, error)                  = (*passwords.Client).With
	_ func(principal string, password passwords.Secret) passwords.Option                       = passwords.WithBasicAuth
	_ func(token passwords.Secret) passwords.Option                                            = passwords.WithSessionToken
	_ func(func(context.Context, passwords.Secret) (passwords.Secret, error)) passwords.Option = passwords.WithSessionTokenSource
	_ func(principal string, password passwords.Secret) passwords.Option                       = passwords.WithLogin
	_ func(time.Duration) passwords.Option                                                     = passwords.WithSessionTimeout
	_ func(token passwords.Secret) passwords.Option                                            = passwords.WithAccessClientToken
	_ func(prefix passwords.Secret) passwords.Option                                           = passwords.WithAccessClientPrefix
	_ func(name string) passwords.Option                                                       = passwords.WithPrincipalType
	_ func(name string) passwords.Option                                                       = passwords.WithChannel
	_ func(*http.Client) passwords.Option                                                      = passwords.WithHTTPClient
	_ func(gen.HttpRequestDoer) passwords.Option                                               = passwords.WithDoer
	_ func(gen.RequestEditorFn) passwords.Option                                               = passwords.WithRequestEditor
	_ func(application string) passwords.Option                                                = passwords.WithUserAgent
	_ func(time.Duration) passwords.Option                                                     = passwords.WithTimeout
	_ func() passwords.Option                                                                  = passwords.WithInsecureHTTP
	_ func(int64) passwords.Option                                                             = passwords.WithMaxResponseBytes
	_ func(int) passwords.Option                                                               = passwords.WithRetries
	_ func(*slog.Logger) passwords.Option                                                      = passwords.WithLogger
	_ func(principal string, password passwords.Secret) gen.RequestEditorFn                    = passwords.BasicAuth
	_ func(token passwords.Secret) gen.RequestEditorFn                                         = passwords.SessionToken
	_ func(token passwords.Secret) gen.RequestEditorFn                                         = passwords.AccessClientToken
	_ func() passwords.SelfUser                                                                = passwords.Self
	_ func(id string) passwords.ManagedUser                                                    = passwords.UserID
	_ func(value string) passwords.ManagedUser                                                 = passwords.Principal
	_ func(value string) passwords.ManagedUser                                                 = passwords.Locator
	_ func(string) passwords.Secret                                                            = passwords.NewSecret
	_ func(err error, codes ...string) bool                                                    = passwords.IsCode
	_ passwords.User                                                                           = passwords.Self()
	_ passwords.User                                                                           = passwords.UserID("1")
	_ error                                                                                    = (*passwords.Error)(nil)
)

// TestSelfDoesNotCompileWhereTheAPIHasNone builds small programs with Self, which
// must not compile. The same programs with a managed user must compile.
func TestSelfDoesNotCompileWhereTheAPIHasNone(t *testing.T) {
	t.Parallel()
	root, err := filepath.Abs(repository)
	if err != nil {
		t.Fatal(err)
	}
	for _, method := range []string{"AllowGeneration", "ResetGeneratedPassword", "ResetAndSendPassword"} {
		t.Run(method, func(t *testing.T) {
			t.Parallel()
			if out, err := build(t, root, fmt.Sprintf(`_ = new(passwords.Client).%s(context.Background(), passwords.Principal("ana"), "login")`, method)); err != nil {
				t.Fatalf("a managed user was rejected: %v\n%s", err, out)
			}
			out, err := build(t, root, fmt.Sprintf(`_ = new(passwords.Client).%s(context.Background(), passwords.Self(), "login")`, method))
			if err == nil || !strings.Contains(out, "cannot use passwords.Self()") {
				t.Errorf("Self was not rejected: %v\n%s", err, out)
			}
		})
	}
	for name, statement := range map[string]string{
		"another User":            `var _ passwords.User = mine{}`,
		"a string as user":        `_ = new(passwords.Client).DisablePassword(context.Background(), "ana", "login")`,
		"comparing secrets by ==": `_ = passwords.NewSecret("a") == passwords.NewSecret("b")`,
		"a string as password":    `_ = passwords.ChangePassword{NewPassword: "a"}`,
		"a string as secret":      `_ = passwords.Secret("a")`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if out, err := build(t, root, statement); err == nil {
				t.Errorf("it compiles\n%s", out)
			}
		})
	}
}

// build compiles a program with the statement against package passwords.
func build(t *testing.T, root, statement string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	program := "package main\n\nimport (\n\"context\"\n\"github.com/cyclos-go/passwords\"\n)\n\ntype mine struct{}\n\nfunc (mine) isUser() {}\n\nfunc main() {\n_ = context.Background\n_ = passwords.Self\n" + statement + "\n}\n"
	// An overlay puts the program into the module, so that it uses its go.sum.
	source, overlay := filepath.Join(dir, "main.go"), filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(source, []byte(program), 0o600); err != nil {
		t.Fatal(err)
	}
	target := filepath.Join(root, "compiletest", "main.go")
	if err := os.WriteFile(overlay, fmt.Appendf(nil, `{"Replace":{%q:%q}}`, target, source), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("go", "build", "-overlay", overlay, "-o", filepath.Join(dir, "out"), "./compiletest")
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	return string(out), err
}
