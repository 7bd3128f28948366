package passwords_test

import (
	"bufio"
	"bytes"
	"encoding"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/big"
	"mime"
	"net"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// fuzzMarker stands for what must not be shown. It looks like no code of the
// API, which an error shows.
const fuzzMarker = "mark-4821-body"

// fuzzPlanted returns text with the marker somewhere in it.
func fuzzPlanted[T ~string | ~[]byte](text T, at uint16) string {
	cut := int(at) % (len(text) + 1)
	return string(text[:cut]) + fuzzMarker + string(text[cut:])
}

// fuzzLink carries requests to a handler as the bytes that a connection would
// carry, so that it is these which are tested.
type fuzzLink struct {
	handler http.Handler
	// sent and arrived are the requests before and behind the connection.
	sent, arrived []*http.Request
}

func (m *fuzzLink) RoundTrip(req *http.Request) (*http.Response, error) {
	m.sent = append(m.sent, req)
	var wire bytes.Buffer
	if err := req.Write(&wire); err != nil {
		return nil, err
	}
	reader := bufio.NewReader(&wire)
	got, err := http.ReadRequest(reader)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(got.Body)
	if err != nil {
		return nil, err
	}
	if reader.Buffered()+wire.Len() > 0 {
		return nil, errors.New("there is more than one request on the wire")
	}
	got.Body = io.NopCloser(bytes.NewReader(body))
	m.arrived = append(m.arrived, got)
	recorder := httptest.NewRecorder()
	m.handler.ServeHTTP(recorder, got)
	return recorder.Result(), nil
}

// fuzzedCyclos is an embedded server with clients that reach it in memory.
type fuzzedCyclos struct {
	*cyclostest.Server
	world cyclostest.World
	link  *fuzzLink
}

func newFuzzedCyclos(world cyclostest.World) *fuzzedCyclos {
	server := cyclostest.New(cyclostest.WithWorld(world))
	return &fuzzedCyclos{server, world, &fuzzLink{handler: server.Handler()}}
}

// as returns a client with the session of a user, whose token is the login name
// with a dash in front.
func (s *fuzzedCyclos) as(t *testing.T, loginName string) *passwords.Client {
	t.Helper()
	return testkit.NewClient(t, "http://localhost/api",
		passwords.WithSessionToken("fuzzed-session-"+loginName), passwords.WithHTTPClient(&http.Client{Transport: s.link}))
}

// passwordOf names one password of one user.
type passwordOf struct{ user, passwordType string }

// wantStatuses checks the status of all passwords: those not listed are as in
// the world.
func (s *fuzzedCyclos) wantStatuses(t *testing.T, after string, changed map[passwordOf]gen.PasswordStatusEnum) {
	t.Helper()
	for _, u := range s.world.Users {
		for _, typ := range s.world.PasswordTypes {
			want, ok := changed[passwordOf{u.LoginName, typ.InternalName}]
			if !ok {
				want = gen.PasswordStatusEnumNeverCreated
				if len(u.Passwords) > 0 && u.Passwords[0].Type == typ.InternalName {
					want = gen.PasswordStatusEnumActive
				}
			}
			if got := s.Status(u.LoginName, typ.InternalName); got != want {
				t.Errorf("after %s the password %q of %q is %s, want %s", after, typ.InternalName, u.LoginName, got, want)
			}
		}
	}
}

// wantCalls checks that these operations were reached, once each, and no other
// request arrived.
func (s *fuzzedCyclos) wantCalls(t *testing.T, ids ...string) {
	t.Helper()
	want := map[string]int{}
	for _, id := range ids {
		want[id]++
	}
	for _, op := range testkit.Operations() {
		if got := s.Calls(op.ID); got != want[op.ID] {
			t.Errorf("%s was reached %d times, want %d", op.ID, got, want[op.ID])
		}
	}
	if len(s.link.sent) != len(ids) {
		t.Errorf("%d requests were sent, want %d", len(s.link.sent), len(ids))
	}
}

// fuzzUnsendable is the rule for what cannot be named in a path, apart from the code
// that applies it.
func fuzzUnsendable(value string) bool {
	return value == "" || value == "." || value == ".." || !utf8.ValidString(value) ||
		strings.ContainsFunc(value, func(r rune) bool {
			return r < 0x20 || 0x7f <= r && r <= 0x9f || r == '/' || r == '\\' || r == ';'
		})
}

// fuzzWantUnsent checks that each of the errors refuses the value without sending it.
func fuzzWantUnsent(t *testing.T, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if !errors.Is(err, passwords.ErrInvalidArgument) {
			t.Errorf("got %v, want ErrInvalidArgument", err)
		}
	}
}

// fuzzedAnswer answers every request with the same.
type fuzzedAnswer struct {
	status int
	header http.Header
	body   string
}

func (a fuzzedAnswer) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: a.header.Clone(), ContentLength: -1,
		Body: io.NopCloser(strings.NewReader(a.body)), Request: req,
	}, nil
}

