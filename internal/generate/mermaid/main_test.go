package main

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// TestChartsHoldTheTable: the charts show every transition, and no other.
func TestChartsHoldTheTable(t *testing.T) {
	t.Parallel()
	type step struct {
		mode     gen.PasswordModeEnum
		from, to gen.PasswordStatusEnum
		action   lifecycle.Action
		who      lifecycle.Who
		when     lifecycle.Condition
		known    lifecycle.Known
	}
	inTable, inCharts := map[step]bool{}, map[step]bool{}
	for _, row := range lifecycle.Transitions {
		for _, mode := range row.Modes {
			for _, from := range row.From {
				inTable[step{mode, from, row.To, row.Action, row.Who, row.When, row.Known}] = true
			}
		}
	}
	for _, c := range collect(lifecycle.Transitions) {
		for _, a := range c.arrows {
			if len(c.nodes[a.to]) != 1 {
				t.Errorf("%s: an arrow leads to %v", c.title(), c.nodes[a.to])
			}
			for _, e := range a.events {
				for _, w := range e.who {
					for _, mode := range c.modes {
						for _, from := range c.nodes[a.from] {
							inCharts[step{mode, from, c.nodes[a.to][0], e.action, w, e.when, a.known}] = true
						}
					}
				}
			}
		}
	}
	for s := range inTable {
		if !inCharts[s] {
			t.Errorf("not drawn: %v", s)
		}
	}
	for s := range inCharts {
		if !inTable[s] {
			t.Errorf("drawn, but not in the table: %v", s)
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	by := func(who ...lifecycle.Who) []lifecycle.Who { return who }
	for want, events := range map[string][]event{
		"enable (manager)":                                    {{lifecycle.Enable, by(lifecycle.ByManager), lifecycle.Always}},
		"disable (owner or manager)":                          {{lifecycle.Disable, by(lifecycle.ByOwner, lifecycle.ByManager), lifecycle.Always}},
		"failed attempts|if the type blocks for a time":       {{lifecycle.FailedAttempts, by(lifecycle.ByServer), lifecycle.BlocksForTime}},
		"change with forceChange|or resetAndSend (manager)":   {{lifecycle.ForceChange, by(lifecycle.ByManager), ""}, {lifecycle.ResetAndSend, by(lifecycle.ByManager), ""}},
		"unblock (manager)|or block ends":                     {{lifecycle.Unblock, by(lifecycle.ByManager), ""}, {lifecycle.BlockEnds, by(lifecycle.ByServer), ""}},
		"generate (owner)|if the type needs no authorization": {{lifecycle.Generate, by(lifecycle.ByOwner), lifecycle.AuthorizationNotNeeded}},
	} {
		if got := strings.Join(arrow{events: events}.lines(), "|"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	got := string(page(collect(lifecycle.Transitions)))
	for _, want := range []string{
		"Solid arrows are documented. Dashed arrows are assumed",
		"## Mode manual\n\n```mermaid\nflowchart LR\n",
		"## Modes manual, generated and otp\n",
		`  neverCreated(["neverCreated<br>expired"])` + "\n",
		`  pending -->|"generate (owner)"| active` + "\n",
		`  active -->|"resetAndSend (manager)"| reset` + "\n",
		`  active --- active4["changeGenerated (owner)"]:::label --> active` + "\n",
		`  disabled -.->|"enable (manager)"| active` + "\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in:\n%s", want, got)
		}
	}
}

func TestPageIsUpToDate(t *testing.T) {
	t.Parallel()
	got, err := os.ReadFile("../../../docs/lifecycle.md")
	if err != nil || !bytes.Equal(got, page(collect(lifecycle.Transitions))) {
		t.Errorf("docs/lifecycle.md is out of date, run make generate: %v", err)
	}
}
