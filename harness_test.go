package passwords_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/speccheck"
)

// The secrets of these tests. They are compared, never printed.
const (
	testToken    = "wire-token-0f3a"
	testOld      = "wire-old-71c2"
	testNew      = "wire-new-e5d9"
	testOneTime  = "wire-once-4b86"
	testConfirm  = "wire-confirm-92aa"
	testPassword = "wire-pass-d017"
)

// exchange is what arrived at the server.
type exchange struct {
	method, uri, body string
	header            http.Header
}

// wire is a server on loopback which answers everything alike and keeps what
// arrived.
type wire struct {
	url string
	mu  sync.Mutex
	got []exchange
}

// reply is the answer of a wire.
type reply struct {
	status int
	header map[string]string
	body   string
	// offSpec marks an exchange that the API description does not allow, which
	// is checked too.
	offSpec bool
}

func jsonReply(status int, body string) reply {
	return reply{status: status, header: map[string]string{"Content-Type": "application/json"}, body: body}
}

func textReply(body string) reply {
	return reply{status: 200, header: map[string]string{"Content-Type": "text/plain;charset=UTF-8"}, body: body}
}

func newWire(t *testing.T, answer reply) *wire {
	t.Helper()
	w := &wire{}
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			t.Errorf("reading the request: %T", err)
		}
		w.mu.Lock()
		w.got = append(w.got, exchange{r.Method, r.RequestURI, string(body), r.Header.Clone()})
		w.mu.Unlock()
		r.Body = io.NopCloser(newReader(body))
		for name, value := range answer.header {
			rw.Header().Set(name, value)
		}
		err = speccheck.Check(r, answer.status, rw.Header(), []byte(answer.body))
		if (err != nil) != answer.offSpec {
			t.Errorf("%s with answer %d: allowed by the API description: %t (%v)", r.Method, answer.status, err == nil, err)
		}
		rw.WriteHeader(answer.status)
		_, _ = io.WriteString(rw, answer.body)
	}))
	t.Cleanup(server.Close)
	w.url = server.URL + "/api"
	return w
}

// one returns the only exchange.
func (w *wire) one(t *testing.T) exchange {
	t.Helper()
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.got) != 1 {
		t.Fatalf("%d requests arrived, want 1", len(w.got))
	}
	return w.got[0]
}

func (w *wire) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.got)
}

// serveHandler serves h on loopback and returns the base URL.
func serveHandler(t *testing.T, h http.Handler) string {
	t.Helper()
	server := httptest.NewServer(h)
	t.Cleanup(server.Close)
	return server.URL + "/api"
}

// newTransport returns a transport with connections of its own: each closing
// httptest.Server closes those of the default one.
func newTransport(t *testing.T) *http.Transport {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return transport
}

