package cyclostest

import (
	"math"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// What is no problem of the API is a 500 in its form.
func TestUnexpectedErrors(t *testing.T) {
	t.Parallel()
	s := New()
	w := httptest.NewRecorder()
	s.refuse(w, internalError())
	want := `{"exceptionType":"java.lang.IllegalStateException","kind":"general"}` + "\n"
	if w.Code != 500 || w.Body.String() != want {
		t.Errorf("got %d %s", w.Code, w.Body)
	}
	if err := (answer{body: math.NaN()}).write(w, lastMinor); err == nil {
		t.Error("a body that is no JSON was written")
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
