package main

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"path"
	"strings"
	"time"

	"github.com/cyclos-go/passwords/cyclostest"
)

//go:generate go run ./internal/vendorui -out swagger-ui

// The files of Swagger UI come from the Go module that go.mod names, but for
// the licences, which it does not have.
//
//go:embed site swagger-ui
var files embed.FS

// policy lets the page load from this server alone. The images in data: are the
// arrows and locks in the style sheet of Swagger UI.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// caller is somebody in the default world of the embedded server, with what a
// security scheme of the API description asks for.
type caller struct {
	Scheme, Who string
	Credentials []string
}

var callers = []caller{
	{"basic", "a manager", []string{cyclostest.Admin, cyclostest.AdminPassword}},
	{"basic", "a user", []string{cyclostest.Ana, cyclostest.AnaPassword}},
	{"session", "the same user", []string{cyclostest.AnaSession}},
	{"accessClient", "the same user", []string{cyclostest.AnaClientToken}},
}

// newHandler serves the page, and api below /api. The page shows the headers of
// answers too, so that the API gets none beside its own.
func newHandler(api http.Handler) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /openapi.yaml", func(w http.ResponseWriter, r *http.Request) {
		// Browsers show what has this type instead of saving it.
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		http.ServeFile(w, r, specFile)
	})
	index, err := template.ParseFS(files, "site/index.html")
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := index.Execute(&page, callers); err != nil {
		return nil, err
	}
	serve(mux, "GET /{$}", "index.html", page.Bytes())
	for _, name := range []string{
		"site/page.css", "site/page.js",
		"swagger-ui/swagger-ui-bundle.js.gz", "swagger-ui/swagger-ui.css.gz", "swagger-ui/favicon-32x32.png",
	} {
		file, err := content(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		base := strings.TrimSuffix(path.Base(name), ".gz")
		serve(mux, "GET /"+base, base, file)
	}
	all := http.NewServeMux()
	all.Handle("/api/", api)
	all.Handle("/", secure(mux))
	return all, nil
}

// content returns an embedded file, uncompressed: on one machine nothing is gained
// by sending it otherwise.
func content(name string) ([]byte, error) {
	file, err := files.ReadFile(name)
	if err != nil || path.Ext(name) != ".gz" {
		return file, err
	}
	unzipped, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(unzipped)
}

func serve(mux *http.ServeMux, pattern, name string, content []byte) {
	mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, name, time.Time{}, bytes.NewReader(content))
	})
}

func secure(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("Content-Security-Policy", policy)
		header.Set("Cross-Origin-Opener-Policy", "same-origin")
		header.Set("Cross-Origin-Resource-Policy", "same-origin")
		header.Set("Referrer-Policy", "no-referrer")
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}