// client returns a client that gets this answer.
func (a fuzzedAnswer) client(t *testing.T) *passwords.Client {
	t.Helper()
	return testkit.NewClient(t, "https://cyclos.example.org/api",
		passwords.WithSessionToken(testkit.Token), passwords.WithHTTPClient(&http.Client{Transport: a}))
}

var fuzzDecimal = regexp.MustCompile(`^[+-]?[0-9]+$`)

// longOf returns the 64-bit number that value is, "" if it is none.
func longOf(value string) string {
	if !fuzzDecimal.MatchString(value) {
		return ""
	}
	n, ok := new(big.Int).SetString(value, 10)
	if !ok || !n.IsInt64() {
		return ""
	}
	return n.String()
}

// userWorld has a user with this login name and one with this id, where others
// do not have them already, among users whom a misread value would reach.
func userWorld(value string) cyclostest.World {
	login := []cyclostest.Password{{Type: cyclostest.TypeLogin, Value: "fake"}}
	users := []cyclostest.User{
		{ID: "7", LoginName: "caller", Role: cyclostest.RoleAdministrator},
		{ID: "1", LoginName: "one"},
		{ID: "-42", LoginName: "two"},
		{ID: "11", LoginName: "self"},
		{ID: "12", LoginName: "'123"},
		{ID: "123", LoginName: "three"},
		{ID: "13", LoginName: "ana", Email: "ana@example.org", Phone: "+42", AccountNumber: "0042"},
		{ID: "14", LoginName: "passwords"},
		{ID: "15", LoginName: "'ana"},
	}
	if id := longOf(value); id != "" && !slices.ContainsFunc(users, func(u cyclostest.User) bool { return u.ID == id }) {
		users = append(users, cyclostest.User{ID: id, LoginName: "by id"})
	}
	if value != "" && loginOf(users, value) == nil {
		users = append(users, cyclostest.User{ID: "9000000000000000001", LoginName: value})
	}
	for i := range users {
		users[i].Passwords = login
	}
	return cyclostest.World{
		Users:         users,
		PasswordTypes: []cyclostest.PasswordType{{ID: "-7", InternalName: cyclostest.TypeLogin, Mode: gen.PasswordModeEnumManual}},
		Sessions:      []cyclostest.Session{{Token: "fuzzed-session-caller", User: "caller"}},
	}
}

// loginOf returns the user with the login name, nil if there is none.
func loginOf(users []cyclostest.User, name string) *cyclostest.User {
	return userWith(users, func(u cyclostest.User) bool { return strings.EqualFold(u.LoginName, name) })
}

func userWith(users []cyclostest.User, is func(cyclostest.User) bool) *cyclostest.User {
	if i := slices.IndexFunc(users, is); i >= 0 {
		return &users[i]
	}
	return nil
}

// typeWorld has a password type of this name, where another does not have it
// already, among types which a misread value would reach.
func typeWorld(value string) cyclostest.World {
	var types []cyclostest.PasswordType
	for id, name := range map[string]string{
		"1": "one", "-42": "two", "11": "list-data", "12": "generate", "13": "change-generated",
		"14": "passwords", "15": "pin", "16": "disable", "123": "self",
	} {
		types = append(types, cyclostest.PasswordType{ID: id, InternalName: name, Mode: gen.PasswordModeEnumGenerated})
	}
	if value != "" && typeOf(types, value) == nil {
		types = append(types, cyclostest.PasswordType{ID: "9000000000000000001", InternalName: value, Mode: gen.PasswordModeEnumGenerated})
	}
	return cyclostest.World{
		Users: []cyclostest.User{
			{ID: "7", LoginName: "caller", Role: cyclostest.RoleAdministrator},
			{ID: "13", LoginName: "ana"},
			{ID: "14", LoginName: "passwords"},
		},
		PasswordTypes: types,
		Sessions:      []cyclostest.Session{{Token: "fuzzed-session-caller", User: "caller"}, {Token: "fuzzed-session-ana", User: "ana"}},
		Channels:      []cyclostest.Channel{{InternalName: "main", PasswordType: "pin"}},
	}
}

// typeOf returns the type with that id, or else with that name, nil if there is
// none.
func typeOf(types []cyclostest.PasswordType, key string) *cyclostest.PasswordType {
	for _, is := range []func(cyclostest.PasswordType) bool{
		func(typ cyclostest.PasswordType) bool { return typ.ID == key },
		func(typ cyclostest.PasswordType) bool { return typ.InternalName == key },
	} {
		if i := slices.IndexFunc(types, is); i >= 0 {
			return &types[i]
		}
	}
	return nil
}

// fuzzHost returns the host of an authority without its port.
func fuzzHost(authority string) string {
	if end := strings.LastIndex(authority, "]"); end >= 0 {
		address, _, _ := strings.Cut(strings.TrimPrefix(authority[:end], "["), "%25")
		return address
	}
	host, _, _ := strings.Cut(authority, ":")
	return host
}

