package secrets

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"

	"github.com/cyclos-go/passwords"
)

// TestUsersAreComparedByOthers compares users as the tests of callers do: no library
// panics about their fields, and each says whom it was given.
func TestUsersAreComparedByOthers(t *testing.T) {
	t.Parallel()
	type call struct{ User passwords.User }
	got, want := []call{{passwords.Principal("ana")}, {passwords.Self()}}, []call{{passwords.Principal("ana")}, {passwords.Self()}}
	assert.Equal(t, want, got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	for _, other := range []passwords.User{passwords.Principal("ben"), passwords.Locator("ana"), passwords.Self(), nil} {
		var failed recorder
		if assert.Equal(&failed, other, want[0].User) || cmp.Equal(call{other}, want[0]) {
			t.Errorf("%v equals %v", other, want[0])
		}
		for _, text := range []string{string(failed.text), cmp.Diff(call{other}, want[0])} {
			// go-cmp quotes what String returns.
			if !strings.Contains(strings.ReplaceAll(text, `\"`, `"`), `Principal("ana")`) {
				t.Errorf("not named: %s", text)
			}
		}
	}
}
