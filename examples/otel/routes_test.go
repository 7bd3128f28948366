package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestRoutesFindOperationsAndNothingElse(t *testing.T) {
	t.Parallel()
	list := func(prefix string) route { return route{"listUserPasswords", prefix + "/{user}/passwords"} }
	data := route{"getUserPasswordsData", "/api/{user}/passwords/{type}"}
	for _, tc := range []struct {
		base, method, url string
		want              route
	}{
		{"https://h/api", "GET", "https://h/api/ana/passwords?fields=x", list("/api")},
		{"https://h/api/", "GET", "https://h/api/ana/passwords", list("/api")},
		{"https://h", "GET", "https://h/ana/passwords", list("")},
		{"https://h/", "GET", "https://h/ana/passwords", list("")},
		{"https://h/a%20b/api", "GET", "https://h/a%20b/api/ana/passwords", list("/a%20b/api")},
		{"https://h/%7Ba%7D", "GET", "https://h/%7Ba%7D/ana/passwords", list("/%7Ba%7D")},
		{"https://h/{a}", "GET", "https://h/%7Ba%7D/ana/passwords", list("/%7Ba%7D")},
		{"https://h/api", "GET", "https://h/api/passwords/passwords", list("/api")},
		{"https://h/api", "GET", "https://h/api/%7Buser%7D/passwords", list("/api")},
		{"https://h/api", "GET", "https://h/api/ana%3Fb/passwords", list("/api")},
		{"https://h/api", "GET", "https://h/api/ana%25/passwords", list("/api")},
		{"https://h/api", "GET", "https://h/api/%C3%A9/passwords", list("/api")},
		{"https://h/api", "GET", "https://h/api/passwords/passwords/passwords", data},
		{"https://h/api", "GET", "https://h/api/ana/passwords/generate", data},
		{"https://h/api", "GET", "https://h/api/ana/passwords/list-data", route{"getUserPasswordsListData", "/api/{user}/passwords/list-data"}},
		{"https://h/api", "POST", "https://h/api/passwords/passwords/change/change", route{"changePassword", "/api/{user}/passwords/{type}/change"}},
		{"https://h/api", "POST", "https://h/api/passwords/change/generate", route{"generatePassword", "/api/passwords/{type}/generate"}},
		// Not operations.
		{"https://h/api", "GET", "https://h/ana/passwords", unknownRoute},
		{"https://h/api", "GET", "https://h/api/v2/ana/passwords", unknownRoute},
		{"https://h/api", "GET", "https://h/api/ana/passwords/", unknownRoute},
		{"https://h/api", "GET", "https://h/api//passwords", unknownRoute},
		{"https://h/api", "GET", "https://h/api/../passwords", unknownRoute},
		{"https://h/api", "DELETE", "https://h/api/ana/passwords", unknownRoute},
		{"https://h/api", "POST", "https://h/api/ana/passwords/login/erase", unknownRoute},
		{"https://h/api", "GET", "https://h/api/users/ana", unknownRoute},
	} {
		routes, err := newRoutes(tc.base)
		if err != nil {
			t.Fatal(err)
		}
		if got := routes.of(httptest.NewRequest(tc.method, tc.url, http.NoBody)); got != tc.want {
			t.Errorf("%s %s below %s: got %v, want %v", tc.method, tc.url, tc.base, got, tc.want)
		}
	}
}

func TestRoutesRefuseBaseURLs(t *testing.T) {
	t.Parallel()
	for _, base := range []string{"https://h/%zz", "https://h//api", "https://h/a/../api", "https://h/./api", "https://h/api//"} {
		if _, err := newRoutes(base); err != errBaseURL {
			t.Errorf("%s: got %v", base, err)
		}
	}
}
