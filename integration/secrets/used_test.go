package secrets

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords"
)

// The children that print a client after a request.
const (
	usedClient  = "used client"
	usedControl = "used control"
)

// TestUsedClientShowsNothing dumps a client with an open connection: the buffers of
// net/http still hold the last request and response. The dumps race with the
// connection, which the race detector would report, so they run in a child without
// it.
func TestUsedClientShowsNothing(t *testing.T) {
	t.Parallel()
	program := filepath.Join(t.TempDir(), "used")
	if out, err := exec.CommandContext(t.Context(), "go", "test", "-c", "-race=false", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	shownBy := func(child string) map[string][]string {
		cmd := exec.CommandContext(t.Context(), program)
		cmd.Env = append(os.Environ(), childVariable+"="+child)
		out, err := cmd.Output()
		if err != nil {
			t.Fatalf("%s: %v", child, err)
		}
		search := searchForParts(sessionValue, basicValue, base64.StdEncoding.EncodeToString([]byte("ana:"+basicValue)), generatedValue)
		shown := map[string][]string{}
		for _, section := range strings.Split(string(out), "\n== ")[1:] {
			name, printed, _ := strings.Cut(section, "\n")
			if found := search.find(printed); len(found) > 0 {
				shown[name] = found
			}
		}
		return shown
	}
	control := shownBy(usedControl)
	for _, name := range []string{"pretty.Sprint", "litter unexported", "spew.Dump default", "spew.Dump without methods"} {
		if control[name] == nil {
			t.Errorf("%s shows nothing of a plain HTTP client: the test proves nothing", name)
		}
	}
	client := shownBy(usedClient)
	for _, name := range slices.Sorted(maps.Keys(client)) {
		t.Errorf("%s shows what a client sent or received: %s", name, strings.Join(client[name], ", "))
	}
}

// printUsed prints what use returns with every dump.
func printUsed(use func(url string) (any, error)) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/auth/session") {
			w.Header().Set("Content-Type", "application/json")
			fmt.Fprintf(w, `{"sessionToken":%q}`, sessionValue)
			return
		}
		w.Header().Set("Content-Type", "text/plain")
		fmt.Fprint(w, generatedValue)
	}))
	subject, err := use(server.URL)
	if err != nil {
		fmt.Fprintln(os.Stderr, "the call failed")
		os.Exit(1)
	}
	for _, s := range dumps() {
		fmt.Printf("\n== %s\n%s\n", s.name, strings.ReplaceAll(s.show(subject), "\n==", ""))
	}
}

// useClient returns a client that logged in and made a request.
func useClient(url string) (any, error) {
	client, err := passwords.New(url+"/api", passwords.WithLogin("ana", passwords.NewSecret(basicValue)))
	if err != nil {
		return nil, err
	}
	_, err = client.ChangeGenerated(context.Background(), "pin", passwords.NewSecret(basicValue))
	return client, err
}

// usePlainClient returns a client of net/http that made a request.
func usePlainClient(url string) (any, error) {
	req, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Session-Token", sessionValue)
	client := &http.Client{Transport: &http.Transport{}}
	resp, err := client.Do(req)
	if err != nil {
		return nil, err
	}
	// A connection is kept open only if the body was read.
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return nil, err
	}
	return client, resp.Body.Close()
}
