package bodies_test

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/internal/testkit/bodies"
)

func TestSeededListData(t *testing.T) {
	t.Parallel()
	for seed := range uint64(50) {
		body := bodies.SeededListData(seed)
		if !bytes.Equal(body, bodies.SeededListData(seed)) {
			t.Errorf("seed %d gives two bodies", seed)
		}
		if bytes.Equal(body, bodies.SeededListData(seed+1)) {
			t.Errorf("seeds %d and %d give the same body", seed, seed+1)
		}
		// The client pools no buffer of more than 64 KiB.
		if len(body) < len(bodies.ListData) || len(body) >= 64<<10 {
			t.Errorf("seed %d gives %d bytes", seed, len(body))
		}
		if !bytes.ContainsFunc(body, func(r rune) bool { return r > unicode.MaxLatin1 }) {
			t.Errorf("seed %d gives Latin text only", seed)
		}
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.DisallowUnknownFields()
		var data passwords.DataForUserPasswords
		if err := decoder.Decode(&data); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if data.TOTPSecret == nil || data.TOTPSecret.SecretURL != "" || data.User.Image == nil || len(data.Passwords[0].History) <= 10 {
			t.Errorf("seed %d gives another shape", seed)
		}
	}
}

func TestBodiesDecode(t *testing.T) {
	t.Parallel()
	var data passwords.DataForUserPasswords
	if err := json.Unmarshal(bodies.ListData, &data); err != nil || len(data.Passwords) != 6 || data.TOTPSecret != nil {
		t.Errorf("list-data has %d passwords: %v", len(data.Passwords), err)
	}
	var list []passwords.PasswordStatusAndType
	if err := json.Unmarshal(bodies.List, &list); err != nil || len(list) != 4 {
		t.Errorf("list has %d passwords: %v", len(list), err)
	}
}
