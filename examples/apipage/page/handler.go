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

	"github.com/swaggest/swgui/v5/static"

	"github.com/cyclos-go/passwords/cyclostest"
)

//go:embed site
var site embed.FS

// policy restricts the page to this server. The style sheet of Swagger UI has images
// in data: URLs.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
	"base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

// caller is a user of the embedded server, with credentials for a security scheme of
// the API description.
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

// newHandler serves the page, and api below /api, under loopback hosts only. The page displays the headers of
// API responses, so none are added to them.
func newHandler(api http.Handler) (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /openapi.yaml", func(w http.ResponseWriter, r *http.Request) {
		// A type that browsers display instead of saving the file.
		w.Header().Set("Content-Type", "text/plain; charset=utf-8")
		http.ServeFile(w, r, specFile)
	})
	index, err := template.ParseFS(site, "site/index.html")
	if err != nil {
		return nil, err
	}
	var page bytes.Buffer
	if err := index.Execute(&page, callers); err != nil {
		return nil, err
	}
	serve(mux, "GET /{$}", "index.html", page.Bytes())
	for name, from := range map[string]embed.FS{
		"site/page.css": site, "site/page.js": site,
		"swagger-ui-bundle.js.gz": static.FS, "swagger-ui.css.gz": static.FS, "favicon-32x32.png": static.FS,
	} {
		file, err := content(from, name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		base := strings.TrimSuffix(path.Base(name), ".gz")
		serve(mux, "GET /"+base, base, file)
	}
	all := http.NewServeMux()
	all.Handle("/api/", api)
	all.Handle("/", secure(mux))
	return cyclostest.LoopbackOnly(all), nil
}

// content returns a file, uncompressed: compression gains nothing on one machine.
func content(from embed.FS, name string) ([]byte, error) {
	file, err := from.ReadFile(name)
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
