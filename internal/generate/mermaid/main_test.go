package main

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

func drawn(t *testing.T) drawing {
	t.Helper()
	d, err := draw(collect(lifecycle.Transitions))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// The picture and the charts have to hold the table, no more and no less.
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
			t.Errorf("drawn, and not in the table: %v", s)
		}
	}
}

func TestNothingOverlaps(t *testing.T) {
	t.Parallel()
	for _, p := range drawn(t).panels {
		boxes := slices.Clone(p.nodes)
		for _, a := range p.arrows {
			boxes = append(boxes, a.label)
		}
		for i, b := range boxes {
			if !b.inside(p.frame) {
				t.Errorf("%s: %q is outside", p.title, b.lines)
			}
			for _, other := range boxes[:i] {
				if b.overlaps(other.box) {
					t.Errorf("%s: %q overlaps %q", p.title, b.lines, other.lines)
				}
			}
			for j, a := range p.arrows {
				if i != len(p.nodes)+j && a.curve.meets(b.box) {
					t.Errorf("%s: the arrow %q runs through %q", p.title, a.label.lines, b.lines)
				}
			}
		}
	}
}

func TestSVG(t *testing.T) {
	t.Parallel()
	d := drawn(t)
	svg := d.svg()
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		if _, err := decoder.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if bytes.Contains(svg, []byte("%!")) {
		t.Error("a format of the picture is wrong")
	}
	count := map[lifecycle.Known]int{}
	for _, p := range d.panels {
		for _, a := range p.arrows {
			count[a.known]++
		}
	}
	for _, s := range styles {
		// One more is in the legend.
		if got := strings.Count(string(svg), `<path class="`+s.class+`"`); got != count[s.known]+1 || got == 1 {
			t.Errorf("%d arrows are %s, want %d", got, s.class, count[s.known]+1)
		}
	}
	if again := drawn(t).svg(); !bytes.Equal(again, svg) {
		t.Error("another run gives another picture")
	}
}

func TestTableThatCannotBeDrawn(t *testing.T) {
	t.Parallel()
	row := lifecycle.Transition{
		Action: "change", Who: lifecycle.ByOwner, Modes: []gen.PasswordModeEnum{gen.PasswordModeEnumManual},
		From: []gen.PasswordStatusEnum{gen.PasswordStatusEnumActive}, To: gen.PasswordStatusEnumReset, Known: lifecycle.Documented,
	}
	nowhere, endless, script := row, row, row
	nowhere.To = gen.PasswordStatusEnumDisabled
	endless.Action = lifecycle.Action(strings.Repeat("long", 60))
	script.Modes = []gen.PasswordModeEnum{gen.PasswordModeEnumScript}
	for want, row := range map[string]lifecycle.Transition{
		"no place for disabled": nowhere, "no room for the label": endless, `"Mode script" has no layout`: script,
	} {
		if _, err := draw(collect([]lifecycle.Transition{row})); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %s", err, want)
		}
	}
}

func TestLabels(t *testing.T) {
	t.Parallel()
	by := func(who ...lifecycle.Who) []lifecycle.Who { return who }
	for want, events := range map[string][]event{
		"enable (manager)":                                    {{lifecycle.Enable, by(lifecycle.ByManager), lifecycle.Always}},
		"disable|(owner or manager)":                          {{lifecycle.Disable, by(lifecycle.ByOwner, lifecycle.ByManager), lifecycle.Always}},
		"wrong tries|if the type|blocks for a time":           {{lifecycle.WrongTries, by(lifecycle.ByServer), lifecycle.BlocksForTime}},
		"change with forceChange|or resetAndSend|(manager)":   {{lifecycle.ForceChange, by(lifecycle.ByManager), ""}, {lifecycle.ResetAndSend, by(lifecycle.ByManager), ""}},
		"unblock (manager)|or block ends":                     {{lifecycle.Unblock, by(lifecycle.ByManager), ""}, {lifecycle.BlockEnds, by(lifecycle.ByServer), ""}},
		"generate (owner)|if the type needs|no authorization": {{lifecycle.Generate, by(lifecycle.ByOwner), lifecycle.AuthorizationNotNeeded}},
	} {
		if got := strings.Join(arrow{events: events}.lines(), "|"); got != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
}

func TestMermaid(t *testing.T) {
	t.Parallel()
	got := mermaid(collect(lifecycle.Transitions))
	for _, want := range []string{
		"flowchart LR\n",
		`  neverCreated(["neverCreated<br>pending<br>expired"])` + "\n",
		`  pending -->|"generate (owner)"| active` + "\n",
		`  active -.->|"resetAndSend (manager)<br>seen in clients"| reset` + "\n",
		`  active --- active3["changeGenerated (owner)"]:::label --> active` + "\n",
		`  disabled -.->|"enable (manager)"| active` + "\n",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %s in:\n%s", want, got)
		}
	}
}

func TestBetween(t *testing.T) {
	t.Parallel()
	got, err := between([]byte("a\n"+begin+"old\n"+end+"b\n"), "new\n")
	if want := "a\n" + begin + "\nnew\n\n" + end + "b\n"; err != nil || string(got) != want {
		t.Errorf("got %s, %v", got, err)
	}
	for _, page := range []string{"", begin, end + begin, begin + end + end} {
		if _, err := between([]byte(page), "new"); err == nil {
			t.Errorf("%q was taken", page)
		}
	}
}

func TestFilesAreUpToDate(t *testing.T) {
	t.Parallel()
	const realSVG, realReadme = "../../../docs/lifecycle.svg", "../../../README.md"
	page, err := os.ReadFile(realReadme)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	svg, readme := filepath.Join(dir, "out.svg"), filepath.Join(dir, "page.md")
	if err := os.WriteFile(readme, page, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := run([]string{"-svg", svg, "-readme", readme}, io.Discard); err != nil {
		t.Fatal(err)
	}
	for real, made := range map[string]string{realSVG: svg, realReadme: readme} {
		want, err := os.ReadFile(made)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(real); err != nil || !bytes.Equal(got, want) {
			t.Errorf("%s is out of date: make generate (%v)", filepath.Base(real), err)
		}
	}
}

func TestBadArguments(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	svg := filepath.Join(dir, "out.svg")
	bare := filepath.Join(dir, "bare.md")
	if err := os.WriteFile(bare, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{{"-nope"}, {"-svg", svg, "-readme", dir}, {"-svg", svg, "-readme", bare}, {"-svg", dir, "-readme", "../../../README.md"}} {
		if err := run(args, io.Discard); err == nil {
			t.Errorf("%v was taken", args)
		}
	}
	if _, err := os.Stat(svg); err == nil {
		t.Error("a failed run left a picture")
	}
}
