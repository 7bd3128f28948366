package hardening

import (
	"slices"
	"testing"
)

// TestAnswersThatNoOperationPromises gives each answer to each kind of
// operation.
func TestAnswersThatNoOperationPromises(t *testing.T) {
	t.Parallel()
	cases := slices.Concat(bodyCases(), headerCases(), statusCases(), headCases())
	if len(cases) < 60 {
		t.Fatalf("%d cases, want 60", len(cases))
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			server := answerWith(t, tc.answer)
			for _, k := range kinds() {
				k.must(t, answerClient(t, server.url), tc.want)
			}
			if sent := server.requests.Load(); sent != int64(len(kinds())) {
				t.Errorf("%d requests arrived, want %d", sent, len(kinds()))
			}
		})
	}
}
