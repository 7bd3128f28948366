package cyclostest

import (
	"fmt"
	"slices"
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
		`user "new": the id is not a 64-bit number`:                         user(func(u *User) { u.ID = "x" }),
		`user "new": duplicate id`:                                          user(func(u *User) { u.ID = "7762070814178012003" }),
		`has no login name`:                                                 user(func(u *User) { u.LoginName = "" }),
		`user "ANA": another user has the same loginName`:                   user(func(u *User) { u.LoginName = "ANA" }),
		`user "new": another user has the same mobilePhone`:                 user(func(u *User) { u.Phone = "+31612345678" }),
		`user "new": unknown role "king"`:                                   user(func(u *User) { u.Role = "king" }),
		`user "new": unknown status "asleep"`:                               user(func(u *User) { u.Status = "asleep" }),
		`user "new": manager "ana" does not exist or has the wrong role`:    user(func(u *User) { u.Manager = Ana }),
		`user "new": manager "nobody" does not exist or has the wrong role`: user(func(u *User) { u.Manager = "nobody" }),
		`operator "new" has no manager`:                                     user(func(u *User) { u.Role = RoleOperator }),
		`unknown or duplicate password type "nope"`:                         user(func(u *User) { u.Passwords[0].Type = "nope" }),
		`unknown or duplicate password type "login"`:                        user(func(u *User) { u.Passwords = append(u.Passwords, u.Passwords[0]) }),
		`password "login": unknown status "odd"`:                            user(func(u *User) { u.Passwords[0].Status = "odd" }),
		`status "pending" does not allow a value`:                           user(func(u *User) { u.Passwords[0].Type, u.Passwords[0].Status = TypePIN, pending }),
		`mode "manual" does not allow status "pending"`:                     user(func(u *User) { u.Passwords[0] = Password{Type: TypeLogin, Status: pending} }),
		`mode "otp" does not allow status "pending"`:                        user(func(u *User) { u.Passwords[0] = Password{Type: TypeOTP, Status: pending} }),
		`status "active" requires a value`:                                  user(func(u *User) { u.Passwords[0].Value = "" }),
		`password type "new": the id is not a 64-bit number`:                typ(func(p *PasswordType) { p.ID = "x" }),
		`has no internal name`:                                              typ(func(p *PasswordType) { p.InternalName = "" }),
		`password type "login": duplicate id or internal name`:              typ(func(p *PasswordType) { p.InternalName = TypeLogin }),
		`password type "new": duplicate id or internal name`:                typ(func(p *PasswordType) { p.ID = "-7762070814178012101" }),
		`unknown mode "guess"`:                                              typ(func(p *PasswordType) { p.Mode = "guess" }),
		`negative limit`:                                                    typ(func(p *PasswordType) { p.BlockFor = -time.Second }),
		`channel "main": unknown confirmation type "nope"`:                  func(w *World) { w.Channels[0].Confirmation = "nope" },
		`numbers: unknown availability "maybe"`:                             typ(func(p *PasswordType) { p.Numbers = "maybe" }),
		`lowercase letters contradict OnlyNumeric`:                          typ(func(p *PasswordType) { p.OnlyNumeric, p.LowerCaseLetters = true, "required" }),
		`negative length`:                                                   typ(func(p *PasswordType) { p.MinLength = -1 }),
		`MaxLength is less than MinLength`:                                  typ(func(p *PasswordType) { p.MinLength, p.MaxLength = 5, 4 }),
		`MaxLength is less than MinLength or the number of required`:        typ(func(p *PasswordType) { p.MaxLength, p.Numbers, p.LowerCaseLetters = 1, "required", "required" }),
		`no character is allowed`:                                           typ(func(p *PasswordType) { p.OnlyNumeric, p.Numbers = true, "disabled" }),
		`channel "": missing or duplicate internal name`:                    func(w *World) { w.Channels = []Channel{{PasswordType: TypeLogin}} },
		`channel "main": missing or duplicate internal name`:                func(w *World) { w.Channels = append(w.Channels, w.Channels[0]) },
		`channel "x": unknown password type "nope"`:                         func(w *World) { w.Channels = []Channel{{InternalName: "x", PasswordType: "nope"}} },
		`no channel: add one`:                                               func(w *World) { *w = World{} },
		`session of unknown user "nobody"`:                                  func(w *World) { w.Sessions = append(w.Sessions, Session{"t", "nobody"}) },
		`session of "ana": missing or duplicate token`:                      func(w *World) { w.Sessions = append(w.Sessions, Session{"", Ana}) },
		`access client of "ben": missing or duplicate token`:                func(w *World) { w.AccessClients = append(w.AccessClients, AccessClient{AnaClientToken, "", Ben}) },
	} {
		w := DefaultWorld()
		change(&w)
		_, err := build(w, startTime)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
			continue
		}
		if strings.Contains(err.Error(), value) {
			t.Errorf("%s: the error contains a password", want)
		}
	}
}

func TestDefaultWorldIsFresh(t *testing.T) {
	t.Parallel()
	w := DefaultWorld()
	w.Users[0].LoginName, w.PasswordTypes[0].InternalName = "x", "y"
	if again := DefaultWorld(); again.Users[0].LoginName != Admin || again.PasswordTypes[0].InternalName != TypeLogin {
		t.Error("DefaultWorld returned the modified world")
	}
}

func TestAssignedIDsAvoidTheGivenOnes(t *testing.T) {
	t.Parallel()
	var w World
	for i, id := range []string{"", "2000001", "+2000003", "", ""} {
		w.PasswordTypes = append(w.PasswordTypes, PasswordType{InternalName: fmt.Sprint("type", i), ID: id, Mode: "manual"})
	}
	w.PasswordTypes[4].InternalName = "2000005"
	for i, id := range []string{"1000003", "", "", "1000004", "01000002", ""} {
		w.Users = append(w.Users, User{LoginName: fmt.Sprint("user", i), ID: id})
	}
	st, err := build(w, startTime)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, typ := range st.types {
		got = append(got, typ.ID)
	}
	for i := range w.Users {
		got = append(got, st.userByLogin(fmt.Sprint("user", i)).ID)
	}
	want := []string{"2000002", "2000001", "+2000003", "2000004", "2000006", "1000003", "1000005", "1000006", "1000004", "01000002", "1000007"}
	if !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}
