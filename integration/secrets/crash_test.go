// Package secrets tests that no printer, encoder, logger, crash or failed test
// shows a credential or password that a client holds, sends or receives. It is in
// a module of its own because it needs packages of third parties.
package secrets

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"go.uber.org/goleak"

	"github.com/cyclos-go/passwords"
)

// childVariable is the environment variable that makes the test binary run one of
// children instead of the tests.
const childVariable = "SECRETS_CHILD"

// noSuchChild is the exit code for an unknown child.
const noSuchChild = 64

// TestMain fails if a test leaves a goroutine behind.
func TestMain(m *testing.M) {
	flag.Parse()
	if name := os.Getenv(childVariable); name != "" {
		all := children()
		all[usedClient] = func() { printUsed(useClient) }
		all[usedControl] = func() { printUsed(usePlainClient) }
		child, ok := all[name]
		if !ok {
			fmt.Fprintln(os.Stderr, "no such child")
			os.Exit(noSuchChild)
		}
		child()
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// controlPrefix starts the names of children that show a secret on purpose.
const controlPrefix = "control "

// children are the functions that end a process with a crash or a failed test.
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
			<-make(chan struct{}) // blocks until the process ends
		},
		"panic again": func() {
			defer func() { panic(recover()) }()
			panic(secret)
		},
		"test with an error": func() { fail(func(t *testing.T) { t.Errorf("%v %+v %#v", childError(), childError(), childError()) }) },
	}
	for _, s := range subjects() {
		if !slices.Contains([]string{"Secret", "ChangePassword", "*Client with basic", "options of session", "AccessClientToken"}, s.name) {
			continue
		}
		for _, h := range s.holders {
			if h.name != "value" && s.name != "Secret" {
				continue
			}
			all["panic of "+s.name+" "+h.name] = func() { panic(h.value) }
			all["test with "+s.name+" "+h.name] = func() {
				fail(func(t *testing.T) {
					t.Logf("%v %+v %#v %s %q %x %d", h.value, h.value, h.value, h.value, h.value, h.value, h.value)
					assert.Equal(t, 0, h.value)
					t.Errorf("%v %+v %#v", h.value, h.value, h.value)
				})
			}
		}
	}
	return all
}

// childError returns the error for a response that contains secrets.
func childError() error {
	failure, err := failureFor(context.Background(), echoes()["JSON 403"])
	if err != nil {
		panic("no failure to print")
	}
	return failure
}

// fail runs a failing test and ends the process as the testing package does.
func fail(check func(t *testing.T)) {
	matchAll := func(string, string) (bool, error) { return true, nil }
	testing.Main(matchAll, []testing.InternalTest{{Name: "TestOnPurpose", F: check}}, nil, nil)
}

// TestCrashesAndFailedTestsShowNothing searches the output of processes that panic
// and of tests that fail.
func TestCrashesAndFailedTestsShowNothing(t *testing.T) {
	t.Parallel()
	search := searchForParts(append(credentials(), secretValue)...)
	for name := range children() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), os.Args[0])
			cmd.Env = append(os.Environ(), childVariable+"="+name, "GOTRACEBACK=all", "GORACE=atexit_sleep_ms=0")
			output, err := cmd.CombinedOutput()
			out := string(output)
			if exit := (*exec.ExitError)(nil); !errors.As(err, &exit) || exit.ExitCode() == noSuchChild {
				t.Fatalf("the child did not fail: %T", err)
			}
			if !strings.Contains(out, "panic: ") && !strings.Contains(out, "--- FAIL") {
				t.Fatal("the child printed no failure")
			}
			if found := search.find(out); (len(found) > 0) != strings.HasPrefix(name, controlPrefix) {
				t.Errorf("shows a secret: %t (%s)", len(found) > 0, strings.Join(found, ", "))
			}
		})
	}
}
