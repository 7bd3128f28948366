//go:build browser

package main

import (
	"context"
	"fmt"
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
)

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
