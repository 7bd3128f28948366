// Package bodies holds response bodies for measurements. The root module's
// budgets and the benchmarks use the same ones.
package bodies

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"time"
)

// ListData is a response to list-data: 6 passwords with up to 10 events each, all
// text in ASCII, and no authenticator app, as servers before 4.16 send it.
//
//go:embed list-data.json
var ListData []byte

// List is a response to list: 4 passwords.
//
//go:embed list.json
var List []byte

// SeededListData returns a response to list-data of another shape, as servers since
// 4.16 send it: long histories, an image for each user, names in many scripts, and
// an authenticator app without a secret URL. Nothing can be tuned to it, because
// each seed gives another body.
func SeededListData(seed uint64) []byte {
	g := generator{Rand: rand.New(rand.NewPCG(seed, 0))}
	g.zone = time.FixedZone("", 1800*(g.IntN(49)-24))
	people := make([]json.RawMessage, 6+g.IntN(6))
	for i := range people {
		people[i] = g.user()
	}
	passwords := make([]json.RawMessage, 3+g.IntN(2))
	for i := range passwords {
		passwords[i] = g.password(people)
	}
	return object(
		"user", people[0],
		"passwords", passwords,
		"confirmationPasswordInput", g.passwordInput(),
		"sendMediums", []string{"sms", "email"},
		"dataForSetSecurityAnswer", object("securityQuestions", []json.RawMessage{g.reference(), g.reference(), g.reference()}),
		"totpSecret", object(
			"user", people[0],
			"status", "active",
			"activationDate", g.date(),
			"canActivate", false,
			"canRemove", true,
			"confirmationPasswordInput", g.passwordInput(),
			"sendVerificationCodeData", object(
				"mediums", []string{"sms"},
				"phones", []json.RawMessage{object("id", g.id(), "name", g.name(), "type", "mobile", "number", "+598 99 123 456")},
				"verificationCodeSeconds", 30+g.IntN(60))))
}

type generator struct {
	*rand.Rand
	zone *time.Location // servers send all dates in one
}

// names are written in scripts of one to four bytes a character.
var names = []string{
	"Олександра Ковальчук", "Дмитрий Соколов", "王小明", "佐藤 花子", "김서연", "محمد الأحمد", "ליאור כהן",
	"Ελένη Παπαδοπούλου", "प्रिया शर्मा", "ณัฐพล ศรีสุข", "José Núñez", `Zoë "Zo" Brontë`, "Nguyễn Thị Ánh", "𠮷田 太郎", "Amália 🌻",
}

func (g generator) name() string { return one(g, names...) }

func (g generator) id() string { return fmt.Sprint(int64(g.Uint64())) }

func (g generator) bool() bool { return g.IntN(2) == 0 }

func (g generator) date() string {
	at := time.UnixMilli(1_600_000_000_000 + g.Int64N(200_000_000_000))
	return at.In(g.zone).Format("2006-01-02T15:04:05.000Z07:00")
}

func (g generator) reference() json.RawMessage {
	return object("id", g.id(), "name", g.name()+"?", "internalName", fmt.Sprintf("reference%d", g.IntN(100)))
}

func (g generator) user() json.RawMessage {
	name := g.name()
	return object(
		"id", g.id(), "display", name, "shortDisplay", name,
		"image", object("id", g.id(), "name", name+".jpeg", "contentType", "image/jpeg", "length", 1000+g.IntN(100_000),
			"url", fmt.Sprintf("https://cyclos.example.org/content/images/user/%x.jpeg?w=%d", g.Uint64(), g.IntN(500)),
			"width", 1+g.IntN(500), "height", 1+g.IntN(500)),
		"locator", fmt.Sprintf("user%d", g.IntN(1_000_000)),
		"locatorPrincipal", object("type", g.reference(), "value", fmt.Sprintf("%d@example.org", g.Uint32())))
}

func (g generator) password(people []json.RawMessage) json.RawMessage {
	history := make([]json.RawMessage, 12+g.IntN(10))
	for i := range history {
		action := one(g, "activate", "change", "disable", "enable", "reset", "resetAndSend", "unblock")
		history[i] = object("action", action, "date", g.date(), "by", one(g, people...))
		if g.IntN(5) == 0 {
			history[i] = object("action", action, "date", g.date())
		}
	}
	return object(
		"status", one(g, "active", "disabled", "expired", "pending", "indefinitelyBlocked"),
		"date", g.date(),
		"type", object("id", g.id(), "name", g.name(), "internalName", fmt.Sprintf("type%d", g.IntN(100)),
			"mode", one(g, "manual", "generated"), "global", g.bool(), "description", g.name()+", "+g.name(),
			"minLength", 1+g.IntN(8), "maxLength", 10+g.IntN(90), "onlyNumeric", g.bool(), "inputMethod", "virtualKeyboard",
			"numberOfButtons", 1+g.IntN(9), "numberOfRows", 1+g.IntN(4), "buttonsPerRow", 1+g.IntN(9)),
		"permissions", object("change", g.bool(), "generate", g.bool(), "changeGenerated", g.bool(), "allowGeneration", g.bool(),
			"resetGenerated", g.bool(), "resetAndSend", g.bool(), "disable", g.bool(), "enable", g.bool(), "unblock", g.bool()),
		"requireOldPasswordForChange", g.bool(),
		"history", history)
}

func (g generator) passwordInput() json.RawMessage {
	return object("id", g.id(), "name", g.name(), "internalName", "login", "hasActivePassword", true, "passwordStatus", "active",
		"mode", "manual", "inputMethod", "textBox", "minLength", 1+g.IntN(8), "maxLength", 10+g.IntN(90),
		"allowedCredentials", []string{"password", "totp", "device"}, "activeCredentials", []string{"password", "totp"})
}

func one[T any](g generator, of ...T) T { return of[g.IntN(len(of))] }

// object returns a JSON object of alternating names and values. It keeps their
// order, which is that of the API description, as servers do.
func object(members ...any) json.RawMessage {
	text := []byte("{")
	for i, member := range members {
		encoded, err := json.Marshal(member)
		if err != nil {
			panic(err) // all values above can be encoded
		}
		if i > 0 {
			text = append(text, ",:"[i%2])
		}
		text = append(text, encoded...)
	}
	return append(text, '}')
}
