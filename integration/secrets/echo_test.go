package secrets

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
)

// generatedValue is the generated password in the responses of the echo server.
const generatedValue = `gen~Kp7"x<4&Wq9'vZ_t2`

// echoResponse describes a response of the echo server.
type echoResponse struct {
	Status    int
	MediaType string
	// Body returns the body for the values to echo.
	Body func(echoed []string) string
	// Cut closes the connection before the body is complete.
	Cut bool
}

// serveEcho starts a server that does what no server should: it includes every
// secret that it receives in its responses. The caller must close it.
func serveEcho(response echoResponse) *httptest.Server {
	return httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		echoed := received(r)
		// net/http does not support custom reason phrases.
		conn, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			panic(err)
		}
		defer func() { _ = conn.Close() }()
		all, body := strings.Join(echoed, " "), response.Body(echoed)
		length := len(body)
		if response.Cut {
			length++
		}
		fmt.Fprintf(conn, "HTTP/1.1 %d %s\r\n", response.Status, all)
		for name, value := range map[string]string{
			"Content-Type":     response.MediaType,
			"Content-Length":   fmt.Sprint(length),
			"Location":         "http://user:" + url.QueryEscape(echoed[0]) + "@127.0.0.1/" + url.PathEscape(all) + "?q=" + url.QueryEscape(all) + "#" + url.PathEscape(all),
			"Www-Authenticate": "Basic realm=" + all,
			"X-Echo":           all,
			"Connection":       "close",
		} {
			fmt.Fprintf(conn, "%s: %s\r\n", name, value)
		}
		fmt.Fprintf(conn, "\r\n%s", body)
		// Let the client read the response.
		_ = conn.(*net.TCPConn).CloseWrite()
		_, _ = io.Copy(io.Discard, conn)
	}))
}

// received returns the credentials and values of a request.
func received(r *http.Request) []string {
	all := []string{generatedValue}
	for _, name := range []string{"Authorization", "Session-Token", "Access-Client-Token", "Confirmationpassword"} {
		if value := r.Header.Get(name); value != "" {
			all = append(all, value)
		}
	}
	if _, password, ok := r.BasicAuth(); ok {
		all = append(all, password)
	}
	var body map[string]any
	if json.NewDecoder(r.Body).Decode(&body) == nil {
		for _, value := range body {
			if text, ok := value.(string); ok {
				all = append(all, text)
			}
		}
	}
	return all
}

// echoes returns responses that contain the secrets in every possible place.
func echoes() map[string]echoResponse {
	plain := func(echoed []string) string { return strings.Join(echoed, " ") }
	asObject := func(echoed []string) string {
		all := strings.Join(echoed, " ")
		return mustJSON(map[string]any{
			"code": all, "key": all, "entityType": all, "userStatus": all, "passwordStatus": all, "smsStatus": all,
			"kind": all, "exceptionType": all, "exceptionMessage": all, "value": all,
			"properties": echoed, "generalErrors": echoed, "propertyErrors": map[string][]string{all: echoed},
			"passwordType": map[string]string{"id": all, "internalName": all, "name": all},
		})
	}
	all := map[string]echoResponse{
		"HTML 403":       {Status: 403, MediaType: "text/html", Body: plain},
		"HTML 200":       {Status: 200, MediaType: "text/html", Body: plain},
		"malformed 200":  {Status: 200, MediaType: "application/json", Body: plain},
		"charset 200":    {Status: 200, MediaType: "text/plain;charset=utf-16", Body: plain},
		"cut 200":        {Status: 200, MediaType: "text/plain", Body: plain, Cut: true},
		"cut 403":        {Status: 403, MediaType: "application/json", Body: asObject, Cut: true},
		"redirect":       {Status: 302, MediaType: "text/html", Body: plain},
		"other success":  {Status: 202, MediaType: "text/plain", Body: plain},
		"wrong protocol": {Status: 1000, MediaType: "text/plain", Body: plain},
	}
	for _, status := range []int{401, 403, 404, 405, 409, 422, 500, 503} {
		all["JSON "+strconv.Itoa(status)] = echoResponse{Status: status, MediaType: "application/json", Body: asObject}
	}
	return all
}

// failureFor returns the error of a call to a server that echoes the secrets it
// receives.
func failureFor(ctx context.Context, response echoResponse) (*passwords.Error, error) {
	server := serveEcho(response)
	defer server.Close()
	secret := passwords.NewSecret(secretValue)
	authentication := passwords.WithBasicAuth("ana", passwords.NewSecret(basicValue))
	if response.Status == 200 {
		authentication = passwords.WithSessionToken(passwords.NewSecret(sessionValue))
	}
	client, err := passwords.New(server.URL+"/api", authentication)
	if err != nil {
		return nil, err
	}
	defer client.CloseIdleConnections()
	if response.Status == 200 { // the success status of this operation only
		_, err = client.ChangeGenerated(ctx, "pin", secret)
	} else {
		err = client.ChangePassword(ctx, passwords.Self(), "login", passwords.ChangePassword{OldPassword: secret, NewPassword: secret})
	}
	var failure *passwords.Error
	if !errors.As(err, &failure) {
		return nil, errors.New("the call did not fail with an *Error")
	}
	return failure, nil
}

// walkers are the sinks, other than dumps, that print fields without calling the
// methods of a type.
var walkers = []string{
	"pretty.Diff", "testify Equal", "testify Equal reversed", "testify EqualValues", "testify ElementsMatch", "testify require.Equal",
	"cmp.Diff", "cmp.Diff the other way", "cmp.Diff unexported", "cmp.Diff with another type", "cmp.Diff in a slice",
}

// pastMethods are the places in which package fmt calls no methods.
var pastMethods = []string{"unexported field", "pointer to unexported field", "pointer fields", "unexported interface field", "deep"}

// showsBodies reports whether no method can prevent a sink from printing the
// exported fields that hold the response body.
func showsBodies(s sink, h holder) bool {
	// %p and a misplaced %w do not call methods either.
	_, isError := h.value.(error)
	if s.name == "fmt %p" || s.name == "fmt %w" || strings.HasPrefix(s.name, "fmt.Errorf %w") && !isError {
		return true
	}
	return s.dump || slices.Contains(walkers, s.name) || slices.Contains(pastMethods, h.name)
}

// TestNoSinkShowsWhatAServerEchoes prints the errors for responses that contain the
// credentials and passwords. Only the body of an API error may show them.
func TestNoSinkShowsWhatAServerEchoes(t *testing.T) {
	t.Parallel()
	search := searchForParts(append(credentials(), secretValue, generatedValue)...)
	for name, response := range echoes() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			failure, err := failureFor(t.Context(), response)
			if err != nil {
				t.Fatal(err)
			}
			hasBody := failure.Code != "" || failure.NotFound != nil || failure.Server != nil
			covers := func(s sink, h holder) bool { return !hasBody || !showsBodies(s, h) }
			for kind, holders := range map[string][]holder{"pointer": everywhere(failure), "value": everywhere(*failure)} {
				t.Run(kind, func(t *testing.T) {
					t.Parallel()
					checkSinks(t, search, holders, covers)
				})
			}
		})
	}
}
