package workloads

import (
	"io"
	"net/http"
	"os"
	"strconv"

	"github.com/cyclos-go/passwords/bench/internal/work"
)

// Handler serves all workloads.
func Handler() http.Handler {
	mux := http.NewServeMux()
	for _, w := range All {
		length := strconv.Itoa(len(w.Body))
		mux.HandleFunc(w.Method+" /api"+w.Path, func(rw http.ResponseWriter, req *http.Request) {
			if req.Header.Get("Session-Token") != work.Token {
				rw.WriteHeader(http.StatusUnauthorized)
				return
			}
			if _, err := io.Copy(io.Discard, req.Body); err != nil {
				rw.WriteHeader(http.StatusBadRequest)
				return
			}
			if w.Media != "" {
				rw.Header().Set("Content-Type", w.Media)
				rw.Header().Set("Content-Length", length)
			}
			rw.WriteHeader(w.Status)
			if _, err := rw.Write(w.Body); err != nil && len(w.Body) > 0 {
				_, _ = os.Stderr.WriteString("a response could not be written\n")
			}
		})
	}
	return mux
}
