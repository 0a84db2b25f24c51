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

// TestFaults lets every call on a file fail, one at a time.
func TestFaults(t *testing.T) {
	for _, op := range operations {
		t.Run(op.name, func(t *testing.T) {
			if long {
				t.Parallel()
			}
			from := op.begin(t, folder(t))
			clean := from.suffer(t, op, none, 0)
			for _, name := range []string{"open", "write", "fsync"} {
				if !slices.ContainsFunc(clean, func(c call) bool { return c.name == name }) {
					t.Fatalf("%d calls were trapped, and none is a %s", len(clean), name)
				}
			}
			runs, hits := 0, map[string]int{}
			plan := op.plan(clean)
			for i, p := range plan[min(skip, len(plan)):] {
				if runs++; long && i%100 == 0 {
					t.Logf("%s: %d of %d runs are done", op.name, skip+i, len(plan))
				}
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

// plan is every fault at every call. In the quick form it is an error of each
// file's sync, and a dozen others; with the race detector three in all.
func (op operation) plan(clean []call) (out []planned) {
	all := []fault{eio, enospc, sigkill}
	syncs := map[string][]int{} // of a file
	for i, c := range clean {
		if c.name == "fsync" {
			syncs[c.path] = append(syncs[c.path], i+1)
		}
		if op.appends && i%16 != 0 && c.name == "write" && c.path == "data/limen.db-wal" {
			continue
		}
		for _, f := range all {
			out = append(out, planned{f, i + 1})
		}
	}
	if long {
		return out
	}
	rand.Shuffle(len(out), func(i, j int) { out[i], out[j] = out[j], out[i] })
	if raced {
		return out[:3]
	}
	out = out[:12]
	for _, ns := range syncs {
		out = append(out, planned{all[rand.N(2)], ns[rand.N(len(ns))]})
	}
	return out
}

func summary(hits map[string]int) (out []string) {
	for _, k := range slices.Sorted(maps.Keys(hits)) {
		out = append(out, fmt.Sprintf("%d × %s", hits[k], k))
	}
	return out
}

// folder is a new one, by the name that the kernel has for it.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Join(dir, "site")
}

// suffer does an operation on a copy of a site whose nth call meets a fault,
// then finishes it without, starts the server and compares; what was cut is
// repeated to its end, and compared. It returns the calls that met the fault;
// without a fault, all calls.
func (from *site) suffer(t *testing.T, op operation, f fault, n int) []call {
	t.Helper()
	s := from.clone(t, folder(t))
	if op.beside {
		s.start()
	}
	p := s.command(op.task, childTrap+"=1")
	sup := supervise(t, p, s.root, func(i int) fault {
		if i == n {
			return f
		}
		return none
	})
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	finished, done := true, make(chan error, 1)
	if op.load == nil {
		p.ends()
	} else {
		s.proc = p
		go func() { done <- op.load(ctx, s) }()
		finished = s.endure(ctx, done)
	}
	<-sup.done
	hit := slices.DeleteFunc(slices.Clone(sup.calls), func(c call) bool { return c.fault == none })
	where := fmt.Sprintf("%s at call %d", f, n)
	if len(hit) == 1 {
		where += fmt.Sprintf(", %s of %s", hit[0].name, hit[0].path)
		afterSync(t, where, p, n-1, sup.calls)
	}
	if op.finish != nil {
		if err := op.finish(s); err != nil {
			t.Fatalf("%s: without faults: %v", where, err)
		}
	}
	if !op.beside {
		s.start()
	}
	s.compare()
	s.check()
	s.door.Unlock()
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
	if err := os.RemoveAll(s.root); err != nil { // there are thousands in the long form
		t.Error(err)
	}
	if f == none {
		s.syncedFirst(t, sup.calls)
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
	s.door.Unlock()
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
	s.door.Lock()
	return finished
}

// afterSync checks what follows call n, if that is a sync that failed: the
// process exits within a second and syncs that file no more, for the kernel may
// have dropped what it could not write and would say that all is well.
//
// Two are let off. The witness is another machine's: limen goes on without it.
// And SQLite looks past the sync of the folder in which it has just synced a new
// file for the first time.
func afterSync(t *testing.T, where string, p *process, n int, calls []call) {
	t.Helper()
	hit := calls[n]
	folder := n >= 2 && calls[n-1].name == "open" && calls[n-1].path == hit.path && calls[n-2].name == "fsync"
	if hit.name != "fsync" || hit.fault == sigkill || strings.HasPrefix(hit.path, "witness") || folder {
		return
	}
	for _, c := range calls[n+1:] {
		if c.name == "fsync" && c.path == hit.path {
			t.Errorf("%s: synced again %v later", where, c.at.Sub(hit.at))
			break
		}
	}
	if took := p.died.Sub(hit.at); took > time.Second {
		t.Errorf("%s: the process lived on for %v", where, took)
	}
	if code := p.cmd.ProcessState.ExitCode(); code <= 0 {
		t.Errorf("%s: the process exits with %d", where, code)
	}
}

// syncedFirst checks that the record was synced between question and answer.
func (s *site) syncedFirst(t *testing.T, calls []call) {
	t.Helper()
	for _, d := range s.ledger.deeds {
		if d.asked.Before(calls[0].at) {
			continue // before this process
		}
		written, synced := false, false
		for _, c := range calls {
			if c.path == "data/limen.db-wal" && c.at.After(d.asked) && c.at.Before(d.told) {
				written, synced = written || c.name == "write", synced || written && c.name == "fsync"
			}
		}
		if !synced {
			t.Errorf("a crossing was acknowledged and not synced before (written: %v)", written)
		}
	}
}
