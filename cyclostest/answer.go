package cyclostest

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// The media types of answers.
const (
	jsonType = "application/json"
	textType = "text/plain;charset=UTF-8"
)

// answer is the response of an operation that succeeded.
type answer struct {
	schema string // of the body, or of the elements of an array; "" for no model
	body   any    // nil for 204
	fields *selection
	asText bool // the body is a string to send as it is
}

// write sends what version 4.minor has of the answer. On an error nothing was
// sent, as the body cannot be written as JSON.
func (a answer) write(w http.ResponseWriter, minor int) error {
	if a.body == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if a.asText {
		w.Header().Set("Content-Type", textType)
		_, _ = w.Write([]byte(a.body.(string))) // an error means that the client has gone
		return nil
	}
	return writeJSON(w, http.StatusOK, a.schema, a.body, a.fields, minor)
}

// writeJSON sends what version 4.minor has of the body, and of that what was
// selected. An error means that nothing was sent, as the body is no JSON.
func writeJSON(w http.ResponseWriter, status int, schemaName string, body any, fields *selection, minor int) error {
	tree, err := decoded(body)
	if err != nil {
		return err
	}
	if schemaName != "" {
		tree, _ = trim(tree, schemaName, minor)
	}
	fields.apply(tree)
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(tree); err != nil {
		return err
	}
	w.Header().Set("Content-Type", jsonType)
	w.WriteHeader(status)
	_, _ = out.WriteTo(w) // an error means that the client has gone
	return nil
}

// decoded turns a model into the maps and arrays of its JSON.
func decoded(model any) (any, error) {
	data, err := json.Marshal(model)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	var tree any
	err = decoder.Decode(&tree)
	return tree, err
}
