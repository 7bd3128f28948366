package cyclostest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The first and last emulated minor versions of Cyclos 4.
const (
	firstMinor = 9
	lastMinor  = 16
)

// lastLenientMinor is the last version that sends generated values as JSON on
// request, takes sendMediums both repeated and separated by commas, and ignores
// empty Basic credentials beside a session token.
const lastLenientMinor = 11

// dateLayout is the date format of Cyclos.
const dateLayout = "2006-01-02T15:04:05.000-07:00"

// property describes the versions and the value of a property.
type property struct {
	spans    []span
	schema   string // schema of the value or its elements, "" for scalars
	isMap    bool   // the value is a map with elements of the schema
	dateTime bool
	formerly []former
}

// former is a smaller model that versions up to 4.until sent instead. also names
// additional properties.
type former struct {
	until  int
	schema string
	also   []string
}

// span is the inclusive range of versions 4.since to 4.until. Zero is an open end.
type span struct{ since, until int }

func (s span) has(minor int) bool {
	return minor >= s.since && (s.until == 0 || minor <= s.until)
}

func parseVersion(version string) (int, error) {
	digits, ok := strings.CutPrefix(version, "4.")
	minor, err := strconv.Atoi(digits)
	if !ok || err != nil || minor < firstMinor || minor > lastMinor || strconv.Itoa(minor) != digits {
		return 0, fmt.Errorf("unknown version %q: want 4.%d to 4.%d", version, firstMinor, lastMinor)
	}
	return minor, nil
}

// olderCodes maps values that not all versions have to the value that older
// versions send instead. Values that are not listed are omitted.
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

// trim removes the properties and values that version 4.minor does not have from a
// decoded JSON value of the named schema. It keeps the properties named by also. It
// returns the remaining value, and false if none remains.
func trim(value any, schemaName string, also []string, minor int) (any, bool) {
	switch v := value.(type) {
	case []any:
		kept := make([]any, 0, len(v))
		for _, element := range v {
			if element, ok := trim(element, schemaName, also, minor); ok {
				kept = append(kept, element)
			}
		}
		return kept, true
	case map[string]any:
		for name, inner := range v {
			p, known := properties[schemaName+"."+name]
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
		return enumValue(v, schemaName, minor)
	default:
		return v, true
	}
}

func enumValue(value, schemaName string, minor int) (any, bool) {
	s, known := enumValues[schemaName+"."+value]
	if known && s.has(minor) {
		return value, true
	}
	older, ok := olderCodes[schemaName][value]
	return older, ok
}

func (p property) exists(minor int) bool {
	return slices.ContainsFunc(p.spans, func(s span) bool { return s.has(minor) })
}

// trim is like the function trim, for the value of a property.
func (p property) trim(value any, minor int) (any, bool) {
	if text, ok := value.(string); ok && p.dateTime {
		return cyclosDate(text), true
	}
	if p.schema == "" {
		return value, true
	}
	if entries, ok := value.(map[string]any); ok && p.isMap {
		for key, entry := range entries {
			entries[key], _ = trim(entry, p.schema, nil, minor)
		}
		return entries, true
	}
	for _, f := range p.formerly {
		if minor <= f.until {
			return trim(value, f.schema, f.also, minor)
		}
	}
	return trim(value, p.schema, nil, minor)
}

// cyclosDate converts a date of encoding/json to the format of Cyclos.
func cyclosDate(text string) string {
	date, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		return text // unreachable for a marshaled time.Time
	}
	return date.Format(dateLayout)
}
