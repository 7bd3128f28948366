package main

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/cyclos-go/passwords/bench/internal/peers"
)

const module = "github.com/cyclos-go/passwords/bench"

// cost is what a program pays for the client it imports.
type cost struct {
	client   string
	build    time.Duration
	size     int64
	packages int // linked, the standard library included
	foreign  int // of these, of other modules
}

// program lists passwords. It is built for each client.
const program = `package main

import (
	"context"
	"fmt"
	"net/http"
	"os"

	peer "` + module + `/%s"
)

func main() {
	client, err := peer.New(os.Args[1], http.DefaultTransport)
	if err == nil {
		err = client.List(context.Background(), func(list any) { fmt.Printf("%%v\n", list) })
	}
	if err != nil {
		panic(err)
	}
}
`

// costs measures the program of each client. Each build begins with a cache of the
// standard library, which is the same for all and would hide what differs.
func costs(ctx context.Context, dir string) (all []cost, err error) {
	log.Print("building a program of each client")
	warm := filepath.Join(dir, "standard")
	list, err := output(ctx, "go", "list", "-tags", "peers", "-deps", "-f", `{{if .Standard}}{{if ne .ImportPath "unsafe"}}{{.ImportPath}}{{end}}{{end}}`, "./internal/peers")
	if err != nil {
		return nil, err
	}
	standard := slices.DeleteFunc(strings.Fields(list), func(name string) bool { return strings.HasPrefix(name, "vendor/") })
	if _, err := output(ctx, "env", append([]string{"GOCACHE=" + warm, "go", "build"}, standard...)...); err != nil {
		return nil, err
	}
	for _, p := range peers.All {
		if p.Package == "" {
			continue
		}
		c, err := costOf(ctx, filepath.Join(dir, p.Name), warm, p)
		if err != nil {
			return nil, fmt.Errorf("cost of %s: %w", p.Name, err)
		}
		all = append(all, c)
	}
	return all, nil
}

func costOf(ctx context.Context, dir, warm string, p peers.Peer) (cost, error) {
	c := cost{client: p.Name}
	if err := os.Mkdir(dir, 0o700); err != nil {
		return c, err
	}
	cache := filepath.Join(dir, "cache")
	if err := os.CopyFS(cache, os.DirFS(warm)); err != nil {
		return c, err
	}
	// Inside the module, whose packages the program imports.
	source, err := os.MkdirTemp("internal/generated", "cost")
	if err != nil {
		return c, err
	}
	defer func() { _ = os.RemoveAll(source) }()
	if err := os.WriteFile(filepath.Join(source, "main.go"), fmt.Appendf(nil, program, p.Package), 0o600); err != nil {
		return c, err
	}
	goTool := func(command string, args ...string) (string, error) {
		return output(ctx, "env", append([]string{"GOCACHE=" + cache, "go", command, "-tags", "peers"}, args...)...)
	}
	list, err := goTool("list", "-deps", "-f", "{{if .Standard}}std {{end}}{{.ImportPath}}", "./"+source)
	if err != nil {
		return c, err
	}
	for line := range strings.Lines(list) {
		c.packages++
		if !strings.HasPrefix(line, "std ") && !strings.HasPrefix(line, module) {
			c.foreign++
		}
	}
	binary := filepath.Join(dir, "program")
	start := time.Now()
	if _, err := goTool("build", "-ldflags", "-s -w", "-o", binary, "./"+source); err != nil {
		return c, err
	}
	c.build = time.Since(start)
	info, err := os.Stat(binary)
	if err != nil {
		return c, err
	}
	c.size = info.Size()
	return c, nil
}

func costRows(costs []cost) (table [][]string) {
	for _, c := range costs {
		table = append(table, []string{c.client, fmt.Sprintf("%.1f s", c.build.Seconds()),
			fmt.Sprintf("%.1f MB", float64(c.size)/1e6), fmt.Sprint(c.packages), fmt.Sprint(c.foreign)})
	}
	return table
}
