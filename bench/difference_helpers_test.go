package bench

import (
	"encoding/json"
	"fmt"
	"reflect"
	"time"
)

// difference compares two JSON texts by meaning: instants to the second rather
// than texts of dates, and a member that is false, zero, empty or null for an absent one, as
// the API has it. It returns where they differ first, and nothing if they do not.
func difference(got, want []byte) string {
	var g, w any
	if err := json.Unmarshal(got, &g); err != nil {
		return err.Error()
	}
	if err := json.Unmarshal(want, &w); err != nil {
		return err.Error()
	}
	return compare("$", normal(g), normal(w))
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

func compare(at string, got, want any) string {
	switch want := want.(type) {
	case map[string]any:
		object, _ := got.(map[string]any)
		for name := range object {
			if _, ok := want[name]; !ok {
				return at + "." + name + " is too much"
			}
		}
		for name, member := range want {
			if d := compare(at+"."+name, object[name], member); d != "" {
				return d
			}
		}
		return ""
	case []any:
		list, _ := got.([]any)
		if len(list) != len(want) {
			return fmt.Sprintf("%s has %d elements, want %d", at, len(list), len(want))
		}
		for i := range want {
			if d := compare(fmt.Sprintf("%s[%d]", at, i), list[i], want[i]); d != "" {
				return d
			}
		}
		return ""
	}
	if !reflect.DeepEqual(got, want) {
		return fmt.Sprintf("%s is %v, want %v", at, got, want)
	}
	return ""
}
