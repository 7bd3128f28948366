package passwords_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit"
)

func TestNewRejectsInvalidOptions(t *testing.T) {
	t.Parallel()
	source := func(context.Context, passwords.Secret) (passwords.Secret, error) {
		return passwords.NewSecret(testkit.Token), nil
	}
	basic, session := passwords.WithBasicAuth("ana", passwords.NewSecret(testkit.Password)), passwords.WithSessionToken(passwords.NewSecret(testkit.Token))
	access := passwords.WithAccessClientToken(passwords.NewSecret(testkit.Token))
	for name, opts := range map[string][]passwords.Option{
		"basic and session":            {basic, session},
		"session and source":           {session, passwords.WithSessionTokenSource(source)},
		"access client and basic":      {access, basic},
		"two session tokens":           {session, session},
		"login and session":            {anasLogin, session},
		"two logins":                   {anasLogin, anasLogin},
		"empty principal of a login":   {passwords.WithLogin("", passwords.NewSecret(testkit.Password))},
		"empty password of a login":    {passwords.WithLogin("ana", passwords.Secret{})},
		"control in login password":    {passwords.WithLogin("ana", passwords.NewSecret(testkit.Password+"\n"))},
		"session timeout of 0":         {anasLogin, passwords.WithSessionTimeout(0)},
		"negative session timeout":     {anasLogin, passwords.WithSessionTimeout(-time.Second)},
		"session timeout of 1.5 s":     {anasLogin, passwords.WithSessionTimeout(1500 * time.Millisecond)},
		"session timeout, no login":    {session, passwords.WithSessionTimeout(time.Hour)},
		"empty principal":              {passwords.WithBasicAuth("", passwords.NewSecret(testkit.Password))},
		"empty password":               {passwords.WithBasicAuth("ana", passwords.NewSecret(""))},
		"colon in principal":           {passwords.WithBasicAuth("ana:x", passwords.NewSecret(testkit.Password))},
		"control in principal":         {passwords.WithBasicAuth("ana\n", passwords.NewSecret(testkit.Password))},
		"control in password":          {passwords.WithBasicAuth("ana", passwords.NewSecret(testkit.Password+"\r"))},
		"invalid UTF-8 in password":    {passwords.WithBasicAuth("ana", passwords.NewSecret(testkit.Password+"\xff"))},
		"empty token":                  {passwords.WithSessionToken(passwords.NewSecret(""))},
		"line break in token":          {passwords.WithSessionToken(passwords.NewSecret(testkit.Token + "\nX: y"))},
		"NUL in token":                 {passwords.WithSessionToken(passwords.NewSecret(testkit.Token + "\x00"))},
		"edge space in token":          {passwords.WithSessionToken(passwords.NewSecret(testkit.Token + " "))},
		"tab in token":                 {passwords.WithSessionToken(passwords.NewSecret(testkit.Token + "\t"))},
		"non-ASCII token":              {passwords.WithSessionToken(passwords.NewSecret(testkit.Token + "é"))},
		"invalid UTF-8 in token":       {passwords.WithSessionToken(passwords.NewSecret(testkit.Token + "\xff"))},
		"empty access client token":    {passwords.WithAccessClientToken(passwords.NewSecret(""))},
		"bad access client token":      {passwords.WithAccessClientToken(passwords.NewSecret(" " + testkit.Token))},
		"empty prefix":                 {access, passwords.WithAccessClientPrefix(passwords.NewSecret(""))},
		"bad prefix":                   {access, passwords.WithAccessClientPrefix(passwords.NewSecret("é"))},
		"prefix without access client": {session, passwords.WithAccessClientPrefix(passwords.NewSecret("shop-"))},
		"principal type without basic": {session, passwords.WithPrincipalType("email")},
		"principal type alone":         {passwords.WithPrincipalType("email")},
		"bad principal type":           {basic, passwords.WithPrincipalType("e\nmail")},
		"empty channel":                {passwords.WithChannel("")},
		"bad channel":                  {passwords.WithChannel("pôs")},
		"empty application":            {passwords.WithUserAgent("")},
		"bad application":              {passwords.WithUserAgent("a\r\nb")},
		"negative timeout":             {passwords.WithTimeout(-1)},
		"nil source":                   {passwords.WithSessionTokenSource(nil)},
		"nil editor":                   {passwords.WithRequestEditor(nil)},
		"nil HTTP client":              {passwords.WithHTTPClient(nil)},
		"nil doer":                     {passwords.WithDoer(nil)},
		"nil HTTP client as doer":      {passwords.WithDoer((*http.Client)(nil))},
		"HTTP client and another doer": {passwords.WithHTTPClient(&http.Client{}), passwords.WithDoer(testkit.DoerFunc(nil))},
		"negative retries":             {passwords.WithRetries(-1)},
		"no response bytes":            {passwords.WithMaxResponseBytes(0)},
		"negative response bytes":      {passwords.WithMaxResponseBytes(-1)},
		"least response bytes":         {passwords.WithMaxResponseBytes(math.MinInt64)},
		"boundless response bytes":     {passwords.WithMaxResponseBytes(math.MaxInt64)},
		"nil logger":                   {passwords.WithLogger(nil)},
		"nil observer":                 {passwords.WithObserver(nil)},
		"nil among joined options":     {passwords.JoinOptions(session, nil)},
		"nil option":                   {nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			client, err := passwords.New("https://cyclos.example.org/api", opts...)
			if client != nil || !errors.Is(err, passwords.ErrInvalidArgument) {
				t.Fatalf("got %v, want ErrInvalidArgument", err)
			}
			if !strings.HasPrefix(err.Error(), "passwords: ") {
				t.Errorf("got %v", err)
			}
			for _, secret := range []string{testkit.Token, testkit.Password} {
				if strings.Contains(fmt.Sprintf("%v %+v %#v", err, err, err), secret) {
					t.Error("the error shows the credential")
				}
			}
			base, err := passwords.New("https://cyclos.example.org/api")
			if err != nil {
				t.Fatal(err)
			}
			if _, err := base.With(opts...); !errors.Is(err, passwords.ErrInvalidArgument) {
				t.Errorf("With: got %v, want ErrInvalidArgument", err)
			}
		})
	}
}

