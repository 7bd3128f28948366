package passwords

import (
	"errors"
	"time"

	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// lenientDates reads the dates of all servers. Documented is RFC 3339 with
// milliseconds and an offset.
var lenientDates = json.WithUnmarshalers(dateUnmarshaler)

var dateUnmarshaler = json.UnmarshalFromFunc(unmarshalDate)

// dateLayouts are tried in this order. All of them take any fraction of a second.
var dateLayouts = []string{
	time.RFC3339,
	"2006-01-02T15:04:05Z0700",
	"2006-01-02T15:04:05Z07",
	"2006-01-02T15:04Z07:00", // Java drops seconds that are zero
	"2006-01-02T15:04:05",    // without an offset: taken for UTC
}

// errDate does not show the value, as the error of time.Parse would.
var errDate = errors.New("not a date")

func unmarshalDate(dec *jsontext.Decoder, date *time.Time) error {
	token, err := dec.ReadToken()
	if err != nil {
		return err
	}
	*date = time.Time{}
	switch token.Kind() {
	case 'n':
		return nil
	case '"':
		for _, layout := range dateLayouts {
			if parsed, err := time.Parse(layout, token.String()); err == nil {
				*date = parsed
				return nil
			}
		}
	}
	return errDate
}
