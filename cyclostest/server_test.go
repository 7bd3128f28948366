package cyclostest

import (
	"bytes"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"runtime/pprof"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

func TestInvalidArgumentsPanic(t *testing.T) {
	t.Parallel()
	s := New()
	for name, f := range map[string]func(){
		"version":                func() { New(WithVersion("4.8")) },
		"clock":                  func() { NewServer(WithClock(nil)) },
		"world":                  func() { New(WithWorld(World{})) },
		"user of a session":      func() { s.NewSession("nobody") },
		"user of a status":       func() { s.Status("nobody", TypeLogin) },
		"password type":          func() { s.Check(Ana, "nope", "") },
		"operation of calls":     func() { s.Calls("nope") },
		"operation of a fault":   func() { s.Inject(Fault{Operation: "nope"}) },
		"user of a fault":        func() { s.Inject(Fault{User: "nobody"}) },
		"type of a fault":        func() { s.Inject(Fault{PasswordType: "nope"}) },
		"record limit":           func() { New(WithRecordLimit(0)) },
		"informational status":   func() { s.Inject(Fault{Status: 101}) },
		"status of four figures": func() { s.Inject(Fault{Status: 1000}) },
	} {
		t.Run(name, func(t *testing.T) { mustPanic(t, f) })
	}
	if _, err := listen("256.0.0.1:0", "nowhere:-1"); err == nil {
		t.Error("got no error for invalid addresses")
	}
}

func TestServersAreIndependent(t *testing.T) {
	t.Parallel()
	w := DefaultWorld()
	a, b := start(t, WithWorld(w)), start(t, WithWorld(w))
	a.ok(disable, session(AnaSession))
	b.wantStatus(Ana, TypeLogin, active)
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	r := start(t)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			token := r.NewSession(Ben)
			for range 10 {
				switch i % 4 {
				case 0:
					r.Inject(Fault{Status: 503, Operation: gen.OperationListUserPasswords})
					r.get("/self/passwords", session(token))
				case 1:
					r.get("/self/passwords/list-data", session(token))
				case 2:
					r.post("/passwords/pin/generate", session(token))
					r.post("/passwords/pin/change-generated", session(token))
				default:
					r.post("/ben/passwords/pin/reset-generated", session(BrokerSession))
					r.Status(Ben, TypePIN)
					r.Messages()
					r.Requests()
				}
			}
			r.EndSession(token)
		})
	}
	wg.Wait()
}

// leakEnv makes TestCloseEndsGoroutines run alone in a child process, in which no
// other test has goroutines.
const leakEnv = "CYCLOSTEST_LEAK"

func TestCloseEndsGoroutines(t *testing.T) {
	t.Parallel()
	if os.Getenv(leakEnv) == "" {
		child := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestCloseEndsGoroutines$")
		child.Env = append(os.Environ(), leakEnv+"=1")
		if out, err := child.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	s := NewServer()
	client := &http.Client{Transport: &http.Transport{}}
	for i := range 5 {
		req, err := http.NewRequest("GET", s.URL+"/self/passwords", nil)
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set(headerSession, AnaSession)
		resp, err := client.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		if i%2 == 0 {
			resp.Body.Close()
		}
	}
	s.Close()
	s.Close() // has no effect
	// A goroutine runs its last instructions after it reported its end.
	deadline := time.Now().Add(10 * time.Second)
	for running := serverStacks(t); running != ""; running = serverStacks(t) {
		if time.Now().After(deadline) {
			t.Fatalf("goroutines still running:\n%s", running)
		}
		runtime.Gosched()
	}
}

// serverStacks returns the stacks of all goroutines of servers.
func serverStacks(t *testing.T) string {
	t.Helper()
	var stacks bytes.Buffer
	if err := pprof.Lookup("goroutine").WriteTo(&stacks, 2); err != nil {
		t.Fatal(err)
	}
	var found []string
	for stack := range strings.SplitSeq(stacks.String(), "\n\n") {
		if strings.Contains(stack, "net/http.(*conn)") || strings.Contains(stack, "net/http.(*Server)") ||
			strings.Contains(stack, "cyclostest.(*Server)") {
			found = append(found, stack)
		}
	}
	return strings.Join(found, "\n\n")
}

func TestCustomWorld(t *testing.T) {
	t.Parallel()
	w := World{
		PasswordTypes: []PasswordType{
			{InternalName: "pin", Mode: gen.PasswordModeEnumGenerated},
			{InternalName: "secret", Mode: gen.PasswordModeEnumManual},
		},
		Users: []User{{LoginName: "root", Role: RoleAdministrator}, {LoginName: "eve", Passwords: []Password{{Type: "secret", Value: "x"}}}},
	}
	r := start(t, WithWorld(w))
	var data gen.DataForUserPasswords
	r.get("/self/passwords/list-data", basic("eve", "x"), header(headerChannel, "main")).decode(t, &data)
	got := fmt.Sprint(data.User.ID, data.User.Display, data.Passwords[1].Type.ID, data.Passwords[1].Type.Name)
	if want := "1000002eve2000002secret"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	r.generated("/passwords/pin/generate", basic("eve", "x"))
}

func TestEndedSession(t *testing.T) {
	t.Parallel()
	r := start(t)
	token := r.NewSession(Ben)
	if token == r.NewSession(Ben) {
		t.Fatal("two sessions have the same token")
	}
	r.get("/self/passwords", session(token)).want(t, 200, "")
	r.EndSession(token)
	r.EndSession("unknown")
	r.get("/self/passwords", session(token)).want(t, 401, `{"code":"loggedOut"}`)
}
