package main

import (
	"bytes"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/cyclostest"
)

func TestRunPrintsTheSpans(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	if err := run(t.Context(), &out); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"listUserPasswords (client)\n", "resetAndSendPassword (client)\n", "enablePassword (client)\n", "onboard a user (internal)\n",
		"    url.template = /api/{user}/passwords/{type}/reset-and-send\n",
		"    status: passwords: enablePassword: 403 Forbidden: illegalAction\n",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not in the output", want)
		}
	}
	for _, value := range []string{"/" + cyclostest.Ana + "/", cyclostest.AdminSession, "passwords/" + cyclostest.TypeLogin, "sms"} {
		if strings.Contains(out.String(), value) {
			t.Errorf("the output shows %q", value)
		}
	}
}
