// Package load_test puts load on the embedded server, and compares what the
// clients were told with what the server executed.
package load_test

import (
	"fmt"
	"math"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/gen"
)

const (
	// maxHeapGrowth is how much larger than after a third of the operations the
	// heap may be at the end.
	maxHeapGrowth = 1.2
	// keptByServer is what the embedded server keeps, in bytes per operation: the
	// request, the history of each password, messages and faults. It comes on top
	// of maxHeapGrowth.
	keptByServer = 500
	// maxHistory is how many entries the server keeps in a password's history.
	maxHistory = 200
)

// TestMain fails if a client or the server leaves a goroutine behind.
func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func BenchmarkLoad(b *testing.B) {
	l := newLoad(b, 1000, 100)
	l.run(b.Loop)
	l.finish(b)
	b.ReportMetric(float64(l.operations)/b.Elapsed().Seconds(), "ops/s")
	b.ReportMetric(l.latency.quantile(0.50).Seconds()*1000, "p50-ms")
	b.ReportMetric(l.latency.quantile(0.99).Seconds()*1000, "p99-ms")
}

// TestLoad is not parallel because it measures the heap.
func TestLoad(t *testing.T) {
	l, left := newLoad(t, 50, 20), 50*20
	l.run(func() bool { left--; return left >= 0 })
	if l.finish(t) == 0 {
		t.Error("no outcome was unknown: the faults had no effect")
	}
}

// load is a number of users. One goroutine performs all operations on a user.
type load struct {
	server    *cyclostest.Server
	transport *http.Transport
	actors    []*actor
	latency   latencies

	operations int
	heap       []heapSample

	oneIn int // one in so many operations has a fault
	// responsesLost counts, by operation, the faults that lose the response to an
	// executed change.
	responsesLost map[gen.OperationID]*atomic.Int64
	readsFailed   atomic.Int64 // faults injected into reads
}

// heapSample is the size of the heap while no operation is running.
type heapSample struct {
	operations int
	bytes      uint64
}

func newLoad(tb testing.TB, users, oneIn int) *load {
	tb.Helper()
	world := newWorld(users)
	l := &load{
		server:        cyclostest.NewServer(cyclostest.WithWorld(world)),
		transport:     &http.Transport{MaxIdleConnsPerHost: users},
		oneIn:         oneIn,
		responsesLost: map[gen.OperationID]*atomic.Int64{},
	}
	for _, op := range gen.Operations {
		l.responsesLost[op.ID] = &atomic.Int64{}
	}
	base, err := passwords.New(l.server.URL, passwords.WithHTTPClient(&http.Client{Transport: l.transport}),
		passwords.WithTimeout(2*time.Minute))
	if err != nil {
		tb.Fatal(err)
	}
	as := func(token string) *passwords.Client {
		client, err := base.With(passwords.WithSessionToken(passwords.NewSecret(token)))
		if err != nil {
			tb.Fatal(err)
		}
		return client
	}
	manager := as(world.Sessions[0].Token)
	for i := range users {
		l.actors = append(l.actors, newActor(l, tb, i, manager, as(world.Sessions[i+1].Token), world.Users[i+1]))
	}
	return l
}

// run has the actors act concurrently, each one step at a time, until more reports
// false.
func (l *load) run(more func() bool) {
	var (
		actors, steps sync.WaitGroup
		turns         = make(chan struct{})
	)
	for _, a := range l.actors {
		actors.Go(func() {
			for range turns {
				a.act()
				steps.Done()
			}
		})
	}
	for next := 4 * len(l.actors); more(); l.operations++ {
		if l.operations == next {
			steps.Wait()
			l.sampleHeap()
			next += next / 2
		}
		steps.Add(1)
		turns <- struct{}{}
	}
	close(turns)
	actors.Wait()
	l.sampleHeap()
}

func (l *load) sampleHeap() {
	runtime.GC()
	runtime.GC() // the contents of a sync.Pool survive one collection
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	l.heap = append(l.heap, heapSample{l.operations, stats.HeapAlloc})
}

