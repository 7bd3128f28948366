package cyclostest

import (
	"strings"
	"testing"
	"time"

	"github.com/cyclos-go/passwords/gen"
)

func TestInvalidWorlds(t *testing.T) {
	t.Parallel()
	const value = "very-secret-1"
	user := func(change func(*User)) func(*World) {
		return func(w *World) {
			u := User{LoginName: "new", Passwords: []Password{{Type: TypeLogin, Value: value}}}
			change(&u)
			w.Users = append(w.Users, u)
		}
	}
	typ := func(change func(*PasswordType)) func(*World) {
		return func(w *World) {
			p := PasswordType{InternalName: "new", Mode: gen.PasswordModeEnumManual}
			change(&p)
			w.PasswordTypes = append(w.PasswordTypes, p)
		}
	}
	for want, change := range map[string]func(*World){
		`user "new": the id is not a 64-bit number`:           user(func(u *User) { u.ID = "x" }),
		`user "new": the id belongs to another user`:          user(func(u *User) { u.ID = "7762070814178012003" }),
		`has no login name`:                                   user(func(u *User) { u.LoginName = "" }),
		`user "ANA": loginName belongs to another user`:       user(func(u *User) { u.LoginName = "ANA" }),
		`user "new": mobilePhone belongs to another user`:     user(func(u *User) { u.Phone = "+31612345678" }),
		`user "new": unknown role "king"`:                     user(func(u *User) { u.Role = "king" }),
		`user "new": unknown status "asleep"`:                 user(func(u *User) { u.Status = "asleep" }),
		`user "new": "ana" cannot be the manager`:             user(func(u *User) { u.Manager = Ana }),
		`user "new": "nobody" cannot be the manager`:          user(func(u *User) { u.Manager = "nobody" }),
		`operator "new" has no member`:                        user(func(u *User) { u.Role = RoleOperator }),
		`password type "nope" is unknown`:                     user(func(u *User) { u.Passwords[0].Type = "nope" }),
		`password type "login" is unknown or given twice`:     user(func(u *User) { u.Passwords = append(u.Passwords, u.Passwords[0]) }),
		`password "login": unknown status "odd"`:              user(func(u *User) { u.Passwords[0].Status = "odd" }),
		`has a value, which the status "pending" cannot have`: user(func(u *User) { u.Passwords[0].Status = pending }),
		`has no value, which the status "active" needs`:       user(func(u *User) { u.Passwords[0].Value = "" }),
		`password type "new": the id is not a 64-bit number`:  typ(func(p *PasswordType) { p.ID = "x" }),
		`has no internal name`:                                typ(func(p *PasswordType) { p.InternalName = "" }),
		`password type "login" exists twice`:                  typ(func(p *PasswordType) { p.InternalName = TypeLogin }),
		`password type "new" exists twice`:                    typ(func(p *PasswordType) { p.ID = "-7762070814178012101" }),
		`unknown mode "guess"`:                                typ(func(p *PasswordType) { p.Mode = "guess" }),
		`negative limit`:                                      typ(func(p *PasswordType) { p.BlockFor = -time.Second }),
		`unknown confirmation type "nope"`:                    typ(func(p *PasswordType) { p.Confirmation = "nope" }),
		`numbers: unknown availability "maybe"`:               typ(func(p *PasswordType) { p.Numbers = "maybe" }),
		`lower case letters contradict only numeric`:          typ(func(p *PasswordType) { p.OnlyNumeric, p.LowerCaseLetters = true, "required" }),
		`negative length`:                                     typ(func(p *PasswordType) { p.MinLength = -1 }),
		`the greatest length leaves no room`:                  typ(func(p *PasswordType) { p.MinLength, p.MaxLength = 5, 4 }),
		`the greatest length leaves no room for`:              typ(func(p *PasswordType) { p.MaxLength, p.Numbers, p.LowerCaseLetters = 1, "required", "required" }),
		`no character is allowed`:                             typ(func(p *PasswordType) { p.OnlyNumeric, p.Numbers = true, "disabled" }),
		`channel "" has no name`:                              func(w *World) { w.Channels = []Channel{{PasswordType: TypeLogin}} },
		`channel "main" has no name or exists twice`:          func(w *World) { w.Channels = append(w.Channels, w.Channels[0]) },
		`channel "x": unknown password type "nope"`:           func(w *World) { w.Channels = []Channel{{InternalName: "x", PasswordType: "nope"}} },
		`there is no channel`:                                 func(w *World) { *w = World{} },
		`session of an unknown user "nobody"`:                 func(w *World) { w.Sessions = append(w.Sessions, Session{"t", "nobody"}) },
		`session of "ana": the token is empty or given twice`: func(w *World) { w.Sessions = append(w.Sessions, Session{"", Ana}) },
		`access client of "ben": the token is empty or given`: func(w *World) { w.AccessClients = append(w.AccessClients, AccessClient{AnaClientToken, "", Ben}) },
	} {
		w := DefaultWorld()
		change(&w)
		_, err := build(w, startOfTime)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
			continue
		}
		if strings.Contains(err.Error(), value) {
			t.Errorf("%s: the error holds a password", want)
		}
	}
}

func TestDefaultWorldIsFresh(t *testing.T) {
	t.Parallel()
	w := DefaultWorld()
	w.Users[0].LoginName, w.PasswordTypes[0].InternalName = "x", "y"
	if again := DefaultWorld(); again.Users[0].LoginName != Admin || again.PasswordTypes[0].InternalName != TypeLogin {
		t.Error("a change went into the next world")
	}
}
