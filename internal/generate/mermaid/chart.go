package main

import (
	"slices"
	"strings"

	"github.com/cyclos-go/passwords/gen"
	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// chart is the life cycle of passwords of certain modes. One chart of all modes
// would have thirty arrows.
type chart struct {
	modes  []gen.PasswordModeEnum
	nodes  []node
	arrows []arrow
}

// node is one status, or several with the same transitions that no transition
// leads to.
type node []gen.PasswordStatusEnum

// arrow has the transitions from one node to another that have the same evidence.
type arrow struct {
	from, to int // indexes of nodes
	known    lifecycle.Known
	events   []event
}

// event is an action with those who may perform it.
type event struct {
	action lifecycle.Action
	who    []lifecycle.Who
	when   lifecycle.Condition
}

// collect returns a chart for each set of modes, in the order of the table.
func collect(rows []lifecycle.Transition) []chart {
	var charts []chart
	for len(rows) > 0 {
		modes := rows[0].Modes
		var same, rest []lifecycle.Transition
		for _, row := range rows {
			if slices.Equal(row.Modes, modes) {
				same = append(same, row)
			} else {
				rest = append(rest, row)
			}
		}
		nodes := nodesOf(same)
		charts = append(charts, chart{modes, nodes, arrowsOf(same, nodes)})
		rows = rest
	}
	return charts
}

func nodesOf(rows []lifecycle.Transition) []node {
	var nodes []node
	for _, status := range statusesOf(rows) {
		i := slices.IndexFunc(nodes, func(n node) bool { return alike(rows, n[0], status) })
		if i < 0 {
			nodes = append(nodes, node{status})
		} else {
			nodes[i] = append(nodes[i], status)
		}
	}
	return nodes
}

// statusesOf returns the statuses of the rows, in the order of the table.
func statusesOf(rows []lifecycle.Transition) []gen.PasswordStatusEnum {
	var all []gen.PasswordStatusEnum
	for _, row := range rows {
		for _, status := range append(slices.Clone(row.From), row.To) {
			if !slices.Contains(all, status) {
				all = append(all, status)
			}
		}
	}
	return all
}

// alike reports whether two statuses can be in one node.
func alike(rows []lifecycle.Transition, a, b gen.PasswordStatusEnum) bool {
	return !slices.ContainsFunc(rows, func(row lifecycle.Transition) bool {
		return row.To == a || row.To == b || slices.Contains(row.From, a) != slices.Contains(row.From, b)
	})
}

func arrowsOf(rows []lifecycle.Transition, nodes []node) []arrow {
	var arrows []arrow
	index := func(status gen.PasswordStatusEnum) int {
		return slices.IndexFunc(nodes, func(n node) bool { return slices.Contains(n, status) })
	}
	for _, row := range rows {
		for _, status := range row.From {
			from, to := index(status), index(row.To)
			i := slices.IndexFunc(arrows, func(a arrow) bool {
				return a.from == from && a.to == to && a.known == row.Known
			})
			if i < 0 {
				i = len(arrows)
				arrows = append(arrows, arrow{from: from, to: to, known: row.Known})
			}
			arrows[i].add(row)
		}
	}
	return arrows
}

func (a *arrow) add(row lifecycle.Transition) {
	i := slices.IndexFunc(a.events, func(e event) bool { return e.action == row.Action && e.when == row.When })
	if i < 0 {
		i = len(a.events)
		a.events = append(a.events, event{action: row.Action, when: row.When})
	}
	if e := &a.events[i]; !slices.Contains(e.who, row.Who) {
		e.who = append(e.who, row.Who)
	}
}

// title names the modes, such as "Modes manual and otp".
func (c chart) title() string {
	var names []string
	for _, mode := range c.modes {
		names = append(names, string(mode))
	}
	if len(names) == 1 {
		return "Mode " + names[0]
	}
	last := len(names) - 1
	return "Modes " + strings.Join(names[:last], ", ") + " and " + names[last]
}
