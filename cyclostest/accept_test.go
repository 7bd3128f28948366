package cyclostest

import "testing"

func TestPrefersJSON(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		accept []string
		want   bool
	}{
		{nil, false},
		{[]string{"application/json"}, true},
		{[]string{"APPLICATION/JSON"}, true},
		{[]string{"application/*"}, true},
		{[]string{"text/*"}, false},
		{[]string{"*/*"}, false},
		{[]string{"application/json, text/plain"}, false},
		{[]string{"text/plain", "application/json"}, false},
		{[]string{"text/plain;q=0.5", "application/json;q=0.6"}, true},
		{[]string{"text/plain;q=0, */*;q=0.1"}, true},
		{[]string{"application/json;q=0, */*"}, false},
		{[]string{"application/json;q=0"}, false},
		{[]string{"application/json;q=nan, text/plain;q=0.1"}, false},
		{[]string{"application/json;q=2, text/plain;q=0.1"}, false},
		{[]string{"application/json;q=, text/plain;q=0.1"}, false},
		{[]string{"application/json;q=0.1, application/json;q=0.9, text/plain;q=0.5"}, true},
		{[]string{"image/png, ;;;, application/xml"}, false},
	} {
		if got := prefersJSON(test.accept); got != test.want {
			t.Errorf("%q: got %t, want %t", test.accept, got, test.want)
		}
	}
}
