package passwords_test

import (
	"fmt"
	"math"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/cyclos-go/passwords"
	"github.com/cyclos-go/passwords/cyclostest"
	"github.com/cyclos-go/passwords/internal/testkit"
)

// The heap at the end may have this size in comparison with that after a third
// of the operations, and on top of it the bytes an operation which the embedded
// server keeps for good: the history of each password, messages and faults.
const (
	maxHeapGrowth = 1.2
	keptByServer  = 100
)

func BenchmarkLoad(b *testing.B) {
	goroutines := runtime.NumGoroutine()
	l := newLoad(b, 1000, 100)
	l.run(b.Loop)
	l.finish(b)
	b.ReportMetric(float64(l.operations)/b.Elapsed().Seconds(), "ops/s")
	b.ReportMetric(l.latency.quantile(0.50).Seconds()*1000, "p50-ms")
	b.ReportMetric(l.latency.quantile(0.99).Seconds()*1000, "p99-ms")
	loadWantGoroutines(b, goroutines)
}

// TestLoad is not parallel: other tests would be in its heap and goroutines.
func TestLoad(t *testing.T) {
	goroutines := runtime.NumGoroutine()
	l, left := newLoad(t, 50, 20), 50*20
	l.run(func() bool { left--; return left >= 0 })
	if l.finish(t) == 0 {
		t.Error("no outcome was unknown: the faults had no effect")
	}
	loadWantGoroutines(t, goroutines)
}

// load is a number of users, each of whom acts and is acted on by one goroutine.
type load struct {
	server    *cyclostest.Server
	transport *http.Transport
	actors    []*loadActor
	latency   loadLatencies

	operations int
	heap       []loadHeap

	oneIn int // so many operations have a fault
	// answersLost counts, by operation, the faults that lose the answer to a
	// change which was executed.
	answersLost map[string]*atomic.Int64
	readsFailed atomic.Int64 // the faults of reads
}

// loadHeap is the size of the heap while no operation is under way.
type loadHeap struct {
	operations int
	bytes      uint64
}

func newLoad(tb testing.TB, users, oneIn int) *load {
	tb.Helper()
	world := loadWorld(users)
	l := &load{
		server:      cyclostest.NewServer(cyclostest.WithWorld(world)),
		transport:   &http.Transport{MaxIdleConnsPerHost: users},
		oneIn:       oneIn,
		answersLost: map[string]*atomic.Int64{},
	}
	for _, op := range testkit.Operations() {
		l.answersLost[op.ID] = &atomic.Int64{}
	}
	base, err := passwords.New(l.server.URL, passwords.WithHTTPClient(&http.Client{Transport: l.transport}),
		passwords.WithTimeout(2*time.Minute))
	if err != nil {
		tb.Fatal(err)
	}
	as := func(token string) *passwords.Client {
		client, err := base.With(passwords.WithSessionToken(token))
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

// run has the actors act, all at once and each one thing at a time, until more
// reports false.
func (l *load) run(more func() bool) {
	var (
		actors, underWay sync.WaitGroup
		turns            = make(chan struct{})
	)
	for _, a := range l.actors {
		actors.Go(func() {
			for range turns {
				a.act()
				underWay.Done()
			}
		})
	}
	for next := 4 * len(l.actors); more(); l.operations++ {
		if l.operations == next {
			underWay.Wait()
			l.sampleHeap()
			next += next / 2
		}
		underWay.Add(1)
		turns <- struct{}{}
	}
	close(turns)
	actors.Wait()
	l.sampleHeap()
}

func (l *load) sampleHeap() {
	runtime.GC()
	runtime.GC() // what a sync.Pool holds survives one
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	l.heap = append(l.heap, loadHeap{l.operations, stats.HeapAlloc})
}

// finish compares what the clients were told with what the server has done,
// closes both, and returns how many outcomes were unknown to the clients.
func (l *load) finish(tb testing.TB) (unknown int) {
	tb.Helper()
	told, lost, failedReads := map[string]int{}, map[string]int{}, 0
	messages := map[string]int{}
	for _, m := range l.server.Messages() {
		messages[m.User]++
	}
	for _, a := range l.actors {
		a.compare(messages[a.user.LoginName])
		for id := range l.answersLost {
			told[id] += a.told[id]
			lost[id] += a.lost[id]
		}
		unknown += a.unknown
		failedReads += a.failedReads
	}
	for _, op := range testkit.Operations() {
		if op.Method == http.MethodGet {
			continue // is repeated
		}
		if calls := l.server.Calls(op.ID); calls != told[op.ID]+lost[op.ID] {
			tb.Errorf("%s: executed %d times, but the clients know of %d, and %d with an unknown outcome", op.ID, calls, told[op.ID], lost[op.ID])
		}
		if injected := l.answersLost[op.ID].Load(); int64(lost[op.ID]) != injected {
			tb.Errorf("%s: %d executed with an unknown outcome, but %d answers were lost", op.ID, lost[op.ID], injected)
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
		tb.Errorf("the heap has grown by %.2f, to more than %.0f KiB", growth, most/1024)
	}
	return unknown
}

// loadWantGoroutines waits for the connections of the client, which close by
// themselves.
func loadWantGoroutines(tb testing.TB, most int) {
	tb.Helper()
	deadline, tick := time.After(10*time.Second), time.NewTicker(time.Millisecond)
	defer tick.Stop()
	for runtime.NumGoroutine() > most {
		select {
		case <-tick.C:
		case <-deadline:
			tb.Fatalf("%d goroutines are left, there were %d", runtime.NumGoroutine(), most)
		}
	}
}

// loadLatencies counts durations in classes that are 5 % wide, in constant space.
type loadLatencies [512]atomic.Int64

const latencyClass = 1.05

func (l *loadLatencies) add(d time.Duration) {
	class := math.Log(max(1, float64(d.Microseconds()))) / math.Log(latencyClass)
	l[min(int(class), len(l)-1)].Add(1)
}

func (l *loadLatencies) quantile(q float64) time.Duration {
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

// The password types of the world, each of which goes through a cycle.
const (
	loadLogin = "login" // is changed
	loadPIN   = "pin"   // is generated, changed, disabled and reset
	loadTrade = "trade" // is blocked, or reset and sent
)

func loadWorld(users int) cyclostest.World {
	w := cyclostest.World{
		PasswordTypes: []cyclostest.PasswordType{
			{InternalName: loadLogin, Mode: passwords.ModeManual},
			{InternalName: loadPIN, Mode: passwords.ModeGenerated},
			{InternalName: loadTrade, Mode: passwords.ModeManual, MaxTries: 1},
		},
		Users:    []cyclostest.User{{ID: "1", LoginName: "manager", Role: cyclostest.RoleAdministrator}},
		Sessions: []cyclostest.Session{{Token: "fake-manager", User: "manager"}},
	}
	for i := range users {
		name := fmt.Sprintf("user-%d", i)
		w.Users = append(w.Users, cyclostest.User{
			ID: fmt.Sprint(100 + i), LoginName: name, Email: name + "@example.org",
			Passwords: []cyclostest.Password{{Type: loadLogin, Value: "fake"}, {Type: loadTrade, Value: "fake"}},
		})
		w.Sessions = append(w.Sessions, cyclostest.Session{Token: "fake-" + name, User: name})
	}
	return w
}
