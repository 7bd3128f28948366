//go:build browser

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/testkit/spec"
)

// TestPageInChromium opens the page, authorizes, executes an operation and reads the
// response.
func TestPageInChromium(t *testing.T) {
	api := cyclostest.New()
	defer api.Close()
	handler, err := newHandler(spec.Handler(t, api.Handler()))
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler)
	defer server.Close()
	b := startBrowser(t, server.URL)

	b.do("open the page", chromedp.Navigate(server.URL+"/"), chromedp.WaitVisible(block("changeGenerated")))
	var want []string
	for _, o := range gen.Operations {
		want = append(want, o.Method+" "+o.Path+" "+string(o.ID))
	}
	slices.Sort(want)
	if got := b.operations(); !slices.Equal(got, want) {
		t.Errorf("the page lists\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	const operation = "listUserPasswords"
	b.do("open the operation", chromedp.Click(block(operation, ".opblock-summary-control")),
		chromedp.WaitVisible(block(operation, ".execute")))
	// Consecutive callers are different users, so that credentials of the previous one
	// would be noticed.
	for i, caller := range []struct{ scheme, user, principal, secret string }{
		{"basic", cyclostest.Ana, cyclostest.Ana, cyclostest.AnaPassword},
		{"session", cyclostest.Ben, "", cyclostest.BenSession},
		{"accessClient", cyclostest.Ana, "", cyclostest.AnaClientToken},
		{"basic", cyclostest.Admin, cyclostest.Admin, cyclostest.AdminPassword},
	} {
		b.authorize(caller.scheme, caller.principal, caller.secret)
		status, body := b.execute(operation)
		var shown []passwords.PasswordStatusAndType
		if err := json.Unmarshal([]byte(body), &shown); err != nil || status != "200" || len(shown) == 0 {
			t.Fatalf("%s: the page shows status %s and the response %q, want 200 and a list: %v", caller.scheme, status, body, err)
		}
		for _, p := range shown {
			if want := api.Status(caller.user, p.Type.InternalName); p.Status != want {
				t.Errorf("%s: the page shows that %s of %s is %s, want %s", caller.scheme, p.Type.InternalName, caller.user, p.Status, want)
			}
		}
		if calls := api.Calls(operation); calls != i+1 {
			t.Errorf("%s: the server has had %d calls, want %d", caller.scheme, calls, i+1)
		}
	}
	for _, problem := range b.problems() {
		t.Error(problem)
	}
}

// block selects an operation on the page, or an element in it.
func block(operationID string, inside ...string) chromedp.CSS {
	return chromedp.CSS(strings.Join(append([]string{"#operations-Passwords-" + operationID}, inside...), " "))
}

// operations returns the operations on the page, sorted.
func (b *browser) operations() []string {
	b.t.Helper()
	var all []string
	b.do("list the operations", evaluate(`[...document.querySelectorAll('.opblock')].map(block =>
		['.opblock-summary-method', '.opblock-summary-path', '.opblock-summary-operation-id']
			.map(part => block.querySelector(part).textContent.replaceAll('\u200b', '')).join(' '))`, &all))
	slices.Sort(all)
	return all
}

// authorize enters the secret, and the principal if there is one.
func (b *browser) authorize(scheme, principal, secret string) {
	b.t.Helper()
	form := `//form[.//h4/code="` + scheme + `"]`
	steps := []step{chromedp.Click(chromedp.CSS(".auth-wrapper .authorize"))}
	if principal != "" {
		steps = append(steps, chromedp.SendKeys(chromedp.Search(form+`//input[@name="username"]`), principal))
	}
	b.do("authorize by "+scheme, append(steps,
		chromedp.SendKeys(chromedp.Search(form+`//input[not(@name="username")]`), secret),
		chromedp.Click(chromedp.Search(form+`//button[@type="submit"]`)),
		chromedp.WaitVisible(chromedp.Search(form+`//button[.="Logout"]`)),
		chromedp.Click(chromedp.CSS(".modal-ux .btn-done")),
		chromedp.WaitNotPresent(chromedp.CSS(".modal-ux")))...)
}

// execute executes an operation, returns the status and body that the page shows,
// and clears them.
func (b *browser) execute(operationID string) (status, body string) {
	b.t.Helper()
	response := func(inside string) chromedp.CSS { return block(operationID, ".live-responses-table .response "+inside) }
	b.do("execute "+operationID, chromedp.Click(block(operationID, ".execute")),
		chromedp.WaitVisible(response(".response-col_status")), chromedp.WaitVisible(response(".highlight-code code")))
	b.do("read the response", read(chromedp.Text(response(".response-col_status")), &status),
		read(chromedp.TextContent(response(".highlight-code code")), &body))
	b.do("clear the response", chromedp.Click(block(operationID, ".btn-clear")),
		chromedp.WaitNotPresent(block(operationID, ".live-responses-table")))
	return strings.TrimSpace(status), body
}

// browserLimit limits a whole test on a busy machine.
const browserLimit = 2 * time.Minute

type step = chromedp.Action[chromedp.Void]

// browser is a tab of Chromium that records problems.
type browser struct {
	t      *testing.T
	ctx    context.Context
	origin string

	mu    sync.Mutex
	wrong []string
}

// startBrowser starts Chromium with an empty tab. A missing Chromium is a failure,
// because a skipped test proves nothing.
func startBrowser(t *testing.T, origin string) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Fatal("chromium is missing: install the Debian package chromium")
	}
	options := append(slices.Clone(chromedp.DefaultExecAllocatorOptions[:]), chromedp.ExecPath(path), chromedp.WindowSize(1280, 1000))
	if os.Geteuid() == 0 {
		options = append(options, chromedp.NoSandbox) // not available to root
	}
	ctx, cancel := context.WithTimeout(t.Context(), browserLimit)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)

	b := &browser{t: t, ctx: ctx, origin: origin}
	if err := chromedp.Listen(ctx, b.watch); err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	return b
}

