package bench

import (
	"encoding/json"
	"reflect"
	"slices"
	"testing"
	"time"
)

var timeType = reflect.TypeFor[time.Time]()

// dates returns the instants within a value, sorted. They are compared beside
// the texts, as ogen encodes dates without the milliseconds it decoded.
func dates(v any) []time.Time {
	var found []time.Time
	var walk func(reflect.Value)
	walk = func(v reflect.Value) {
		switch {
		case !v.IsValid():
		case v.Kind() == reflect.Struct && v.Type().ConvertibleTo(timeType):
			if at := v.Convert(timeType).Interface().(time.Time); !at.IsZero() {
				found = append(found, at.UTC())
			}
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				if v.Type().Field(i).IsExported() {
					walk(v.Field(i))
				}
			}
		case v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface:
			walk(v.Elem())
		case v.Kind() == reflect.Slice:
			for i := range v.Len() {
				walk(v.Index(i))
			}
		case v.Kind() == reflect.Map:
			for _, key := range v.MapKeys() {
				walk(v.MapIndex(key))
			}
		case v.Kind() == reflect.String:
			if at, err := time.Parse(time.RFC3339Nano, v.String()); err == nil {
				found = append(found, at.UTC())
			}
		}
	}
	walk(reflect.ValueOf(v))
	slices.SortFunc(found, time.Time.Compare)
	return found
}

// checkDates tells whether the instants of a result are those of the body, to
// the last digit.
func checkDates(t *testing.T, result any, body []byte) {
	t.Helper()
	var plain any
	if err := json.Unmarshal(body, &plain); err != nil {
		t.Fatal(err)
	}
	want := dates(plain)
	if len(want) == 0 {
		t.Fatal("the body has no dates to compare")
	}
	if got := dates(result); !slices.EqualFunc(got, want, time.Time.Equal) {
		t.Errorf("the dates are %v, want %v", got, want)
	}
}
