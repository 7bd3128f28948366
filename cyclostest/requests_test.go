package cyclostest

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

func TestRequests(t *testing.T) {
	t.Parallel()
	r := start(t)
	if got := r.Requests(); len(got) != 0 {
		t.Fatalf("got %d requests before the first", len(got))
	}
	login := basic("ANA@example.org", "wrong-value-1")
	for i, test := range []struct {
		method, path string
		edits        []edit
		fault        Fault // if it is not the zero fault
		want         Request
	}{
		{"GET", "/self/passwords?fields=status&fields=type,date&other=x", []edit{session(AnaSession)}, Fault{},
			Request{Operation: "listUserPasswords", Caller: Ana, User: Ana, Status: 200, Executed: true,
				Parameters: map[string][]string{"fields": {"status", "type,date"}}}},
		{"GET", "/ANA@example.org/passwords/-7762070814178012102", []edit{basic(Admin, AdminPassword), header(headerChannel, ChannelAdmin)}, Fault{},
			Request{Operation: "getUserPasswordsData", Caller: Admin, User: Ana, PasswordType: TypePIN, Status: 200, Executed: true,
				Parameters: map[string][]string{"Channel": {ChannelAdmin}}}},
		{"POST", "/ana/passwords/login/change", []edit{session(AdminSession), body(`{"newPassword":"fresh-1","forceChange":true,"checkConfirmation":"true","x":1}`)}, Fault{},
			Request{Operation: "changePassword", Caller: Admin, User: Ana, PasswordType: TypeLogin, Status: 422,
				Parameters: map[string][]string{"newPassword": {redacted}, "forceChange": {"true"}, "checkConfirmation": {redacted}}}},
		{"POST", "/passwords/pin/change-generated", []edit{header(headerAccessClient, AnaClientToken), header(confirmationPassword, AnaPassword)}, Fault{},
			Request{Operation: "changeGenerated", Caller: Ana, User: Ana, PasswordType: TypePIN, Status: 200, Executed: true,
				Parameters: map[string][]string{"confirmationPassword": {redacted}}}},
		{"POST", "/ana/passwords/login/reset-and-send?sendMediums=email&sendMediums=sms", []edit{session(BrokerSession)}, Fault{},
			Request{Operation: "resetAndSendPassword", Caller: Broker, User: Ana, PasswordType: TypeLogin, Status: 204, Executed: true,
				Parameters: map[string][]string{"sendMediums": {"email", "sms"}}}},
		{"GET", "/self/passwords", []edit{login, header(headerPrincipalType, PrincipalEmail)}, Fault{},
			Request{Operation: "listUserPasswords", Caller: Ana, User: Ana, Status: 401, Parameters: map[string][]string{"Principal-Type": {PrincipalEmail}}}},
		{"GET", "/nobody/passwords/nope", []edit{session("unknown")}, Fault{},
			Request{Operation: "getUserPasswordsData", Status: 401}},
		{"GET", "/self/elsewhere", nil, Fault{}, Request{Status: 404}},
		{"PUT", "/self/passwords", nil, Fault{}, Request{Status: 405}},
		{"POST", "/self/passwords/login/change", []edit{body(strings.Repeat(" ", maxBody+1))}, Fault{}, Request{Status: 422}},

		{"POST", "/ben/passwords/login/disable", []edit{session(AdminSession)}, Fault{Status: 503},
			Request{Operation: "disablePassword", Caller: Admin, User: Ben, PasswordType: TypeLogin, Status: 503, Fault: true}},
		{"POST", "/ben/passwords/login/disable", []edit{session(AdminSession)}, Fault{Cut: true, AfterExecution: true},
			Request{Operation: "disablePassword", Caller: Admin, User: Ben, PasswordType: TypeLogin, Executed: true, Fault: true}},
		{"POST", "/ben/passwords/login/disable", []edit{session(AdminSession)}, Fault{Status: 502, AfterExecution: true}, // is disabled
			Request{Operation: "disablePassword", Caller: Admin, User: Ben, PasswordType: TypeLogin, Status: 502, Fault: true}},
		{"POST", "/ben/passwords/login/enable", []edit{session(AdminSession)}, Fault{Status: 500, Body: "{}", Cut: true, AfterExecution: true},
			Request{Operation: "enablePassword", Caller: Admin, User: Ben, PasswordType: TypeLogin, Status: 500, Executed: true, Fault: true}},
		{"GET", "/self/passwords", []edit{session(BenSession)}, Fault{Delay: time.Nanosecond},
			Request{Operation: "listUserPasswords", Caller: Ben, User: Ben, Status: 200, Executed: true, Fault: true}},
	} {
		r.clock.advance(time.Minute)
		if !reflect.DeepEqual(test.fault, Fault{}) {
			r.Inject(test.fault)
		}
		if resp, err := r.client.Do(r.request(test.method, test.path, test.edits...)); err == nil {
			resp.Body.Close()
		}
		test.want.Time = r.clock.Now()
		got := r.Requests()
		if len(got) != i+1 {
			t.Fatalf("%s %s: got %d requests, want %d", test.method, test.path, len(got), i+1)
		}
		if !reflect.DeepEqual(got[i], test.want) {
			t.Errorf("%s %s:\ngot  %+v\nwant %+v", test.method, test.path, got[i], test.want)
		}
	}
}

