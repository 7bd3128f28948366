package main

import (
	"fmt"
	"strings"

	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// mermaid returns the charts as Markdown, legend included.
func mermaid(charts []chart) string {
	var b strings.Builder
	b.WriteString("Solid arrows are documented, dashed ones assumed unless they say where they were seen. " +
		"Statuses in one box behave alike.\n")
	for _, c := range charts {
		fmt.Fprintf(&b, "\n%s:\n\n```mermaid\nflowchart LR\n  accTitle: Life cycle of a password, %s\n",
			c.title(), strings.ToLower(c.title()))
		for _, n := range c.nodes {
			var names []string
			for _, status := range n {
				names = append(names, string(status))
			}
			fmt.Fprintf(&b, "  %s([\"%s\"])\n", n.id(), strings.Join(names, "<br>"))
		}
		for i, a := range c.arrows {
			line, plain := "-.->", "-.-"
			lines := a.lines()
			switch a.known {
			case lifecycle.Documented:
				line, plain = "-->", "---"
			case lifecycle.Seen:
				lines = append(lines, string(a.known))
			}
			from, to, label := c.nodes[a.from].id(), c.nodes[a.to].id(), strings.Join(lines, "<br>")
			if a.from == a.to {
				// Mermaid puts labels of loops over others, but keeps nodes apart.
				fmt.Fprintf(&b, "  %s %s %[1]s%[3]d[\"%[4]s\"]:::label %[5]s %[1]s\n", from, plain, i, label, line)
				continue
			}
			fmt.Fprintf(&b, "  %s %s|\"%s\"| %s\n", from, line, label, to)
		}
		b.WriteString("  classDef label fill:none,stroke:none\n")
		b.WriteString("```\n")
	}
	return b.String()
}

// id is the name of the node inside a chart.
func (n node) id() string { return string(n[0]) }