// fuzzThisMachine reports whether the host is a loopback address or a name of this
// machine.
func fuzzThisMachine(host string) bool {
	name := strings.ToLower(strings.TrimSuffix(host, "."))
	return net.ParseIP(host).IsLoopback() || name == "localhost" || strings.HasSuffix(name, ".localhost")
}

// wantMarkerless checks that no form of the error shows the body.
func wantMarkerless(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	texts := []string{fmt.Sprintf("%v %+v %#v %q", err, err, err, err)}
	if marshaler, ok := err.(encoding.TextMarshaler); ok {
		text, err := marshaler.MarshalText()
		texts = append(texts, string(text), fmt.Sprint(err))
	}
	if strings.Contains(strings.Join(texts, " "), fuzzMarker) {
		t.Error("the error shows the body or the Location")
	}
}

func wantValueOrError(t *testing.T, op testkit.Operation, isValue bool, err error) {
	t.Helper()
	if isValue == (err != nil) {
		t.Errorf("%s: a value: %t, along with the error %v", op.ID, isValue, err)
	}
}

// read returns the media type and text of the answer, "" if either is not what a
// client may take.
func (a fuzzedAnswer) read() (mediaType, text string) {
	mediaType, params, err := mime.ParseMediaType(a.header.Get("Content-Type"))
	if err != nil {
		return "", ""
	}
	text = a.body
	switch charset := params["charset"]; {
	case strings.EqualFold(charset, "iso-8859-1"):
		var utf8Text strings.Builder
		for i := range len(text) {
			utf8Text.WriteRune(rune(text[i]))
		}
		text = utf8Text.String()
	case strings.EqualFold(charset, "us-ascii"):
		if strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f }) {
			return "", ""
		}
	case charset != "" && !strings.EqualFold(charset, "utf-8"):
		return "", ""
	}
	if !utf8.ValidString(text) {
		return "", ""
	}
	return mediaType, text
}

func fuzzIsJSON(mediaType string) bool {
	return mediaType == "application/json" || strings.HasSuffix(mediaType, "+json")
}

var (
	fuzzPlainType  = regexp.MustCompile(`(?i)^text/plain(; ?charset=utf-8)?$`)
	fuzzPlainValue = regexp.MustCompile(`^[!-;=-~][ -~]*$`)
)

// checkSecretBody checks that a generated value is accepted only where it can be
// told what it is, and that one of which nobody can be in doubt is.
func checkSecretBody(t *testing.T, answer fuzzedAnswer, got passwords.Secret) {
	t.Helper()
	if got.IsZero() {
		if fuzzPlainType.MatchString(answer.header.Get("Content-Type")) && fuzzPlainValue.MatchString(answer.body) {
			t.Errorf("a plain value of %d bytes was refused", len(answer.body))
		}
		return
	}
	mediaType, want := answer.read()
	if fuzzIsJSON(mediaType) {
		text := []byte(want)
		if err := json.Unmarshal(text, &want); err != nil {
			t.Errorf("JSON of %d bytes was accepted, which encoding/json does not read", len(text))
		}
	} else if mediaType != "text/plain" {
		t.Error("a generated value was accepted from another media type")
	}
	if got.Reveal() != want || strings.HasPrefix(want, "\ufeff") {
		t.Errorf("a generated value of %d bytes was made of %d", len(got.Reveal()), len(want))
	}
}

// checkListBody compares an accepted list with what encoding/json reads. That
// goes by maps, since it takes the names of struct fields in any case.
func checkListBody(t *testing.T, answer fuzzedAnswer, got []passwords.PasswordStatusAndType) {
	t.Helper()
	if got == nil {
		return
	}
	mediaType, text := answer.read()
	var want []map[string]any
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber() // numbers of any size may be in what is not looked at
	if err := decoder.Decode(&want); !fuzzIsJSON(mediaType) || err != nil || len(got) != len(want) {
		t.Fatalf("a list of %d for %d bytes, which encoding/json reads as %d: %t", len(got), len(text), len(want), err == nil)
	}
	if _, err := decoder.Token(); err != io.EOF {
		t.Error("there is more behind the list")
	}
	for i, entry := range want {
		status, _ := entry["status"].(string)
		typ, isObject := entry["type"].(map[string]any)
		if string(got[i].Status) != status || (got[i].Type != nil) != isObject {
			t.Errorf("entry %d differs from what encoding/json reads", i)
		}
		if name, _ := typ["internalName"].(string); isObject && got[i].Type.InternalName != name {
			t.Errorf("the type of entry %d differs from what encoding/json reads", i)
		}
		if date, _ := entry["date"].(string); (date == "") != got[i].Date.IsZero() && !strings.HasPrefix(date, "0001-") {
			t.Errorf("the date of entry %d is lost or made up", i)
		}
	}
}
