package cyclostest

import (
	"fmt"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// crowd returns the default world with n more users: user0, user1 and so on.
func crowd(n int) World {
	w := DefaultWorld()
	for i := range n {
		name := "user" + strconv.Itoa(i)
		w.Users = append(w.Users, User{
			LoginName: name, Email: name + "@example.org", Phone: "+0" + strconv.Itoa(i), AccountNumber: "NO-" + strconv.Itoa(i),
			Manager: Broker, Passwords: []Password{{Type: TypeLogin, Value: BenPassword}},
		})
	}
	return w
}

// serveUser requests the status of a user's password and resets it.
func serveUser(tb testing.TB, s *Server, name string) {
	for _, request := range []struct{ method, path string }{
		{"GET", "/passwords/login?fields=status"}, {"POST", "/passwords/login/reset-and-send"},
	} {
		r := httptest.NewRequest(request.method, basePath+"/"+name+request.path, nil)
		r.Header.Set(headerSession, AdminSession)
		if w := serveDirect(s, r); w.Code >= 300 {
			tb.Fatalf("%s %s: got %d", request.method, request.path, w.Code)
		}
	}
}

// TestManyUsers is not parallel because it counts allocations. It hides nil among the
// users, so that a loop over them panics.
func TestManyUsers(t *testing.T) {
	small, large := New(WithWorld(crowd(8))), New(WithWorld(crowd(20_000)))
	large.world.byID[0] = nil
	for _, users := range large.world.byPrincipal {
		users["nil"] = nil
	}
	for _, key := range []string{
		"user7", "USER7", "user7@EXAMPLE.org", "email:user7@example.org", "'+07", "mobilePhone:+07", "NO-7",
		"accountNumber:NO-7", "*:NO-7", "1000016", "nobody",
	} {
		few := testing.AllocsPerRun(10, func() { small.world.resolveUser(nil, key) })
		many := testing.AllocsPerRun(10, func() { large.world.resolveUser(nil, key) })
		u := large.world.resolveUser(nil, key)
		if found := u != nil && u.LoginName == "user7"; found != (key != "nobody") || many > few {
			t.Errorf("%s: found %t with %v allocations, %v in a small world", key, found, many, few)
		}
	}
	serveUser(t, large, "user19999")
	if kept := large.world.byPrincipal[PrincipalLoginName]["user0"].passwords; len(kept) != 1 {
		t.Errorf("%d passwords are kept for a user with one", len(kept))
	}
}

func TestFoldRuneAgreesWithEqualFold(t *testing.T) {
	t.Parallel()
	for r := range rune(unicode.MaxRune) {
		folded := foldRune(r)
		if next := unicode.SimpleFold(r); foldRune(next) != folded || !strings.EqualFold(string(r), string(folded)) {
			t.Errorf("%U is folded to %U, but %U to %U", r, folded, next, foldRune(next))
		}
	}
}

// BenchmarkUsers builds worlds, and serves a pair of requests for the first and for
// the last user.
func BenchmarkUsers(b *testing.B) {
	for _, n := range []int{8, 20_000, 100_000} {
		w := crowd(n)
		b.Run(fmt.Sprintf("%d/build", n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				New(WithWorld(w))
			}
		})
		s := New(WithWorld(w))
		for name, i := range map[string]int{"first": 0, "last": n - 1} {
			b.Run(fmt.Sprintf("%d/%s", n, name), func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					serveUser(b, s, "user"+strconv.Itoa(i))
				}
			})
		}
	}
}
