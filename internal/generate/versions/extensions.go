package main

import (
	"cmp"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// span is the versions from 4.since to 4.until, both inclusive. Zero means no
// bound.
type span struct{ since, until int }

func (s span) compare(other span) int {
	return cmp.Or(cmp.Compare(s.since, other.since), cmp.Compare(s.until, other.until))
}

// minor parses a version such as 4.12. "" means no bound.
func minor(version string) (int, error) {
	if version == "" {
		return 0, nil
	}
	digits, ok := strings.CutPrefix(version, "4.")
	n, err := strconv.Atoi(digits)
	if !ok || err != nil || n <= 0 {
		return 0, fmt.Errorf("version %q is not 4.<minor>", version)
	}
	return n, nil
}

type marks struct {
	Since string `json:"x-cyclos-since"`
	Until string `json:"x-cyclos-until"`
}

func (m marks) span() (span, error) {
	since, err := minor(m.Since)
	if err != nil {
		return span{}, err
	}
	until, err := minor(m.Until)
	if err != nil {
		return span{}, err
	}
	if until != 0 && until < since {
		return span{}, fmt.Errorf("range 4.%d to 4.%d is empty", since, until)
	}
	return span{since, until}, nil
}

func readSpan(extensions map[string]any) (span, error) {
	var m marks
	if err := convert(extensions, &m); err != nil {
		return span{}, err
	}
	return m.span()
}

func readFormerly(extensions map[string]any) ([]former, error) {
	var read struct {
		Formerly []struct {
			Until, Schema string
			Also          []string
		} `json:"x-cyclos-formerly"`
	}
	if err := convert(extensions, &read); err != nil {
		return nil, err
	}
	var formers []former
	last := 0
	for _, f := range read.Formerly {
		until, err := minor(f.Until)
		if err != nil {
			return nil, err
		}
		if until <= last {
			return nil, fmt.Errorf("x-cyclos-formerly: each until must be set and greater than the previous one")
		}
		last = until
		formers = append(formers, former{until, f.Schema, f.Also})
	}
	return formers, nil
}

// enumSpans returns the span of each value of an enumeration, nil for any other
// schema. An extension for a value that is not listed is an error.
func enumSpans(value *openapi3.Schema) (map[string]span, error) {
	if len(value.Enum) == 0 {
		return nil, nil
	}
	var read struct {
		Values map[string]marks `json:"x-cyclos-values"`
	}
	if err := convert(value.Extensions, &read); err != nil {
		return nil, err
	}
	whole, err := readSpan(value.Extensions)
	if err != nil {
		return nil, err
	}
	spans := make(map[string]span, len(value.Enum))
	for _, v := range value.Enum {
		spans[fmt.Sprint(v)] = whole
	}
	for v, m := range read.Values {
		if _, ok := spans[v]; !ok {
			return nil, fmt.Errorf("x-cyclos-values: %q is not a value", v)
		}
		if spans[v], err = m.span(); err != nil {
			return nil, fmt.Errorf("x-cyclos-values: %s: %w", v, err)
		}
	}
	return spans, nil
}

// convert decodes extensions, which kin-openapi leaves as maps, into a struct.
func convert(extensions map[string]any, into any) error {
	data, err := json.Marshal(extensions)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, into)
}
