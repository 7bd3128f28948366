package cyclostest

import (
	"bytes"
	"encoding/json"
	"net/http"
)

// Media types of responses.
const (
	jsonType = "application/json"
	textType = "text/plain;charset=UTF-8"
)

// response is the response of a successful operation.
type response struct {
	schema string // schema of the body or of its array elements, "" if it is no model
	body   any    // nil for 204
	fields *selection
	asText bool // body is a string and is sent as plain text
}

// write sends the response without the properties and values that version 4.minor
// does not have. It fails if the body cannot be encoded; nothing is sent then.
func (a response) write(w http.ResponseWriter, minor int) error {
	if a.body == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	if a.asText {
		w.Header().Set("Content-Type", textType)
		_, _ = w.Write([]byte(a.body.(string))) // fails only if the client disconnected
		return nil
	}
	return writeJSON(w, http.StatusOK, a.schema, a.body, a.fields, minor)
}

// writeJSON sends the selected fields of the body, limited to version 4.minor. It
// fails if the body cannot be encoded; nothing is sent then.
func writeJSON(w http.ResponseWriter, status int, schemaName string, body any, fields *selection, minor int) error {
	tree, err := toTree(body)
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
	_, _ = out.WriteTo(w) // fails only if the client disconnected
	return nil
}

// toTree converts a model to the maps and slices of its JSON.
func toTree(model any) (any, error) {
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
