package hardening

import (
	"slices"
	"testing"

	"github.com/cyclos-go/passwords/hardening/internal/held"
	"github.com/cyclos-go/passwords/hardening/internal/leak"
	"github.com/cyclos-go/passwords/hardening/internal/sink"
)

// TestNoSinkShowsACredential prints everything that carries a secret, in every
// place, by every sink.
func TestNoSinkShowsACredential(t *testing.T) {
	t.Parallel()
	search := leak.ForParts(append(credentials(), secretValue)...)
	everything := func(sink.Sink, held.Holder) bool { return true }
	for _, subject := range subjects(t) {
		t.Run(subject.name, func(t *testing.T) {
			t.Parallel()
			checkSinks(t, search, subject.holders, everything)
		})
	}
}

var sinks = sink.All()

// checkSinks prints the holders by every sink, where covers says so. It reports
// a sink once.
func checkSinks(t *testing.T, search *leak.Search, holders []held.Holder, covers func(sink.Sink, held.Holder) bool) {
	t.Helper()
	find := search.Remembering()
	for _, s := range sinks {
		var places, forms []string
		for _, h := range holders {
			if !covers(s, h) {
				continue
			}
			if found := find(s.Print(h.Value)); len(found) > 0 {
				places, forms = append(places, h.Name), append(forms, found...)
			}
		}
		if len(places) > 0 {
			slices.Sort(forms)
			t.Errorf("%s shows a secret in %d places, such as %s: %s", s.Name, len(places), places[0], leak.Describe(slices.Compact(forms)))
		}
	}
}