func newClient(t *testing.T, url string, opts ...passwords.Option) *passwords.Client {
	t.Helper()
	if len(opts) == 0 {
		opts = []passwords.Option{passwords.WithSessionToken(testToken)}
	}
	// Tests of retries say so.
	opts = append([]passwords.Option{passwords.WithRetries(0)}, opts...)
	client, err := passwords.New(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	return client
}

// operation is one of the twelve, called with typical arguments.
type operation struct {
	id, method, path string
	// uri is what arrives behind /api.
	uri, body, accept string
	header            map[string]string
	ok                reply
	call              func(ctx context.Context, c *passwords.Client) (any, error)
}

const (
	acceptJSON = "application/json"
	acceptText = "text/plain, application/json;q=0.5"
)

func none(err error) (any, error) { return nil, err }

var noContent = reply{status: 204}

// operations returns the twelve.
func operations() []operation {
	ana, byID := passwords.Principal("ana"), passwords.UserID("-42")
	return []operation{
		{
			id: "listUserPasswords", method: "GET", path: "/{user}/passwords",
			uri: "/ana/passwords?fields=status,type.internalName,-date,%2Bx", accept: acceptJSON,
			ok: jsonReply(200, `[{"status":"active","type":{"internalName":"login"}}]`),
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return c.ListUserPasswords(ctx, ana, "status", "type.internalName", "-date", "+x")
			},
		},
		{
			id: "getUserPasswordsListData", method: "GET", path: "/{user}/passwords/list-data",
			uri: "/self/passwords/list-data", accept: acceptJSON,
			ok: jsonReply(200, `{"user":{"id":"1","user":{"id":"2"}},"passwords":[],"sendMediums":["sms"]}`),
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return c.GetUserPasswordsListData(ctx, passwords.Self())
			},
		},
		{
			id: "getUserPasswordsData", method: "GET", path: "/{user}/passwords/{type}",
			uri: "/-42/passwords/login?fields=-history", accept: acceptJSON,
			ok: jsonReply(200, `{"status":"expired","permissions":{"change":true}}`),
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return c.GetUserPasswordsData(ctx, byID, "login", "-history")
			},
		},
		{
			id: "changePassword", method: "POST", path: "/{user}/passwords/{type}/change",
			uri: "/self/passwords/login/change", accept: acceptJSON,
			body: `{"checkConfirmation":true,"forceChange":true,"newPassword":"` + testNew +
				`","newPasswordConfirmation":"` + testNew + `","oldPassword":"` + testOld + `"}`,
			header: map[string]string{"Content-Type": "application/json"},
			ok:     noContent,
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return none(c.ChangePassword(ctx, passwords.Self(), "login", passwords.ChangePassword{
					OldPassword:             passwords.NewSecret(testOld),
					NewPassword:             passwords.NewSecret(testNew),
					NewPasswordConfirmation: passwords.NewSecret(testNew),
					CheckConfirmation:       true,
					ForceChange:             true,
				}))
			},
		},
		{
			id: "disablePassword", method: "POST", path: "/{user}/passwords/{type}/disable",
			uri: "/ana/passwords/login/disable", accept: acceptJSON, ok: noContent,
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return none(c.DisablePassword(ctx, ana, "login"))
			},
		},
		{
			id: "enablePassword", method: "POST", path: "/{user}/passwords/{type}/enable",
			uri: "/ana/passwords/login/enable", accept: acceptJSON, ok: noContent,
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return none(c.EnablePassword(ctx, ana, "login"))
			},
		},
		{
			id: "unblockPassword", method: "POST", path: "/{user}/passwords/{type}/unblock",
			uri: "/-42/passwords/-7/unblock", accept: acceptJSON, ok: noContent,
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return none(c.UnblockPassword(ctx, byID, "-7"))
			},
		},
		{
			id: "allowGeneration", method: "POST", path: "/{user}/passwords/{type}/allow-generation",
			uri: "/ana/passwords/pin/allow-generation", accept: acceptJSON, ok: noContent,
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return none(c.AllowGeneration(ctx, ana, "pin"))
			},
		},
		{
			id: "resetGeneratedPassword", method: "POST", path: "/{user}/passwords/{type}/reset-generated",
			uri: "/ana/passwords/pin/reset-generated", accept: acceptJSON, ok: noContent,
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return none(c.ResetGeneratedPassword(ctx, ana, "pin"))
			},
		},
		{
			id: "resetAndSendPassword", method: "POST", path: "/{user}/passwords/{type}/reset-and-send",
			uri: "/ana/passwords/login/reset-and-send?sendMediums=email&sendMediums=sms", accept: acceptJSON, ok: noContent,
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return none(c.ResetAndSendPassword(ctx, ana, "login", passwords.SendMediumEmail, passwords.SendMediumSMS))
			},
		},
		{
			id: "generatePassword", method: "POST", path: "/passwords/{type}/generate",
			uri: "/passwords/pin/generate", accept: acceptText, ok: textReply(testOneTime),
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return c.GeneratePassword(ctx, "pin")
			},
		},
		{
			id: "changeGenerated", method: "POST", path: "/passwords/{type}/change-generated",
			uri: "/passwords/pin/change-generated", accept: acceptText, ok: textReply(testOneTime),
			header: map[string]string{"Confirmationpassword": testConfirm},
			call: func(ctx context.Context, c *passwords.Client) (any, error) {
				return c.ChangeGenerated(ctx, "pin", passwords.NewSecret(testConfirm))
			},
		},
	}
}
