package main

import (
	"slices"
	"strings"

	"github.com/cyclos-go/passwords/internal/lifecycle"
)

// longestLine is where the lines of a label are broken, in letters.
const longestLine = 24

// lines is the label of an arrow. Actions of the same people name them once.
func (a arrow) lines() []string {
	var lines []string
	for i, e := range a.events {
		text := string(e.action)
		if i > 0 {
			text = "or " + text
		}
		shared := i+1 < len(a.events) && slices.Equal(e.who, a.events[i+1].who) && e.when == a.events[i+1].when
		if !shared {
			text += e.suffix()
		}
		lines = append(lines, wrap(text)...)
	}
	return lines
}

// suffix tells who performs the action, unless it is the server itself, and
// what it asks of the type.
func (e event) suffix() string {
	text := ""
	var who []string
	for _, w := range e.who {
		if w != lifecycle.ByServer {
			who = append(who, string(w))
		}
	}
	if len(who) > 0 {
		text += " (" + strings.Join(who, " or ") + ")"
	}
	if e.when != lifecycle.Always {
		text += " if " + string(e.when)
	}
	return text
}

// wrap breaks text into lines. Parentheses, and what the type is asked for,
// begin a new line rather than being torn.
func wrap(text string) []string {
	text, condition, conditional := strings.Cut(text, " if ")
	lines := []string{text}
	if action, who, ok := strings.Cut(text, " ("); ok && len(text) > longestLine {
		lines = []string{action, "(" + who}
	}
	if !conditional {
		return lines
	}
	// As narrow as it gets in as many lines, for lines of about one length.
	words := strings.Fields("if " + condition)
	broken := fill(words, longestLine)
	for limit := longestLine - 1; ; limit-- {
		narrower := fill(words, limit)
		if len(narrower) > len(broken) || limit == 0 {
			return append(lines, broken...)
		}
		broken = narrower
	}
}

// fill puts as many words into each line as fit.
func fill(words []string, limit int) []string {
	var lines []string
	for _, word := range words {
		last := len(lines) - 1
		if last < 0 || len(lines[last])+1+len(word) > limit {
			lines = append(lines, word)
			continue
		}
		lines[last] += " " + word
	}
	return lines
}
