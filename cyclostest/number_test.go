package cyclostest

import "testing"

func TestParseLong(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int64{
		"0": 0, "007": 7, "+5": 5, "-5": -5, "-0": 0,
		"9223372036854775807":  9223372036854775807,
		"-9223372036854775808": -9223372036854775808,
		"٣٤":                   34, // Arabic-Indic
		"-१०":                  -10,
		"７":                    7, // fullwidth
		"1٢":                   12,
		"᪉᪐":                   90, // two adjacent Tai Tham digit ranges
		"᠙᥆":                   90, // Mongolian, Limbu
	} {
		if got, ok := parseLong(text); !ok || got != want {
			t.Errorf("%q: got %d %t, want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{
		"", "+", "-", "+-1", "--1", "1-", "1 ", " 1", "1.0", "1e3", "0x1", "1_000", "½", "²", "Ⅷ",
		"9223372036854775808", "-9223372036854775809", "\U0001d7d8", "１a", "\xff",
	} {
		if got, ok := parseLong(text); ok {
			t.Errorf("%q: got %d, want no number", text, got)
		}
	}
}
