package cyclostest

import (
	"encoding/json"
	"net/url"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
)

func TestSelection(t *testing.T) {
	t.Parallel()
	const value = `{"a":1,"b":{"x":1,"y":{"p":1,"q":2}},"c":[{"x":1,"y":2},{"y":3}],"d":[["e"]]}`
	for fields, want := range map[string]string{
		"":                        value,
		"a":                       `{"a":1}`,
		"+a":                      `{"a":1}`,
		"a,a,+a":                  `{"a":1}`,
		"a,d":                     `{"a":1,"d":[["e"]]}`,
		"-a":                      `{"b":{"x":1,"y":{"p":1,"q":2}},"c":[{"x":1,"y":2},{"y":3}],"d":[["e"]]}`,
		"!a,-b,-d":                `{"c":[{"x":1,"y":2},{"y":3}]}`,
		"a,-b":                    `{"a":1}`,
		"nope":                    `{}`,
		"-nope":                   value,
		"b.x":                     `{"b":{"x":1}}`,
		"b.+x":                    `{"b":{"x":1}}`,
		"b.y.p":                   `{"b":{"y":{"p":1}}}`,
		"b.-x":                    `{"b":{"y":{"p":1,"q":2}}}`,
		"b.y.-p":                  `{"b":{"y":{"q":2}}}`,
		"b.-y.p":                  `{"b":{"x":1,"y":{"q":2}}}`,
		"c.y":                     `{"c":[{"y":2},{"y":3}]}`,
		"c.-y,a":                  `{"a":1,"c":[{"x":1},{}]}`,
		"-c.y,-b,-d":              `{"a":1,"c":[{"x":1},{}]}`,
		"!b.y.p,-c":               `{"a":1,"b":{"x":1,"y":{"q":2}},"d":[["e"]]}`,
		"*b.x,-c,-d":              `{"a":1,"b":{"x":1}}`,
		"*b.-x,-c,-d":             `{"a":1,"b":{"y":{"p":1,"q":2}}}`,
		"*b.*y.p,-c":              `{"a":1,"b":{"x":1,"y":{"p":1}},"d":[["e"]]}`,
		"a,b,*b.x":                `{"a":1,"b":{"x":1}}`,
		"a,b,-b.x":                `{"a":1,"b":{"y":{"p":1,"q":2}}}`,
		"-b,*b.x,-c":              `{"a":1,"d":[["e"]]}`,
		"*b.x,b.y":                `{"b":{"y":{"p":1,"q":2}}}`,
		"b.y,*b.x":                `{"b":{"y":{"p":1,"q":2}}}`,
		"*b.x,b.-x":               `{"b":{"y":{"p":1,"q":2}}}`,
		"*b.-y,b.y":               `{"b":{"y":{"p":1,"q":2}}}`,
		"*b.y.p,b.x":              `{"b":{"x":1}}`,
		"*b.x,-b.y,a":             `{"a":1}`,
		"a,b,-b.y,*b.x":           `{"a":1,"b":{"x":1}}`,
		"b.*y.p,b.y.q":            `{"b":{"y":{"q":2}}}`,
		"b.y.q,b.*y.p":            `{"b":{"y":{"q":2}}}`,
		"*b.y.q,b.*y.p,b.x":       `{"b":{"x":1}}`,
		"*b.*y.p,*b.y.q,-a,-c,-d": `{"b":{"y":{"q":2}}}`,
		"a.x":                     `{"a":1}`,
	} {
		var tree any
		if err := json.Unmarshal([]byte(value), &tree); err != nil {
			t.Fatal(err)
		}
		var entries []string
		if fields != "" {
			entries = strings.Split(fields, ",")
		}
		s, p := parseFields(entries)
		if p != nil {
			t.Errorf("%s: %+v", fields, p.body)
			continue
		}
		s.apply(tree)
		if got, _ := json.Marshal(tree); string(got) != want {
			t.Errorf("%s: got %s, want %s", fields, got, want)
		}
	}
}

func TestMalformedFields(t *testing.T) {
	t.Parallel()
	for _, fields := range []string{
		"a,-a", "-a,a", "!a,+a", "a.b,-a", "-a,a.b", "a.b,-a.b", "*a.b,-a.b", "a.b.c,a.-b",
		"", "a,,b", "-", "+", "*", "*a", "-*a.b", "*-a.b", "+-a", "a.", ".a", "a..b", "-a.-b", "-a.*b", "-a.", "--a", "-a.b.", "*a.b.", "*a.b,a.c,*a.+-c", "*a..b,a.c", "a b", " a", "a.*b", "1a", "ä",
	} {
		if _, p := parseFields(strings.Split(fields, ",")); p == nil || p.status != 422 {
			t.Errorf("%q: got %+v, want status 422", fields, p)
		}
	}
}

func TestFieldsOverHTTP(t *testing.T) {
	t.Parallel()
	for _, version := range []string{"4.9", "4.14", "4.15", "4.16"} {
		r := start(t, WithVersion(version))
		for query, want := range map[string]string{
			"fields=status":                                                         `{"status":"active"}`,
			"fields=status,type.internalName":                                       `{"status":"active","type":{"internalName":"login"}}`,
			"fields=status&fields=type.internalName":                                `{"status":"active","type":{"internalName":"login"}}`,
			"fields=%2Bstatus%2Ctype.%2Bmode&other=1":                               `{"status":"active","type":{"mode":"manual"}}`,
			"fields=*type.mode,type.internalName":                                   `{"type":{"internalName":"login"}}`,
			"fields=&fields=status":                                                 `{"status":"active"}`,
			"fields=-permissions,-history,-date,-type,!requireOldPasswordForChange": `{"status":"active"}`,
		} {
			r.get("/self/passwords/login?"+query, session(AnaSession)).want(t, 200, want)
		}
		r.get("/self/passwords/login?fields=", session(AnaSession)).want(t, 200, "")
		for _, path := range []string{"", "/list-data", "/login"} {
			r.get("/self/passwords"+path+"?fields="+url.QueryEscape("status,-status"), session(AnaSession)).
				want(t, 422, `{"code":"queryParse","value":"-status"}`)
		}
		r.get("/self/passwords?fields=+status", session(AnaSession)).want(t, 422, `{"code":"queryParse","value":" status"}`)
		var list []gen.PasswordStatusAndType
		r.get("/self/passwords?fields=type.internalName", session(AnaSession)).decode(t, &list)
		if len(list) != 5 || list[1].Type.InternalName != TypePIN || list[1].Status != "" {
			t.Errorf("%s: got %+v", version, list)
		}
	}
}