// finish compares what the clients were told with what the server executed,
// closes both, and returns how many outcomes were unknown to the clients.
func (l *load) finish(tb testing.TB) (unknown int) {
	tb.Helper()
	told, lost, failedReads := map[gen.OperationID]int{}, map[gen.OperationID]int{}, 0
	messages := map[string]int{}
	for _, m := range l.server.Messages() {
		messages[m.User]++
	}
	for _, a := range l.actors {
		a.compare(messages[a.user.LoginName])
		for id := range l.responsesLost {
			told[id] += a.told[id]
			lost[id] += a.lost[id]
		}
		unknown += a.unknown
		failedReads += a.failedReads
	}
	for _, op := range gen.Operations {
		if op.Safe {
			continue // reads are retried
		}
		if calls := l.server.Calls(op.ID); calls != told[op.ID]+lost[op.ID] {
			tb.Errorf("%s: executed %d times, but the clients know of %d, and %d with an unknown outcome", op.ID, calls, told[op.ID], lost[op.ID])
		}
		if injected := l.responsesLost[op.ID].Load(); int64(lost[op.ID]) != injected {
			tb.Errorf("%s: %d executed with an unknown outcome, but %d responses were lost", op.ID, lost[op.ID], injected)
		}
	}
	if attempts := int64(failedReads) * 3; attempts > l.readsFailed.Load() {
		tb.Errorf("%d reads failed with %d faults, each after three attempts", failedReads, l.readsFailed.Load())
	}
	l.transport.CloseIdleConnections()
	l.server.Close()

	third, end := l.heap[0], l.heap[len(l.heap)-1]
	for _, sample := range l.heap {
		if sample.operations*3 <= end.operations {
			third = sample
		}
	}
	growth := float64(end.bytes) / float64(third.bytes)
	tb.Logf("%d operations, %d outcomes unknown, heap %d KiB after %d operations and %d KiB at the end: %.2f",
		l.operations, unknown, third.bytes>>10, third.operations, end.bytes>>10, growth)
	most := maxHeapGrowth*float64(third.bytes) + keptByServer*float64(end.operations-third.operations)
	if float64(end.bytes) > most {
		tb.Errorf("the heap grew to %.2f times its size, to more than %.0f KiB", growth, most/1024)
	}
	return unknown
}

// latencies is a histogram of durations. Each class is 5 % wide.
type latencies [512]atomic.Int64

const latencyClass = 1.05

func (l *latencies) add(d time.Duration) {
	class := math.Log(max(1, float64(d.Microseconds()))) / math.Log(latencyClass)
	l[min(int(class), len(l)-1)].Add(1)
}

func (l *latencies) quantile(q float64) time.Duration {
	var total, below int64
	for i := range l {
		total += l[i].Load()
	}
	for i := range l {
		if below += l[i].Load(); float64(below) >= q*float64(total) {
			return time.Duration(math.Pow(latencyClass, float64(i+1)) * float64(time.Microsecond))
		}
	}
	return 0
}

// The password types of the world.
const (
	typeLogin = "login" // changed
	typePIN   = "pin"   // generated, changed, disabled and reset
	typeTrade = "trade" // blocked, or reset and sent
)

func newWorld(users int) cyclostest.World {
	w := cyclostest.World{
		PasswordTypes: []cyclostest.PasswordType{
			{InternalName: typeLogin, Mode: passwords.ModeManual},
			{InternalName: typePIN, Mode: passwords.ModeGenerated},
			{InternalName: typeTrade, Mode: passwords.ModeManual, MaxTries: 1},
		},
		Users:    []cyclostest.User{{ID: "1", LoginName: "manager", Role: cyclostest.RoleAdministrator}},
		Sessions: []cyclostest.Session{{Token: "fake-manager", User: "manager"}},
	}
	for i := range users {
		name := fmt.Sprintf("user-%d", i)
		w.Users = append(w.Users, cyclostest.User{
			ID: fmt.Sprint(100 + i), LoginName: name, Email: name + "@example.org",
			Passwords: []cyclostest.Password{{Type: typeLogin, Value: "fake"}, {Type: typeTrade, Value: "fake"}},
		})
		w.Sessions = append(w.Sessions, cyclostest.Session{Token: "fake-" + name, User: name})
	}
	return w
}
