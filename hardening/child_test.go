package hardening

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/hardening/internal/held"
	"github.com/cyclos-go/passwords/hardening/internal/leak"
)

// controlPrefix begins the names of children that show a secret on purpose.
const controlPrefix = "control "

// children are what this test binary does when TestMain starts it as a child:
// each ends in the output of a crash or of a failed test.
func children() map[string]func() {
	secret := passwords.NewSecret(secretValue)
	all := map[string]func(){
		controlPrefix + "panic":       func() { panic(secretValue) },
		controlPrefix + "panic error": func() { panic(fmt.Errorf("wrapped: %s", secretValue)) },
		controlPrefix + "test":        func() { fail(func(t *testing.T) { t.Errorf("%v", secretValue) }) },
		controlPrefix + "naive test":  func() { fail(func(t *testing.T) { t.Errorf("%v", naiveHolder{v: secretValue}) }) },
		controlPrefix + "testify":     func() { fail(func(t *testing.T) { assert.Equal(t, naive(otherValue), naive(secretValue)) }) },
		"panic in a test":             func() { fail(func(*testing.T) { panic(secret) }) },
		"panic of an error":           func() { panic(childError()) },
		"panic of a wrapped error":    func() { panic(fmt.Errorf("wrapped: %w", childError())) },
		"panic of joined errors":      func() { panic(errors.Join(childError(), childError())) },
		"panic in a goroutine": func() {
			go panic(secret)
			<-make(chan struct{}) // until the process ends
		},
		"panic again": func() {
			defer func() { panic(recover()) }()
			panic(secret)
		},
		"test with an error": func() { fail(func(t *testing.T) { t.Errorf("%v %+v %#v", childError(), childError(), childError()) }) },
	}
	for name, v := range childSubjects() {
		for _, h := range held.Everywhere(v) {
			if h.Name != "value" && name != "Secret" {
				continue
			}
			all["panic of "+name+" "+h.Name] = func() { panic(h.Value) }
			all["test with "+name+" "+h.Name] = func() {
				fail(func(t *testing.T) {
					t.Logf("%v %+v %#v %s %q %x %d", h.Value, h.Value, h.Value, h.Value, h.Value, h.Value, h.Value)
					assert.Equal(t, 0, h.Value)
					t.Errorf("%v %+v %#v", h.Value, h.Value, h.Value)
				})
			}
		}
	}
	return all
}

func childSubjects() map[string]any {
	secret := passwords.NewSecret(secretValue)
	client, err := passwords.New("http://127.0.0.1/api", passwords.WithBasicAuth("ana", basicValue))
	if err != nil {
		panic("New failed")
	}
	return map[string]any{
		"Secret":         secret,
		"ChangePassword": passwords.ChangePassword{OldPassword: secret, NewPassword: secret},
		"Client":         client,
		"Option":         passwords.WithSessionToken(sessionValue),
		"editor":         passwords.AccessClientToken(clientValue),
	}
}

// childError is the error for an answer that echoes.
func childError() error {
	failure, err := failureFor(context.Background(), echoes()["JSON 403"])
	if err != nil {
		panic("no failure to print")
	}
	return failure
}

// fail runs a test that fails, and ends the process like one.
func fail(check func(t *testing.T)) {
	matchAll := func(string, string) (bool, error) { return true, nil }
	testing.Main(matchAll, []testing.InternalTest{{Name: "TestOnPurpose", F: check}}, nil, nil)
}

// TestCrashesAndFailedTestsShowNothing looks at what a process leaves on its
// output when it panics or when a test of it fails.
func TestCrashesAndFailedTestsShowNothing(t *testing.T) {
	t.Parallel()
	search := leak.ForParts(append(credentials(), secretValue)...)
	for name := range children() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childVariable+"="+name, "GOTRACEBACK=all", "GORACE=atexit_sleep_ms=0")
			var out bytes.Buffer
			cmd.Stdout, cmd.Stderr = &out, &out
			err := cmd.Run()
			if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() == 64 {
				t.Fatalf("the child did not fail as it should: %T", err)
			}
			if !strings.Contains(out.String(), "panic: ") && !strings.Contains(out.String(), "--- FAIL") {
				t.Fatal("the child printed no failure")
			}
			if found := search.Find(out.String()); (len(found) > 0) != strings.HasPrefix(name, controlPrefix) {
				t.Errorf("shows a secret: %t (%s)", len(found) > 0, leak.Describe(found))
			}
		})
	}
}
