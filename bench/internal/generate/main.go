// Command generate writes the clients that generators make of the API description.
// Run it in the directory bench. The generators are tools of its go.mod.
package main

import (
	"errors"
	"fmt"
	"log"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

const (
	description = "../api/openapi.yaml"
	generated   = "internal/generated"
)

func main() {
	log.SetFlags(0)
	if err := generate(); err != nil {
		log.Fatal(err)
	}
}

func generate() error {
	dir, err := os.MkdirTemp("", "passwords-bench")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := tool("oapi-codegen", "-generate", "types,client", "-package", "oapi",
		"-o", filepath.Join(generated, "oapi", "client.gen.go"), description); err != nil {
		return err
	}
	if err := generateOgen(dir); err != nil {
		return err
	}
	return generateSwagger(dir)
}

// generateOgen writes the client twice. ogen compiles its telemetry into each
// method, and no option of the client turns it off.
func generateOgen(dir string) error {
	spec, err := openapi3.NewLoader().LoadFromFile(description)
	if err != nil {
		return err
	}
	// ogen decodes text only if its format is binary.
	response := spec.Components.Responses["GeneratedPassword"]
	if response == nil || response.Value.Content["text/plain"] == nil {
		return errors.New("the response GeneratedPassword has no text/plain")
	}
	response.Value.Content["text/plain"] = &openapi3.MediaType{Schema: openapi3.NewStringSchema().WithFormat("binary").NewRef()}
	text, err := spec.MarshalJSON()
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "openapi.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	for name, disabled := range map[string]string{"ogen": "paths/server", "ogenquiet": "paths/server, ogen/otel"} {
		config := filepath.Join(dir, name+".yaml")
		if err := os.WriteFile(config, fmt.Appendf(nil, "generator: {features: {disable: [%s]}}\n", disabled), 0o600); err != nil {
			return err
		}
		if err := tool("ogen", "--loglevel", "error", "--config", config, "--target", filepath.Join(generated, name), "--package", name, "--clean", file); err != nil {
			return err
		}
	}
	source, err := os.ReadFile("internal/peers/ogen/ogen.go")
	if err != nil {
		return err
	}
	quiet := strings.NewReplacer("// Package ogen ", "// Package ogenquietpeer ", "package ogen\n", "package ogenquietpeer\n",
		"generated/ogen\"", "generated/ogenquiet\"").Replace(string(source))
	return os.WriteFile(filepath.Join(generated, "ogenquietpeer", "peer.gen.go"), []byte(quiet), 0o600)
}

func generateSwagger(dir string) error {
	spec, err := openapi3.NewLoader().LoadFromFile(description)
	if err != nil {
		return err
	}
	text, err := toSwagger(spec)
	if err != nil {
		return err
	}
	file := filepath.Join(dir, "swagger.json")
	if err := os.WriteFile(file, text, 0o600); err != nil {
		return err
	}
	return tool("swagger", "generate", "client", "--quiet", "--spec", file, "--target", filepath.Join(generated, "swagger"))
}

// tool runs a tool of go.mod. What it prints matters only if it fails.
func tool(name string, args ...string) error {
	output, err := exec.Command("go", append([]string{"tool", name}, args...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", name, err, output)
	}
	return nil
}
