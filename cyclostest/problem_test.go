package cyclostest

import (
	"errors"
	"fmt"
	"io"
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords/gen/server"
)

// What is no problem of the API is a 500 in its form, without the text.
func TestUnexpectedErrors(t *testing.T) {
	t.Parallel()
	s := New()
	w := httptest.NewRecorder()
	s.refuse(w, asProblem(errors.New("secret")))
	want := `{"exceptionType":"java.lang.IllegalStateException","kind":"general"}` + "\n"
	if w.Code != 500 || w.Body.String() != want {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if err := (answer{body: math.NaN()}).write(w); err == nil {
		t.Error("a body that is no JSON was written")
	}
	if got := notFound("User", "x").Error(); got != "Not Found" {
		t.Errorf("got %q", got)
	}
}

// A date which JSON cannot hold makes the only real 500 there is.
func TestClockBeyondJSON(t *testing.T) {
	t.Parallel()
	s := New(WithClock(func() time.Time { return time.Date(12345, 1, 1, 0, 0, 0, 0, time.UTC) }))
	r := httptest.NewRequest("GET", "/api/self/passwords", nil)
	r.Header.Set(headerSession, AnaSession)
	if w := direct(s, r); w.Code != 500 || !strings.Contains(w.Body.String(), "IllegalStateException") {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
}

func TestErrorsOfTheGeneratedCode(t *testing.T) {
	t.Parallel()
	const secret = "secret-value"
	for want, err := range map[string]error{
		`{"code":"dataConversion","name":"type"}`:                 &server.InvalidParamFormatError{ParamName: "type", Err: errors.New(secret)},
		`{"code":"dataConversion","name":"confirmationPassword"}`: &server.TooManyValuesForParamError{ParamName: "confirmationPassword", Count: 2},
		`{"code":"missingParameter","name":"body"}`:               fmt.Errorf("decode: %w", io.EOF),
		`{"code":"dataConversion"}`:                               errors.New(secret),
	} {
		w := httptest.NewRecorder()
		New().refuse(w, badRequest(err))
		if got := strings.TrimSpace(w.Body.String()); w.Code != 422 || got != want {
			t.Errorf("got %d %s, want %s", w.Code, got, want)
		}
	}
}
