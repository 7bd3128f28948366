package main

import (
	"cmp"
	"fmt"
	"runtime"
	"slices"
)

// load is so many goroutines that share one client, on so many cores.
type load struct {
	transport, workload string
	goroutines, procs   int
}

// loadOf returns the load of a benchmark of scaling.
func loadOf(path []string) (load, error) {
	var l load
	if len(path) != 5 {
		return l, fmt.Errorf("a benchmark is named %q", path)
	}
	l.transport, l.workload = path[1], path[2]
	if _, err := fmt.Sscanf(path[3]+" "+path[4], "goroutines=%d procs=%d", &l.goroutines, &l.procs); err != nil {
		return l, fmt.Errorf("a benchmark is named %q: %w", path, err)
	}
	return l, nil
}

// scaledTransports are those of scaling in the order of the table.
var scaledTransports = []string{"none", "memory", "memory-nogc", "http1", "http2"}

var scalingColumns = []string{"transport", "workload", "goroutines", "1: calls/s", "noise", "2: calls/s", "noise", "ratio",
	"of the most", "first", "at once", "new"}

// scalingRows returns a row a load, one core and two side by side.
func scalingRows(all samples[load]) [][]string {
	var loads []load
	for l := range all {
		if l.procs == 1 {
			loads = append(loads, l)
		}
	}
	slices.SortFunc(loads, func(a, b load) int {
		return cmp.Or(
			slices.Index(scaledTransports, a.transport)-slices.Index(scaledTransports, b.transport),
			cmp.Compare(a.workload, b.workload), a.goroutines-b.goroutines)
	})
	var table [][]string
	for _, one := range loads {
		two := one
		two.procs = 2
		speed, noise := all.median(one, "calls/s")
		speedOfTwo, noiseOfTwo := all.median(two, "calls/s")
		// Connections are those of one core or two, whichever are more.
		most := func(unit string) float64 {
			a, _ := all.median(one, unit)
			b, _ := all.median(two, unit)
			return max(a, b)
		}
		table = append(table, []string{
			one.transport, one.workload, fmt.Sprint(one.goroutines),
			fmt.Sprintf("%.0f", speed), percent(noise), fmt.Sprintf("%.0f", speedOfTwo), percent(noiseOfTwo),
			all.ratio(two, one, "calls/s"), percent(speedOfTwo / fastest(all, two)),
			fmt.Sprintf("%.0f", most("first-conns")), fmt.Sprintf("%.0f", most("conns")),
			fmt.Sprintf("%.0f", 1000*most("conns/call")),
		})
	}
	return table
}

// fastest returns the most calls a second that any number of goroutines made.
func fastest(all samples[load], like load) float64 {
	var most float64
	for l := range all {
		if like.goroutines = l.goroutines; l == like {
			speed, _ := all.median(l, "calls/s")
			most = max(most, speed)
		}
	}
	return most
}

func scalingSection(all samples[load], rounds int, benchtime string) string {
	return "\n## Scaling\n\n" +
		fmt.Sprintf("Rounds: %d of %s a cell. The machine has %d cores. ", rounds, benchtime, runtime.NumCPU()) +
		scalingText + markdown(3, scalingColumns, scalingRows(all))
}

const scalingText = `So many goroutines share one client of package passwords, and each calls
again as soon as it has an answer. The columns 1 and 2 are with GOMAXPROCS 1 and 2, the ratio is of the second to the first,
and "of the most" is what the goroutines of a row reach, with GOMAXPROCS 2, of what any number of them reaches: 100 % down to
the last row is flat. The row none is arithmetic, without memory and locks: what a second core gave at best while this ran.
The rows memory-nogc are without the garbage collector: what their ratios lack to that of none is due to the client, net/http
and allocation, and what those of memory lack to them is due to the collector. It runs far more often in a heap as small as
that of a benchmark than in most programs.

Over http1 and http2, the latter with TLS, the client has the transport that New makes. The server is a process of its own
with a GOMAXPROCS of its own, but on the same cores: GOMAXPROCS 1 leaves it the others, with 2 the client competes with it. A
ratio there says what the two processes make of the machine; how the client scales, the rows over memory say, and those
without the collector more so.

Connections: "first" were opened before the clock ran, "at once" is the most that were open at once afterwards, and "new" were
opened afterwards for 1000 calls, 0 if all were used again. Each is that of GOMAXPROCS 1 or 2, whichever is more. The client
keeps up to 1000 idle connections. A server of net/http takes 250 requests at once over a connection of HTTP/2; for each call
above that net/http opens another one, most of which it closes again. The benchmark fails if the goroutines open twice as
many connections as they are, and if up to 250 have more than one over HTTP/2.

A test, without which there is no report, looks at the mutex and the block profile of such calls, and fails if a goroutine waits
for a lock of the client. They have a session token; those with a source of tokens wait for it, and for its lock, together.

`