func TestDoerSendsTheRequests(t *testing.T) {
	t.Parallel()
	w := testkit.NewWire(t, testkit.NoContent)
	sent, transport := 0, testkit.NewTransport(t)
	client := testkit.NewClient(t, w.URL, passwords.WithSessionToken(passwords.NewSecret(testkit.Token)), passwords.WithDoer(testkit.DoerFunc(func(r *http.Request) (*http.Response, error) {
		sent++
		return transport.RoundTrip(r)
	})))
	if err := client.EnablePassword(t.Context(), passwords.UserID("1"), "login"); err != nil || sent != 1 {
		t.Errorf("got %v after %d requests", err, sent)
	}
}

func TestDoerThatReturnsNothingIsAnError(t *testing.T) {
	t.Parallel()
	for _, resp := range []*http.Response{nil, {StatusCode: 204}} {
		client := testkit.NewClient(t, "https://cyclos.example.org/api", passwords.WithDoer(testkit.DoerFunc(func(*http.Request) (*http.Response, error) { return resp, nil })))
		if err := client.EnablePassword(t.Context(), passwords.UserID("1"), "login"); !errors.Is(err, passwords.ErrUnexpectedResponse) {
			t.Errorf("got %v", err)
		}
	}
}

func TestTimeoutBoundsAnAttempt(t *testing.T) {
	t.Parallel()
	none, far := errors.New("no deadline"), errors.New("far deadline")
	waiting := testkit.DoerFunc(func(r *http.Request) (*http.Response, error) {
		deadline, ok := r.Context().Deadline()
		if !ok {
			return nil, none
		}
		if time.Until(deadline) > time.Second {
			return nil, far
		}
		<-r.Context().Done()
		return nil, r.Context().Err()
	})
	call := func(opts ...passwords.Option) error {
		opts = append(opts, passwords.WithDoer(waiting))
		return testkit.NewClient(t, "https://cyclos.example.org/api", opts...).EnablePassword(t.Context(), passwords.UserID("1"), "login")
	}
	if err := call(passwords.WithTimeout(time.Millisecond)); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if err := call(passwords.WithTimeout(0)); !errors.Is(err, none) {
		t.Errorf("0: got %v", err)
	}
	if err := call(); !errors.Is(err, far) {
		t.Errorf("default: got %v", err)
	}
}
