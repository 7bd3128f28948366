package main

import (
	"fmt"

	"github.com/cyclos-go/passwords/gen"
)

// place says where a node stands in its chart, and in which direction the arrow
// to itself leaves it.
type place struct {
	at   point
	loop point
	bow  float64 // the least between arrows that join it with the same node
}

const (
	canvas = 800 // the width of the picture
	bow    = 92  // what most nodes need
)

// Directions of loops.
var (
	up   = point{0, -1}
	down = point{0, 1}
)

type layout struct {
	height float64
	places map[gen.PasswordStatusEnum]place // by the first status of a node
}

// layouts are chosen by hand so that arrows keep out of each other's way. Labels
// find their own place. The key is the title of the chart.
var layouts = map[string]layout{
	"Mode manual": {height: 380, places: map[gen.PasswordStatusEnum]place{
		gen.PasswordStatusEnumActive:             {point{120, 270}, down, bow},
		gen.PasswordStatusEnumNeverCreated:       {point{390, 38}, up, bow},
		gen.PasswordStatusEnumReset:              {point{630, 270}, point{0.6, 1}, bow},
		gen.PasswordStatusEnumTemporarilyBlocked: {point{685, 30}, up, bow},
	}},
	"Mode generated": {height: 400, places: map[gen.PasswordStatusEnum]place{
		gen.PasswordStatusEnumNeverCreated:       {point{375, 28}, up, bow},
		gen.PasswordStatusEnumPending:            {point{130, 190}, down, bow},
		gen.PasswordStatusEnumActive:             {point{660, 190}, point{0.4, -1}, bow},
		gen.PasswordStatusEnumExpired:            {point{520, 365}, down, bow},
		gen.PasswordStatusEnumTemporarilyBlocked: {point{130, 365}, down, bow},
	}},
	"Modes manual, generated and otp": {height: 615, places: map[gen.PasswordStatusEnum]place{
		gen.PasswordStatusEnumActive:              {point{100, 275}, down, bow},
		gen.PasswordStatusEnumTemporarilyBlocked:  {point{400, 28}, up, 124},
		gen.PasswordStatusEnumExpired:             {point{360, 403}, down, bow},
		gen.PasswordStatusEnumIndefinitelyBlocked: {point{310, 585}, down, 124},
		gen.PasswordStatusEnumDisabled:            {point{700, 275}, up, bow},
		gen.PasswordStatusEnumPending:             {point{700, 540}, down, bow},
	}},
}

// layout finds where to put the nodes of a chart. A node without a place is an
// error: somebody has to choose one.
func (c chart) layout() (layout, error) {
	l, ok := layouts[c.title()]
	if !ok {
		return l, fmt.Errorf("chart %q has no layout", c.title())
	}
	for _, n := range c.nodes {
		if _, ok := l.places[n[0]]; !ok {
			return l, fmt.Errorf("chart %q has no place for %s", c.title(), n[0])
		}
	}
	return l, nil
}
