package main

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
)

func noEnv(string) string { return "" }

func TestWalkShowsAllOperations(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), nil, noEnv, &out, io.Discard); err != nil {
		t.Fatal(err)
	}
	for _, o := range gen.Operations {
		if o.Tag == "Passwords" && !strings.Contains(out.String(), "\n"+string(o.ID)+" ") {
			t.Errorf("%s is not shown: add a step to steps in walk.go", o.ID)
		}
	}
	for _, row := range []string{
		"generatePassword          ana     ana   cardPin   pending              active               [REDACTED]",
		"unblockPassword           admin   ana   tradePin  indefinitelyBlocked  active               done",
	} {
		if !strings.Contains(out.String(), row+"\n") {
			t.Errorf("no row %q", row)
		}
	}
	for _, secret := range []string{cyclostest.AnaPassword, cyclostest.AdminPassword, cyclostest.AnaSession} {
		if strings.Contains(out.String(), secret) {
			t.Error("a secret is shown")
		}
	}
}

func TestListOnARealServer(t *testing.T) {
	t.Parallel()
	server := cyclostest.Start(t)
	for name, tc := range map[string]struct {
		args []string
		env  map[string]string
		want string
	}{
		"flags and password": {
			[]string{"-url", server.URL, "-principal", cyclostest.Admin, "-user", "ben"},
			map[string]string{"CYCLOS_PASSWORD": cyclostest.AdminPassword}, "generated  active",
		},
		"session from the environment": {
			nil, map[string]string{"CYCLOS_URL": server.URL, "CYCLOS_SESSION_TOKEN": cyclostest.AnaSession}, "manual     active",
		},
		"access client from the environment": {
			nil, map[string]string{"CYCLOS_URL": server.URL, "CYCLOS_ACCESS_CLIENT_TOKEN": cyclostest.AnaClientToken}, "manual     active",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var out bytes.Buffer
			if err := run(t.Context(), tc.args, func(key string) string { return tc.env[key] }, &out, io.Discard); err != nil {
				t.Fatal(err)
			}
			if !strings.HasPrefix(out.String(), "TYPE ") || !strings.Contains(out.String(), tc.want) {
				t.Errorf("got\n%s", out.String())
			}
		})
	}
}

func TestMistakesAreErrors(t *testing.T) {
	t.Parallel()
	server := cyclostest.Start(t)
	for name, args := range map[string][]string{
		"unknown flag":      {"-password", "x"},
		"no password":       {"-url", server.URL, "-principal", "ana"},
		"no authentication": {"-url", server.URL},
		"base URL":          {"-url", "cyclos.example.org"},
		"user without URL":  {"-user", "ana"},
		"stray argument":    {"admin"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if err := run(t.Context(), args, noEnv, io.Discard, io.Discard); err == nil {
				t.Error("no error")
			}
		})
	}
	onlyPassword := func(key string) string { return map[string]string{"CYCLOS_PASSWORD": "x"}[key] }
	if err := run(t.Context(), []string{"-url", server.URL}, onlyPassword, io.Discard, io.Discard); err == nil {
		t.Error("a password without a principal: no error")
	}
}

func TestHelpIsNoMistake(t *testing.T) {
	t.Parallel()
	var usage bytes.Buffer
	if err := run(t.Context(), []string{"-h"}, noEnv, io.Discard, &usage); err != nil || !strings.Contains(usage.String(), "-principal") {
		t.Errorf("got %v and %q", err, usage.String())
	}
}
