package passwords_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestSelfDoesNotCompileWhereTheAPIHasNone builds small programs. Each is built
// with a managed user too, so that it is self which is rejected and nothing else.
func TestSelfDoesNotCompileWhereTheAPIHasNone(t *testing.T) {
	t.Parallel()
	root, err := os.Getwd()
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
				t.Errorf("self was not rejected: %v\n%s", err, out)
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

// build compiles a program with the statement against the package under test.
func build(t *testing.T, root, statement string) (string, error) {
	t.Helper()
	dir := t.TempDir()
	program := "package main\n\nimport (\n\"context\"\n\"github.com/cyclos-go/passwords\"\n)\n\ntype mine struct{}\n\nfunc (mine) isUser() {}\n\nfunc main() {\n_ = context.Background\n_ = passwords.Self\n" + statement + "\n}\n"
	// An overlay puts the program inside the module, whose go.sum it needs.
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
