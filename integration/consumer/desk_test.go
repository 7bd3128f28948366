package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
)

// dial returns a client for the server with the settings.
func dial(t *testing.T, server *cyclostest.Server, s settings) *passwords.Client {
	t.Helper()
	s.url = server.URL
	if s.http == nil && s.doer == nil {
		s.http = ownHTTP(t)
	}
	client, err := connect(s)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// ownHTTP returns an HTTP client whose connections are closed after the test.
func ownHTTP(t *testing.T) *http.Client {
	t.Helper()
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// doer is a function that sends requests.
type doer func(*http.Request) (*http.Response, error)

func (d doer) Do(r *http.Request) (*http.Response, error) { return d(r) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestHelpDesk covers the operations of managers and users.
func TestHelpDesk(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.9", "4.16"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := cyclostest.Start(t, cyclostest.WithVersion(version))
			admin := desk{dial(t, server, settings{principal: cyclostest.Admin, password: cyclostest.AdminPassword})}
			client, err := admin.client.With(passwords.WithSessionToken(passwords.NewSecret(cyclostest.AnaSession)))
			must(t, err)
			ana := managed(cyclostest.Ana)

			var out bytes.Buffer
			must(t, list(t.Context(), &out, client, named("self")))
			if lines := strings.Count(out.String(), "\n"); lines != 5 {
				t.Errorf("%d passwords, want 5:\n%s", lines, out.String())
			}

			must(t, change(t.Context(), client, passwords.Self(), "login", cyclostest.AnaPassword, "fresh-value-1"))
			must(t, change(t.Context(), admin.client, ana, "login", "", "fresh-value-2"))
			if got := server.Status(cyclostest.Ana, "login"); got != passwords.StatusReset {
				t.Errorf("a forced change leaves %s", got)
			}
			must(t, admin.client.DisablePassword(t.Context(), ana, "login"))
			for passwordType, want := range map[string]passwords.Status{
				"login": passwords.StatusDisabled, cyclostest.TypeCardPIN: passwords.StatusNeverCreated,
			} {
				if was, err := admin.restore(t.Context(), ana, passwordType); err != nil || was != want {
					t.Errorf("%s was %s, want %s: %v", passwordType, was, want, err)
				}
			}

			confirm := func() passwords.Secret { return passwords.NewSecret("fresh-value-2") }
			for range 2 {
				value, err := own{client}.pin(t.Context(), cyclostest.TypePIN, confirm)
				if err != nil || !server.Check(cyclostest.Ana, cyclostest.TypePIN, value.Reveal()) {
					t.Errorf("the PIN differs, or: %v", err)
				}
			}
			must(t, admin.lost(t.Context(), ana, cyclostest.TypePIN))
			value, err := own{client}.pin(t.Context(), cyclostest.TypePIN, confirm)
			if err != nil || value.IsZero() {
				t.Errorf("after a loss: %v", err)
			}
			must(t, admin.lost(t.Context(), ana, "login"))
			if got := server.Status(cyclostest.Ana, "login"); got != passwords.StatusDisabled {
				t.Errorf("a lost login password is %s", got)
			}
		})
	}
}

// TestRestoreUnblocks restores a password that wrong tries blocked.
func TestRestoreUnblocks(t *testing.T) {
	t.Parallel()
	server := cyclostest.Start(t)
	ana := dial(t, server, settings{session: cyclostest.AnaSession})
	var err error
	for range 3 {
		err = change(t.Context(), ana, passwords.Self(), cyclostest.TypeTradePIN, "999999", "246813")
	}
	if got := explain(err); !strings.Contains(got, "blocked") && !strings.Contains(got, "unblock") {
		t.Errorf("got %q for %v", got, err)
	}
	admin := desk{dial(t, server, settings{session: cyclostest.AdminSession})}
	was, err := admin.restore(t.Context(), managed("#7762070814178012003"), cyclostest.TypeTradePIN)
	if err != nil || was != passwords.StatusIndefinitelyBlocked {
		t.Errorf("was %s, %v", was, err)
	}
	if got := server.Status(cyclostest.Ana, cyclostest.TypeTradePIN); got != passwords.StatusActive {
		t.Errorf("it is %s", got)
	}
}