// watch records errors and warnings in the console, failed requests, and requests to
// other servers.
func (b *browser) watch(event any) {
	wrong := ""
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		switch e.Type {
		case "error", "warning", "assert":
			for _, arg := range e.Args {
				wrong += fmt.Sprintf(" %s%s", arg.Value, arg.Description)
			}
			wrong = "console:" + wrong
		}
	case *runtime.EventExceptionThrown:
		wrong = fmt.Sprintf("exception: %+v", e.ExceptionDetails)
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			wrong = fmt.Sprintf("%s: %s %s", e.Entry.Source, e.Entry.Text, e.Entry.URL)
		}
	case *network.EventRequestWillBeSent:
		if u, err := url.Parse(e.Request.URL); err != nil || u.Scheme != "data" && u.Scheme+"://"+u.Host != b.origin {
			wrong = "request to another server: " + e.Request.URL
		}
	case *network.EventLoadingFailed:
		wrong = "request failed: " + e.ErrorText
	case *network.EventResponseReceived:
		if e.Response.Status >= 400 {
			wrong = fmt.Sprintf("response %d: %s", e.Response.Status, e.Response.URL)
		}
	}
	if wrong != "" {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.wrong = append(b.wrong, wrong)
	}
}

// problems returns the problems so far.
func (b *browser) problems() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.wrong)
}

// do fails the test if a step fails.
func (b *browser) do(what string, steps ...step) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v\n%s", what, err, strings.Join(b.problems(), "\n"))
	}
}

// read converts an action that returns a value into a step.
func read[T any](action chromedp.Action[T], value *T) step {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		var err error
		*value, err = action(ctx, t)
		return chromedp.Void{}, err
	}
}

func evaluate[T any](expression string, value *T) step {
	return read(chromedp.Evaluate[T](expression), value)
}
