package bench

import "testing"

func TestDifference(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name, got, want string
		same            bool
	}{
		{"order of members", `{"a":1,"b":"x"}`, `{"b":"x","a":1}`, true},
		{"the same instant", `"2018-06-25T08:17:37.085Z"`, `"2018-06-25T10:17:37.085+02:00"`, true},
		{"another instant", `"2018-06-25T08:17:38.085Z"`, `"2018-06-25T10:17:37.085+02:00"`, false},
		{"false for absent", `{}`, `{"a":false,"b":null,"c":"","d":0,"e":[],"f":{}}`, true},
		{"a member lost", `{"a":1}`, `{"a":1,"b":{"c":true}}`, false},
		{"a member too much", `{"a":1,"b":2}`, `{"a":1}`, false},
		{"an element lost", `{"a":[1]}`, `{"a":[1,2]}`, false},
		{"order of elements", `[2,1]`, `[1,2]`, false},
		{"another type", `{"a":"1"}`, `{"a":1}`, false},
		{"no JSON", `<html>`, `{}`, false},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if d := difference([]byte(test.got), []byte(test.want)); (d == "") != test.same {
				t.Errorf("got difference %q", d)
			}
		})
	}
}
