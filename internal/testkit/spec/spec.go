// Package spec validates the requests and responses of tests against the API
// description. It is separate from package testkit, which imports cyclostest, so
// that the tests inside cyclostest can import it.
package spec

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
	"github.com/getkin/kin-openapi/routers/gorillamux"
	"github.com/go-json-experiment/json/jsontext"
)

// Load returns the validated API description of the repository in which the
// test runs.
func Load() (*openapi3.T, error) {
	dir, err := os.Getwd()
	if err != nil {
		return nil, err
	}
	for {
		file := filepath.Join(dir, "api", "openapi.yaml")
		if _, err := os.Stat(file); err == nil {
			doc, err := openapi3.NewLoader().LoadFromFile(file)
			if err != nil {
				return nil, err
			}
			return doc, doc.Validate(context.Background(), openapi3.EnableExamplesValidation())
		}
		if filepath.Dir(dir) == dir {
			return nil, errors.New("spec: no api/openapi.yaml above the working directory")
		}
		dir = filepath.Dir(dir)
	}
}

func init() { openapi3filter.RegisterBodyDecoder("application/json", decodeJSON) }

// decodeJSON rejects duplicate names. The decoder that it calls does so only since
// Go 1.27, and the tests must have the same result with every version of Go.
func decodeJSON(body io.Reader, header http.Header, schema *openapi3.SchemaRef, encoding openapi3filter.EncodingFn) (any, error) {
	text, err := io.ReadAll(body)
	if err != nil {
		return nil, err
	}
	if !jsontext.Value(text).IsValid(jsontext.AllowInvalidUTF8(true)) {
		return nil, errors.New("malformed, or with duplicate names")
	}
	return openapi3filter.JSONBodyDecoder(bytes.NewReader(text), header, schema, encoding)
}

var router = sync.OnceValues(func() (routers.Router, error) {
	doc, err := Load()
	if err != nil {
		return nil, err
	}
	doc.Servers = openapi3.Servers{{URL: "/api"}}
	return gorillamux.NewRouter(doc)
})

// Handler serves next and fails the test for each request and each response that
// the API description does not allow. The failures show no values.
func Handler(tb testing.TB, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			tb.Errorf("spec: reading the request body: %T", err)
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		recorder := httptest.NewRecorder()
		next.ServeHTTP(recorder, r)
		r.Body = io.NopCloser(bytes.NewReader(body))
		if err := Check(r, recorder.Code, recorder.Header(), recorder.Body.Bytes()); err != nil {
			tb.Errorf("spec: %s, response %d: %v", r.Method, recorder.Code, err)
		}
		maps.Copy(w.Header(), recorder.Header())
		w.WriteHeader(recorder.Code)
		_, _ = w.Write(recorder.Body.Bytes())
	})
}

// Check returns an error if the API description does not allow a request below /api
// or its response. The error shows no values.
func Check(r *http.Request, status int, header http.Header, body []byte) error {
	router, err := router()
	if err != nil {
		return err
	}
	route, params, err := router.FindRoute(r)
	if err != nil {
		return fmt.Errorf("no operation: %w", withoutValue(err))
	}
	request := &openapi3filter.RequestValidationInput{
		Request:    r,
		PathParams: params,
		Route:      route,
		Options: &openapi3filter.Options{
			AuthenticationFunc:    authenticated,
			IncludeResponseStatus: true,
			MultiError:            true,
		},
	}
	if err := openapi3filter.ValidateRequest(r.Context(), request); err != nil {
		return fmt.Errorf("request of %s: %w", route.Operation.OperationID, withoutValue(err))
	}
	if route.Operation.Responses.Status(status) == nil {
		return fmt.Errorf("response of %s: the status is not declared", route.Operation.OperationID)
	}
	if status == http.StatusNoContent && len(body) > 0 {
		return fmt.Errorf("response of %s: a 204 with a body", route.Operation.OperationID)
	}
	response := &openapi3filter.ResponseValidationInput{
		RequestValidationInput: request,
		Status:                 status,
		Header:                 header,
		Options:                request.Options,
	}
	response.SetBodyBytes(body)
	if err := openapi3filter.ValidateResponse(r.Context(), response); err != nil {
		return fmt.Errorf("response of %s: %w", route.Operation.OperationID, withoutValue(err))
	}
	return nil
}

// authenticated accepts any credentials in the header of the security scheme.
func authenticated(_ context.Context, input *openapi3filter.AuthenticationInput) error {
	header := input.SecurityScheme.Name
	if input.SecurityScheme.Type == "http" {
		header = "Authorization"
	}
	if input.RequestValidationInput.Request.Header.Get(header) == "" {
		return errors.New("no " + header)
	}
	return nil
}

// withoutValue removes the value from an error, since it may be a password.
func withoutValue(err error) error {
	if schema, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		return fmt.Errorf("at /%s: violates %s in the schema", strings.Join(schema.JSONPointer(), "/"), schema.SchemaField)
	}
	if _, ok := errors.AsType[*openapi3filter.SecurityRequirementsError](err); ok {
		return errors.New("no authentication")
	}
	if route, ok := errors.AsType[*routers.RouteError](err); ok {
		return errors.New(route.Reason)
	}
	if response, ok := errors.AsType[*openapi3filter.ResponseError](err); ok {
		return errors.New(response.Reason)
	}
	return fmt.Errorf("%T", err)
}
