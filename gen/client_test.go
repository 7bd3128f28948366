package gen_test

import (
	"encoding/json"
	"testing"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// TestGeneratedModelsTakeWhatNewerServersSend uses gen without package passwords.
func TestGeneratedModelsTakeWhatNewerServersSend(t *testing.T) {
	t.Parallel()
	server := testkit.Serve(t, testkit.JSON(200, `[{"status":"fromTheFuture","unknown":[1],"type":null}]`))
	client, err := gen.NewClient(server, gen.WithHTTPClient(testkit.DoerFunc(testkit.NewTransport(t).RoundTrip)))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := client.ListUserPasswords(t.Context(), "self", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var list []gen.PasswordStatusAndType
	if err := json.NewDecoder(resp.Body).Decode(&list); err != nil || len(list) != 1 || list[0].Status != "fromTheFuture" {
		t.Fatalf("got %v", err)
	}
}
