package bench

import (
	"encoding/json"
	"time"

	"github.com/google/go-cmp/cmp"
)

// difference compares the meaning of two JSON texts: dates as instants, to the
// second, and a member that is false, zero, empty or null as an absent one, as in
// the API. It returns "" if they mean the same.
func difference(got, want []byte) string {
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		return err.Error()
	}
	if err := json.Unmarshal(want, &w); err != nil {
		return err.Error()
	}
	return cmp.Diff(normal(w), normal(g))
}

// normal returns nil for what means the same as absent.
func normal(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for name, member := range v {
			if member = normal(member); member == nil {
				delete(v, name)
			} else {
				v[name] = member
			}
		}
		if len(v) == 0 {
			return nil
		}
	case []any:
		for i := range v {
			v[i] = normal(v[i])
		}
		if len(v) == 0 {
			return nil
		}
	case string:
		if at, err := time.Parse(time.RFC3339Nano, v); err == nil {
			if at.IsZero() {
				return nil
			}
			return at.UTC().Truncate(time.Second).Format(time.RFC3339)
		}
		if v == "" {
			return nil
		}
	case bool:
		if !v {
			return nil
		}
	case float64:
		if v == 0 {
			return nil
		}
	}
	return v
}