// TestExplanations has the server fail with each error in the README.
func TestExplanations(t *testing.T) {
	t.Parallel()
	server := cyclostest.NewServer()
	defer server.Close()
	never := 0
	client := dial(t, server, settings{session: cyclostest.AdminSession, retries: &never, timeout: 5 * time.Second})
	for want, fault := range map[string]cyclostest.Fault{
		"log in again: login temporarilyBlocked":                            {Status: 401, Body: `{"code":"login","passwordStatus":"temporarilyBlocked"}`},
		"not allowed: permissionDenied":                                     {Status: 403, Body: `{"code":"permissionDenied"}`},
		"a manager can unblock the password login":                          {Status: 403, Body: `{"code":"indefinitelyBlocked","passwordType":{"internalName":"login"}}`},
		"a password is blocked":                                             {Status: 403, Body: `{"code":"temporarilyBlocked"}`},
		"there is no such PasswordType":                                     {Status: 404, Body: `{"entityType":"PasswordType"}`},
		"there is no such page: check the base URL":                         {Operation: gen.OperationListUserPasswords, Status: 404},
		"the server is down":                                                {Operation: gen.OperationListUserPasswords, Status: 503},
		"the data was changed concurrently":                                 {Status: 409, Body: `{"code":"staleEntity"}`},
		"wrong, too short, too old":                                         {Status: 422, Body: `{"code":"validation","propertyErrors":{"oldPassword":["wrong"],"newPassword":["too short","too old"]}}`},
		"messages cannot be sent now":                                       {Status: 503, Body: `{"code":"smsSending"}`},
		"the server is in trouble":                                          {Operation: gen.OperationListUserPasswords, Status: 500},
		"try again in 7s":                                                   {Operation: gen.OperationListUserPasswords, Status: 429, Header: http.Header{"Retry-After": {"7"}}},
		"this is not the server of the API":                                 {Operation: gen.OperationListUserPasswords, Status: 302, Header: http.Header{"Location": {"https://example.org/"}}},
		"look whether resetAndSendPassword took place before you try again": {Operation: gen.OperationResetAndSendPassword, Cut: true, AfterExecution: true},
	} {
		server.Inject(fault)
		var err error
		if fault.Operation == gen.OperationListUserPasswords {
			err = list(t.Context(), t.Output(), client, managed("ana"))
		} else {
			err = client.ResetAndSendPassword(t.Context(), managed("ana"), "login", passwords.SendMediumSMS)
		}
		if got := explain(err); got != want {
			t.Errorf("got %q, want %q: %v", got, want, err)
		}
		requests := server.Requests()
		if last := requests[len(requests)-1]; !last.Fault || last.Status != fault.Status || last.User != "ana" || last.Executed != fault.AfterExecution {
			t.Errorf("%s: the server received %+v", want, last)
		}
	}
	if got := explain(client.DisablePassword(t.Context(), managed("a/b"), "login")); got != "this cannot be sent: check the names" {
		t.Errorf("got %q", got)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 0)
	defer cancel()
	if got := explain(list(ctx, t.Output(), client, named("self"))); got != "the server is slow" {
		t.Errorf("got %q", got)
	}
	if got := explain(nil); got != "done" {
		t.Errorf("got %q", got)
	}
	if got := explain(errors.New("something else")); got != "not done" {
		t.Errorf("got %q", got)
	}
}

// TestConnect uses every authentication and every option.
func TestConnect(t *testing.T) {
	t.Parallel()
	server := cyclostest.Start(t)
	twice := 2
	var log bytes.Buffer
	observed := 0
	observer := func(ctx context.Context, o passwords.Observation) (context.Context, func(error)) {
		return ctx, func(error) { observed++ }
	}
	for name, s := range map[string]settings{
		"basic, by e-mail":    {principal: "ana@example.org", password: cyclostest.AnaPassword, principalType: "email"},
		"basic, in a channel": {principal: cyclostest.Ana, password: cyclostest.AnaPIN, channel: cyclostest.ChannelPOS},
		"login":               {principal: cyclostest.Ana, password: cyclostest.AnaPassword, login: true},
		"session":             {session: cyclostest.AnaSession},
		"session, asked for": {renew: func(context.Context, passwords.Secret) (passwords.Secret, error) {
			return passwords.NewSecret(server.NewSession("ana")), nil
		}},
		"access client":        {accessClient: cyclostest.BenClientToken, prefix: cyclostest.BenClientPrefix},
		"transport of its own": {session: cyclostest.AnaSession, doer: doer(ownHTTP(t).Transport.RoundTrip)},
		"everything else": {
			session: cyclostest.AnaSession, application: "desk/1.0", timeout: time.Minute, retries: &twice,
			maxResponseBytes: 1 << 16, insecureHTTP: true, requestIDs: true, observer: observer, logger: slog.New(slog.NewTextHandler(&log, nil)),
		},
	} {
		client := dial(t, server, s)
		if err := list(t.Context(), t.Output(), client, named("self")); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if s.login {
			must(t, client.Logout(t.Context()))
		}
	}
	if line := log.String(); !strings.Contains(line, "operation=listUserPasswords") || strings.Contains(line, "ana") {
		t.Errorf("got the log %q", line)
	}
	if observed != 2 {
		t.Errorf("%d ends were observed, want those of a call and of an attempt", observed)
	}
	if _, err := connect(settings{url: "http://cyclos.example.org/api"}); !errors.Is(err, passwords.ErrInvalidArgument) {
		t.Errorf("plain http to another machine: got %v", err)
	}
}
