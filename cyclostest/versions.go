package cyclostest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The versions that can be emulated, 4.first to 4.last.
const (
	firstMinor = 9
	lastMinor  = 16
)

// lastJSONMinor is the last version that answers generated values as JSON too,
// and takes sendMediums joined with commas.
const lastJSONMinor = 11

// dateLayout is how Cyclos writes dates.
const dateLayout = "2006-01-02T15:04:05.000-07:00"

// schema is one model of the API. An enumeration has values instead of
// properties.
type schema struct {
	properties map[string]property
	values     map[string]span
}

// property tells in which versions a property exists and what its value is.
type property struct {
	spans    []span
	schema   string // of the value or its elements, "" for scalars
	isMap    bool   // the value is a map to such elements
	dateTime bool
	formerly []former
}

// former is a smaller model which versions up to 4.until sent instead. also
// names properties beyond it.
type former struct {
	until  int
	schema string
	also   []string
}

// span is the range from version 4.since to 4.until; zero is an open end.
type span struct{ since, until int }

func (s span) has(minor int) bool {
	return minor >= s.since && (s.until == 0 || minor <= s.until)
}

func parseVersion(version string) (int, error) {
	digits, ok := strings.CutPrefix(version, "4.")
	minor, err := strconv.Atoi(digits)
	if !ok || err != nil || minor < firstMinor || minor > lastMinor || strconv.Itoa(minor) != digits {
		return 0, fmt.Errorf("unknown version %q: 4.%d to 4.%d are known", version, firstMinor, lastMinor)
	}
	return minor, nil
}

// olderCodes names, for values that not all versions know, what versions
// without them send instead. A value that is not listed is left out.
var olderCodes = map[string]map[string]string{
	"ForbiddenErrorCode": {
		"blockedByTotp":               "indefinitelyBlocked",
		"devicePinRemoved":            "permissionDenied",
		"disabledPassword":            "invalidPassword",
		"inaccessibleGroup":           "inaccessibleChannel",
		"inaccessibleNetwork":         "inaccessibleChannel",
		"inaccessiblePrincipal":       "permissionDenied",
		"invalidDeviceActivationCode": "permissionDenied",
		"invalidDeviceConfirmation":   "permissionDenied",
		"invalidTotp":                 "invalidPassword",
		"loginConfirmation":           "permissionDenied",
		"otpInvalidated":              "invalidPassword",
	},
	"UnauthorizedErrorCode": {
		"blockedAccessClient": "invalidAccessClient",
		"invalidAccessToken":  "missingAuthorization",
	},
	"UserStatusEnum": {
		"purged": "removed",
	},
}

// trim removes from a decoded JSON value of the named schema what version
// 4.minor does not have. It returns the value to put in the place of value, and
// false if there is none.
func trim(value any, schemaName string, minor int) (any, bool) {
	return trimWith(value, schemaName, nil, minor)
}

// trimWith also keeps the properties named by also.
func trimWith(value any, schemaName string, also []string, minor int) (any, bool) {
	s := schemas[schemaName]
	switch v := value.(type) {
	case []any:
		kept := make([]any, 0, len(v))
		for _, element := range v {
			if element, ok := trimWith(element, schemaName, also, minor); ok {
				kept = append(kept, element)
			}
		}
		return kept, true
	case map[string]any:
		for name, inner := range v {
			p, known := s.properties[name]
			keep := known && (p.exists(minor) || slices.Contains(also, name))
			if keep {
				v[name], keep = p.trim(inner, minor)
			}
			if !keep {
				delete(v, name)
			}
		}
		return v, true
	case string:
		if s.values == nil {
			return v, true
		}
		return enumValue(v, schemaName, minor)
	default:
		return v, true
	}
}

func enumValue(value, schemaName string, minor int) (any, bool) {
	s, known := schemas[schemaName].values[value]
	if known && s.has(minor) {
		return value, true
	}
	older, ok := olderCodes[schemaName][value]
	return older, ok
}

func (p property) exists(minor int) bool {
	return slices.ContainsFunc(p.spans, func(s span) bool { return s.has(minor) })
}

// trim is trim for the value of a property.
func (p property) trim(value any, minor int) (any, bool) {
	if text, ok := value.(string); ok && p.dateTime {
		return cyclosDate(text), true
	}
	if p.schema == "" {
		return value, true
	}
	if entries, ok := value.(map[string]any); ok && p.isMap {
		for key, entry := range entries {
			entries[key], _ = trim(entry, p.schema, minor)
		}
		return entries, true
	}
	schemaName, also := p.model(minor)
	return trimWith(value, schemaName, also, minor)
}

// model is the schema that version 4.minor has in this place.
func (p property) model(minor int) (schemaName string, also []string) {
	for _, f := range p.formerly {
		if minor <= f.until {
			return f.schema, f.also
		}
	}
	return p.schema, nil
}

// cyclosDate writes a date of encoding/json as Cyclos does.
func cyclosDate(text string) string {
	date, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text // time.Time marshals to nothing else
	}
	return date.Format(dateLayout)
}