// TestRequestsContainNoSecrets plants secrets wherever a request or a response can have
// one.
func TestRequestsContainNoSecrets(t *testing.T) {
	t.Parallel()
	const planted = "planted"
	w := withPassword(Ana, Password{Type: TypeLogin, Value: planted + "-login-1"})
	w.Channels[0].Confirmation = "" // so that values are generated
	w.Sessions = append(w.Sessions, Session{planted + "-session", Ana})
	w.AccessClients = append(w.AccessClients, AccessClient{planted + "-token", planted + "-prefix", Ana})
	r := start(t, WithWorld(w))
	secrets := []string{planted}
	for _, as := range []edit{
		basic(Ana, planted+"-login-1"), basic(Ana, planted+"-wrong"), basic(planted+"-name", planted), header(headerAuthorization, planted),
		session(planted + "-session"), session(planted + "-unknown"), header(headerAccessClient, planted+"-prefix"+planted+"-token"),
	} {
		r.post("/self/passwords/login/change?fields=status&"+planted+"="+planted, as, body(`{"oldPassword":"`+planted+`-login-1",
			"newPassword":"`+planted+`-login-2","newPasswordConfirmation":["`+planted+`"],"checkConfirmation":"`+planted+`","`+planted+`":1}`))
		r.post("/self/passwords/login/change", as, body(planted))
		r.post("/passwords/pin/change-generated", as, header(confirmationPassword, planted, planted), header(planted, planted))
		r.get("/"+planted+"/passwords/"+planted, as)
		r.get("/"+planted, as)
		if got := r.post("/passwords/pin/change-generated", as); got.status == 200 {
			secrets = append(secrets, got.body)
		}
	}
	r.ok("/ana/passwords/login/reset-and-send", session(AdminSession))
	secrets = append(secrets, r.Messages()[0].Value, r.NewSession(Ana))
	r.get("/self/passwords", session(secrets[len(secrets)-1]))
	if len(secrets) < 6 {
		t.Fatalf("only %d secrets", len(secrets))
	}
	encoded, err := json.Marshal(r.Requests())
	if err != nil {
		t.Fatal(err)
	}
	shown := fmt.Sprintf("%s %+v %#v", encoded, r.Requests(), r.Requests())
	for i, secret := range secrets {
		if strings.Contains(shown, secret) {
			t.Errorf("the requests contain secret %d", i)
		}
	}
}

func TestRecordsAreBounded(t *testing.T) {
	t.Parallel()
	r := start(t, WithRecordLimit(3))
	for i := range 5 {
		for range 2 {
			r.ok("/ana/passwords/login/reset-and-send?sendMediums=sms", session(AdminSession))
		}
		r.get("/self/passwords/"+TypePIN+"?fields="+fmt.Sprint("x", i), session(AnaSession))
		r.clock.advance(time.Hour)
	}
	requests, messages := r.Requests(), r.Messages()
	if len(requests) != 3 || requests[2].Parameters.Get("fields") != "x4" || requests[2].Status != 200 ||
		!requests[0].Time.Equal(requests[1].Time) || requests[0].Operation != gen.OperationResetAndSendPassword {
		t.Errorf("got the requests %+v", requests)
	}
	for i, hour := range []int{3, 4, 4} {
		if want := startTime.Add(time.Duration(hour) * time.Hour); len(messages) != 3 || !messages[i].Date.Equal(want) {
			t.Fatalf("got %d messages, want the newest 3", len(messages))
		}
	}
	if calls := r.Calls(gen.OperationResetAndSendPassword); calls != 10 {
		t.Errorf("got %d calls, want 10", calls)
	}

	// A response to a request whose record has been dropped changes no other record.
	s := New(WithRecordLimit(1))
	early, late := s.record(httptest.NewRecorder()), s.record(httptest.NewRecorder())
	early.WriteHeader(http.StatusTeapot)
	if got := s.Requests()[0].Status; got != 0 {
		t.Errorf("got status %d", got)
	}
	late.WriteHeader(http.StatusOK)
	if got := s.Requests()[0].Status; got != 200 {
		t.Errorf("got status %d, want 200", got)
	}
}
