package crash

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// fault is what becomes of a call.
type fault string

const (
	none    fault = ""
	eio     fault = "EIO"
	enospc  fault = "ENOSPC"
	sigkill fault = "SIGKILL"
)

// call is one call on a file of the data folder.
type call struct {
	name, path string
	at         time.Time
	fault      fault
}

// operation is something limen does with its files. begin makes a data folder
// to do it in; do asks a running server for it. Start-up and the end in good
// order belong to every operation.
type operation struct {
	name  string
	begin func(t *testing.T, dir string) *site
	do    func(ctx context.Context, s *site) error
}

var operations = []operation{
	{"first-start", func(t *testing.T, dir string) *site { return emptySite(t, dir, "") }, func(context.Context, *site) error { return nil }},
	{"record", func(t *testing.T, dir string) *site { return newSite(t, dir, "") }, func(ctx context.Context, s *site) error { return s.newParty(ways, 0).travel(ctx) }},
	{"checkpoint", fullLog, func(ctx context.Context, s *site) error { return s.newParty(1, 0).travel(ctx) }},
}

// fullLog makes a site whose write-ahead log is about to be folded into the
// database.
func fullLog(t *testing.T, dir string) *site {
	t.Helper()
	s := newSite(t, dir, "")
	s.start()
	s.open.Unlock()
	for size := int64(0); size < 1000*4096; {
		if err := s.newParty(ways, 0).travel(t.Context()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(dir, "limen.db-wal"))
		if err != nil {
			t.Fatal(err)
		}
		size = info.Size() + 60*4096
	}
	s.kill()
	return s
}

// TestFaults lets every call on a file fail, one at a time.
func TestFaults(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			from := op.begin(t, filepath.Join(t.TempDir(), "data"))
			clean := from.suffer(t, op, none, 0)
			for _, name := range []string{"open", "write", "fsync"} {
				if !slices.ContainsFunc(clean, func(c call) bool { return c.name == name }) {
					t.Fatalf("%d calls were trapped, and none is a %s", len(clean), name)
				}
			}
			runs, hits := 0, map[string]int{}
			for _, p := range plan(clean) {
				runs++
				for _, hit := range from.suffer(t, op, p.fault, p.n) {
					hits[string(p.fault)+" at "+hit.name]++
				}
			}
			t.Logf("%s: %d calls, %d runs with one fault each: %v", op.name, len(clean), runs, summary(hits))
		})
	}
}

// planned is a fault at the nth call.
type planned struct {
	fault fault
	n     int
}

// plan is every fault at every call. In the quick form it is a random call of
// each kind on each file with a random fault, and each fault at one sync of each
// file; with the race detector three calls in all.
func plan(clean []call) (out []planned) {
	all := []fault{eio, enospc, sigkill}
	alike := map[string][]int{}
	for i, c := range clean {
		alike[c.name+" "+c.path] = append(alike[c.name+" "+c.path], i+1)
		for _, f := range all {
			out = append(out, planned{f, i + 1})
		}
	}
	if long {
		return out
	}
	out = nil
	for _, kind := range slices.Sorted(maps.Keys(alike)) {
		n := func() int { return alike[kind][rand.N(len(alike[kind]))] }
		if strings.HasPrefix(kind, "fsync ") {
			out = append(out, planned{eio, n()}, planned{enospc, n()}, planned{sigkill, n()})
		} else {
			out = append(out, planned{all[rand.N(len(all))], n()})
		}
	}
	if raced {
		rand.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
		out = out[:3]
	}
	return out
}

func summary(hits map[string]int) (out []string) {
	for _, k := range slices.Sorted(maps.Keys(hits)) {
		out = append(out, fmt.Sprintf("%d × %s", hits[k], k))
	}
	return out
}

// suffer does an operation on a copy of a site whose nth call meets a fault,
// then starts the server again without, and compares; then what was cut is
// repeated to its end, and compared. It returns the calls that met the fault;
// without a fault, all calls.
func (from *site) suffer(t *testing.T, op operation, f fault, n int) []call {
	t.Helper()
	s := from.clone(t, filepath.Join(t.TempDir(), "data"))
	s.launch(childTrap + "=1")
	sup := supervise(t, s.proc, s.dir, func(i int) fault {
		if i == n {
			return f
		}
		return none
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	done := make(chan error, 1)
	go func() { done <- op.do(ctx, s) }()
	finished := s.endure(ctx, done)
	<-sup.done
	hit := slices.DeleteFunc(slices.Clone(sup.calls), func(c call) bool { return c.fault == none })
	where := fmt.Sprintf("%s at call %d", f, n)
	if len(hit) == 1 {
		where += fmt.Sprintf(", %s of %s", hit[0].name, hit[0].path)
		s.afterSync(t, where, hit[0], sup.calls)
	}
	s.start()
	s.compare()
	s.check()
	s.open.Unlock()
	if !finished {
		if err := <-done; err != nil {
			t.Errorf("%s: afterwards: %v", where, err)
		}
	}
	s.stop()
	s.compare()
	if !s.ledger.settled() {
		t.Fatalf("%s: what was cut is not done after a start without faults:\n%s", where, s.proc.said())
	}
	if f == none {
		return sup.calls
	}
	return hit
}

// patience is how long an operation may take; a server that was hit and neither
// works nor dies is killed after it.
const patience = 5 * time.Second

// endure opens the site while a trapped server lives, and closes it when the
// operation is done or the server is dead.
func (s *site) endure(ctx context.Context, done chan error) (finished bool) {
	address, err := s.proc.up(ctx)
	if err != nil {
		s.proc.kill()
		return false
	}
	s.base = "http://" + address
	s.open.Unlock()
	select {
	case err := <-done:
		if err != nil {
			s.t.Error(err)
		}
		s.proc.stop()
		finished = true
	case <-s.proc.exited:
	case <-time.After(patience):
		s.proc.kill()
	}
	s.open.Lock()
	return finished
}

// afterSync checks what follows a failed sync: the server exits within a second
// and syncs that file no more, for the kernel may have dropped what it could
// not write and would say that all is well.
func (s *site) afterSync(t *testing.T, where string, hit call, calls []call) {
	t.Helper()
	if hit.name != "fsync" || hit.fault == sigkill {
		return
	}
	for _, c := range calls {
		if c.name == "fsync" && c.path == hit.path && c.at.After(hit.at) {
			t.Errorf("%s: synced again %v later", where, c.at.Sub(hit.at))
		}
	}
	if took := s.proc.died.Sub(hit.at); took > time.Second {
		t.Errorf("%s: the server lived on for %v", where, took)
	}
	if code := s.proc.cmd.ProcessState.ExitCode(); code <= 0 {
		t.Errorf("%s: the server exits with %d", where, code)
	}
}
