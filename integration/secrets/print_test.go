package secrets

import (
	"context"
	"encoding/base64"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
)

// The secrets of these tests. Because of the special characters, each way to quote
// a value results in another form.
const (
	secretValue  = `sec~8h"Zp<3&Tq_c5'Rw+Kd`
	otherValue   = `oth~2j"Mv<6&Yx_b1'Gn+Sf`
	basicValue   = `bas~5k"Wd<9&Lr_e7'Jt+Pz`
	sessionValue = `ses~1q"Hc<4&Vm_g8'Xy+Bn`
	clientValue  = `cli~6f"Qs<2&Dk_j3'Ub+Tw`
	prefixValue  = `pre~7m"Rg<5&Fz_n9'Ea+Hv`
	sourceValue  = `src~3w"Nj<8&Cp_t4'Ki+Ly`
)

// credentials are the secrets in clients, options and editors.
func credentials() []string {
	return []string{
		basicValue, sessionValue, clientValue, prefixValue, sourceValue,
		base64.StdEncoding.EncodeToString([]byte("ana:" + basicValue)),
	}
}

// subject is a value that contains secrets, in every place of everywhere.
type subject struct {
	name    string
	holders []holder
}

func subjects() []subject {
	secret := passwords.NewSecret(secretValue)
	all := []subject{
		{"Secret", everywhere(secret)},
		{"ChangePassword", everywhere(passwords.ChangePassword{OldPassword: secret, NewPassword: secret, NewPasswordConfirmation: secret})},
		{"BasicAuth", everywhere(passwords.BasicAuth("ana", passwords.NewSecret(basicValue)))},
		{"SessionToken", everywhere(passwords.SessionToken(passwords.NewSecret(sessionValue)))},
		{"AccessClientToken", everywhere(passwords.AccessClientToken(passwords.NewSecret(clientValue)))},
	}
	for name, opts := range authentications() {
		for _, opt := range opts {
			all = append(all, subject{"options of " + name, everywhere(opt)})
		}
		client, err := passwords.New("http://127.0.0.1/api", opts...)
		if err != nil {
			panic("New failed")
		}
		all = append(all, subject{"*Client with " + name, everywhere(client)}, subject{"Client with " + name, everywhere(*client)})
	}
	for _, bad := range []passwords.Option{
		passwords.WithSessionToken(passwords.NewSecret(sessionValue + "\n")), passwords.WithAccessClientToken(passwords.NewSecret(clientValue + "\x00")),
		passwords.WithAccessClientPrefix(passwords.NewSecret(prefixValue + "é")), passwords.WithBasicAuth("ana", passwords.NewSecret(basicValue+"\n")),
	} {
		_, err := passwords.New("http://127.0.0.1/api", bad)
		if err == nil {
			panic("a bad option is accepted")
		}
		all = append(all, subject{"error of New", everywhere(err)}, subject{"bad option", everywhere(bad)})
	}
	_, err := passwords.New("http://ana:" + strings.ReplaceAll(basicValue, `"`, "%") + "@127.0.0.1/api")
	return append(all, subject{"error of New for a base URL", everywhere(err)})
}

func authentications() map[string][]passwords.Option {
	source := passwords.NewSecret(sourceValue)
	return map[string][]passwords.Option{
		"basic":   {passwords.WithBasicAuth("ana", passwords.NewSecret(basicValue)), passwords.WithPrincipalType("login")},
		"login":   {passwords.WithLogin("ana", passwords.NewSecret(basicValue)), passwords.WithSessionTimeout(time.Hour)},
		"session": {passwords.WithSessionToken(passwords.NewSecret(sessionValue))},
		"source":  {passwords.WithSessionTokenSource(func(context.Context, passwords.Secret) (passwords.Secret, error) { return source, nil })},
		"client":  {passwords.WithAccessClientToken(passwords.NewSecret(clientValue)), passwords.WithAccessClientPrefix(passwords.NewSecret(prefixValue))},
		"editor": {passwords.WithRequestEditor(passwords.SessionToken(passwords.NewSecret(sessionValue))),
			passwords.WithHTTPClient(&http.Client{Transport: &http.Transport{}})},
	}
}

// holder is a value in one of the places where values end up by accident.
type holder struct {
	name  string
	value any
}

type (
	exported[T any]   struct{ V T }
	unexported[T any] struct{ v T }
	pointers[T any]   struct {
		P  *T
		p  *T
		pp **T
	}
	deep[T any] struct {
		list  []unexported[T]
		byKey map[string]*exported[T]
		any   any
		fixed [1]T
	}
)

// everywhere returns v in all places.
func everywhere[T any](v T) []holder {
	p := &v
	return []holder{
		{"value", v},
		{"pointer", p},
		{"pointer to pointer", &p},
		{"field", exported[T]{v}},
		{"pointer to field", &exported[T]{v}},
		{"unexported field", unexported[T]{v}},
		{"pointer to unexported field", &unexported[T]{v}},
		{"pointer fields", pointers[T]{p, p, &p}},
		{"interface field", exported[any]{v}},
		{"unexported interface field", unexported[any]{p}},
		{"map", map[string]T{"k": v}},
		{"map of pointers", map[string]*T{"k": p}},
		{"map of any", map[string]any{"k": v}},
		{"slice", []T{v}},
		{"slice of any", []any{v, p}},
		{"array", [1]T{v}},
		{"deep", &deep[T]{[]unexported[T]{{v}}, map[string]*exported[T]{"k": {v}}, p, [1]T{v}}},
	}
}

// TestNoSinkShowsACredential prints every subject in every place with every sink.
func TestNoSinkShowsACredential(t *testing.T) {
	t.Parallel()
	search := searchForParts(append(credentials(), secretValue)...)
	for _, subject := range subjects() {
		t.Run(subject.name, func(t *testing.T) {
			t.Parallel()
			checkSinks(t, search, subject.holders, func(sink, holder) bool { return true })
		})
	}
}

// checkSinks prints the holders with every sink that covers selects. It reports
// each sink once.
func checkSinks(t *testing.T, search *search, holders []holder, covers func(sink, holder) bool) {
	t.Helper()
	known := map[string][]string{} // many printers write the same output
	for _, s := range sinks() {
		var places, forms []string
		for _, h := range holders {
			if !covers(s, h) {
				continue
			}
			output := s.show(h.value)
			found, ok := known[output]
			if !ok {
				found = search.find(output)
				known[output] = found
			}
			if len(found) > 0 {
				places, forms = append(places, h.name), append(forms, found...)
			}
		}
		if len(places) > 0 {
			slices.Sort(forms)
			t.Errorf("%s shows a secret in %d places, such as %s: %s", s.name, len(places), places[0], strings.Join(slices.Compact(forms), ", "))
		}
	}
}
