package hardening

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/hardening/internal/held"
)

// The secrets of these tests. What is not a letter or a digit makes each way to
// quote a value another form of it.
const (
	secretValue  = `sec~8h"Zp<3&Tq_c5'Rw+Kd`
	otherValue   = `oth~2j"Mv<6&Yx_b1'Gn+Sf`
	basicValue   = `bas~5k"Wd<9&Lr_e7'Jt+Pz`
	sessionValue = `ses~1q"Hc<4&Vm_g8'Xy+Bn`
	clientValue  = `cli~6f"Qs<2&Dk_j3'Ub+Tw`
	prefixValue  = `pre~7m"Rg<5&Fz_n9'Ea+Hv`
	sourceValue  = `src~3w"Nj<8&Cp_t4'Ki+Ly`
)

// credentials are the secrets that clients, options and editors carry.
func credentials() []string {
	return []string{
		basicValue, sessionValue, clientValue, prefixValue, sourceValue,
		base64.StdEncoding.EncodeToString([]byte("ana:" + basicValue)),
	}
}

// subject is something that holds secrets, in all places.
type subject struct {
	name    string
	holders []held.Holder
}

func subjects(t *testing.T) []subject {
	t.Helper()
	secret := passwords.NewSecret(secretValue)
	all := []subject{
		{"Secret", held.Everywhere(secret)},
		{"ChangePassword", held.Everywhere(passwords.ChangePassword{OldPassword: secret, NewPassword: secret, NewPasswordConfirmation: secret})},
		{"BasicAuth", held.Everywhere(passwords.BasicAuth("ana", basicValue))},
		{"SessionToken", held.Everywhere(passwords.SessionToken(sessionValue))},
		{"AccessClientToken", held.Everywhere(passwords.AccessClientToken(clientValue))},
	}
	for name, opts := range authentications() {
		for _, opt := range opts {
			all = append(all, subject{"options of " + name, held.Everywhere(opt)})
		}
		client, err := passwords.New("http://127.0.0.1/api", opts...)
		if err != nil {
			t.Fatal("New failed")
		}
		all = append(all, subject{"*Client with " + name, held.Everywhere(client)}, subject{"Client with " + name, held.Everywhere(*client)})
	}
	for _, bad := range []passwords.Option{
		passwords.WithSessionToken(sessionValue + "\n"), passwords.WithAccessClientToken(clientValue + "\x00"),
		passwords.WithAccessClientPrefix(prefixValue + "é"), passwords.WithBasicAuth("ana", basicValue+"\n"),
	} {
		_, err := passwords.New("http://127.0.0.1/api", bad)
		if err == nil {
			t.Fatal("a bad option is no error")
		}
		all = append(all, subject{"error of New", held.Everywhere(err)}, subject{"bad option", held.Everywhere(bad)})
	}
	_, err := passwords.New("http://ana:" + strings.ReplaceAll(basicValue, `"`, "%") + "@127.0.0.1/api")
	return append(all, subject{"error of New for a base URL", held.Everywhere(err)})
}

func authentications() map[string][]passwords.Option {
	source := passwords.NewSecret(sourceValue)
	return map[string][]passwords.Option{
		"basic":   {passwords.WithBasicAuth("ana", basicValue), passwords.WithPrincipalType("login")},
		"session": {passwords.WithSessionToken(sessionValue)},
		"source":  {passwords.WithSessionTokenSource(func(context.Context) (passwords.Secret, error) { return source, nil })},
		"client":  {passwords.WithAccessClientToken(clientValue), passwords.WithAccessClientPrefix(prefixValue)},
		"editor": {passwords.WithRequestEditor(passwords.SessionToken(sessionValue)), passwords.WithHTTPClient(&http.Client{
			Transport: &http.Transport{},
		})},
	}
}
