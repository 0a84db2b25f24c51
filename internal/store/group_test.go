package store_test

import (
	"context"
	"database/sql"
	"errors"
	"sync"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/store"
	"limen/internal/store/sqlite"
)

// broken is an engine whose operations fail as a test says.
type broken struct {
	store.Engine
	begins, commits int
	begin           func(n int) error
	commit          func(n int) error
	query           func() error
}

type fault struct {
	store.Fault
	error
}

func (b *broken) Fault(err error) store.Fault {
	var f *fault
	if errors.As(err, &f) {
		return f.Fault
	}
	return b.Engine.Fault(err)
}

func (b *broken) Writer(ctx context.Context) (store.Writer, error) {
	w, err := b.Engine.Writer(ctx)
	return &brokenWriter{w, b}, err
}

type brokenWriter struct {
	store.Writer
	b *broken
}

func (w *brokenWriter) Begin(ctx context.Context, then ...store.Stmt) error {
	w.b.begins++
	if w.b.begin != nil {
		if err := w.b.begin(w.b.begins); err != nil {
			return err
		}
	}
	return w.Writer.Begin(ctx, then...)
}

func (w *brokenWriter) Run(ctx context.Context, stmts ...store.Stmt) error {
	if stmts[len(stmts)-1].SQL == "COMMIT" {
		w.b.commits++
		if w.b.commit != nil {
			if err := w.b.commit(w.b.commits); err != nil {
				return err
			}
		}
	}
	return w.Writer.Run(ctx, stmts...)
}

func (w *brokenWriter) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if w.b.query != nil {
		if err := w.b.query(); err != nil {
			return nil, err
		}
	}
	return w.Writer.QueryContext(ctx, query, args...)
}

func failing(f store.Fault) error { return &fault{f, errors.New("injected")} }

// openBroken opens an empty store; what the test sets in b counts from the
// group on.
func openBroken(t *testing.T) (*store.Store, *broken) {
	t.Helper()
	e, err := sqlite.OpenEngine(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	b := &broken{Engine: e}
	s := store.New(b, nil)
	t.Cleanup(func() { s.Close() })
	return s, b
}

func put(id string) func(*store.Tx) error {
	return func(tx *store.Tx) error { return tx.PutSetting(id, "there") }
}

// together runs writes as one group and returns their outcomes in their order.
func together(t *testing.T, s *store.Store, b *broken, set func(), fns ...func(*store.Tx) error) []error {
	t.Helper()
	free, busy := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { _ = s.Write(t.Context(), func(*store.Tx) error { close(busy); <-free; return nil }) })
	<-busy
	out := make([]error, len(fns))
	for i, fn := range fns {
		all.Go(func() { out[i] = s.Write(t.Context(), fn) })
		time.Sleep(20 * time.Millisecond) // they wait in their order
	}
	set()
	close(free)
	all.Wait()
	return out
}

// After a commit that failed nothing more is written, not even for those who
// are tried alone because their group was refused.
func TestStopAmongThoseTriedAlone(t *testing.T) {
	s, b := openBroken(t)
	out := together(t, s, b, func() {
		b.commit = func(n int) error { // the first is that of the one before the group
			return map[int]error{2: failing(store.Refused), 3: failing(store.Stop)}[n]
		}
	}, put("a"), put("b"), put("c"))
	for i, err := range out {
		if errs.CodeOf(err) != "store-stopped" {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if b.begins != 3 || b.commits != 3 {
		t.Errorf("%d transactions and %d commits; after the one that failed there may be none", b.begins, b.commits)
	}
}

// A statement that meets a failing disk stops the store before the group that
// it is in is committed.
func TestStopWithinAGroup(t *testing.T) {
	s, b := openBroken(t)
	var failed error
	out := together(t, s, b, func() { b.query = func() error { return failed } }, put("a"),
		func(tx *store.Tx) error {
			if err := tx.PutSetting("b", "there"); err != nil {
				return err
			}
			failed = failing(store.Stop)
			_, err := tx.Setting("b")
			failed = nil
			return err
		}, put("c"))
	for i, err := range out {
		if errs.CodeOf(err) != "store-stopped" {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if b.commits != 1 {
		t.Errorf("%d commits after the store stopped", b.commits-1)
	}
}

// What an attempt that was undone said is not what is so: the second of two
// that exclude each other is not told of the first if the store stopped.
func TestStopTellsNothingOfWhatWasUndone(t *testing.T) {
	s, b := openBroken(t)
	taken := errs.New(errs.Conflict, "taken", "taken")
	claim := func(tx *store.Tx) error {
		if v, err := tx.Setting("one"); err != nil || v != "" {
			return errors.Join(taken, err)
		}
		return tx.PutSetting("one", "there")
	}
	out := together(t, s, b, func() {
		b.commit = func(n int) error { return map[int]error{2: failing(store.Stop)}[n] }
	}, claim, claim)
	for i, err := range out {
		if errs.CodeOf(err) != "store-stopped" {
			t.Errorf("write %d: %v", i, err)
		}
	}
}

// A database that is away is waited for once or twice, not once for each who
// waits.
func TestAwayIsNotWaitedForByEach(t *testing.T) {
	s, b := openBroken(t)
	fns := []func(*store.Tx) error{}
	for _, id := range "abcdefgh" {
		fns = append(fns, put(string(id)))
	}
	out := together(t, s, b, func() {
		b.begin = func(n int) error { return failing(store.Away) }
	}, fns...)
	for i, err := range out {
		if errs.CodeOf(err) != "store-away" {
			t.Errorf("write %d: %v", i, err)
		}
	}
	if b.begins > 3 {
		t.Errorf("tried %d times", b.begins-1)
	}
	b.begin = nil
	if err := s.Write(t.Context(), put("later")); err != nil {
		t.Error(err)
	}
}

// Stopped from elsewhere, such as by the data keys, the store takes nothing
// any more.
func TestStoppedFromElsewhere(t *testing.T) {
	s, b := openBroken(t)
	if err := s.Write(t.Context(), put("a")); err != nil {
		t.Fatal(err)
	}
	s.Stop(errors.New("the keys"))
	for range 50 {
		if err := s.Write(t.Context(), put("b")); errs.CodeOf(err) != "store-stopped" {
			t.Fatalf("a write of a stopped store: %v", err)
		}
	}
	if b.begins != 1 {
		t.Errorf("%d transactions after the stop", b.begins-1)
	}
}

// A caller who leaves while its write is at work gets none of it, even if the
// write does not mind; the others of its group get theirs, in one transaction.
func TestCallerLeavesAndTheWriteDoesNotMind(t *testing.T) {
	s, b := openBroken(t)
	leaver := func(first ...func(*store.Tx) error) error {
		ctx, leave := context.WithCancel(t.Context())
		return s.Write(ctx, func(tx *store.Tx) error {
			for _, f := range first {
				if err := f(tx); err != nil {
					return err
				}
			}
			leave()
			_ = put("other half")(tx)
			return nil
		})
	}
	free, busy := make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	all.Go(func() { _ = s.Write(t.Context(), func(*store.Tx) error { close(busy); <-free; return nil }) })
	<-busy
	wants := []string{"", "store-canceled", "store-canceled", ""}
	for i, f := range []func() error{
		func() error { return s.Write(t.Context(), put("a")) },
		func() error { return leaver() },
		func() error { return leaver(put("half")) },
		func() error { return s.Write(t.Context(), put("c")) },
	} {
		all.Go(func() {
			if err := f(); errs.CodeOf(err) != wants[i] {
				t.Errorf("write %d: %v", i, err)
			}
		})
		time.Sleep(20 * time.Millisecond) // they wait in their order
	}
	close(free)
	all.Wait()
	if b.begins != 2 {
		t.Errorf("%d transactions, not two", b.begins)
	}
	for name, want := range map[string]string{"a": "there", "c": "there", "half": "", "other half": ""} {
		if err := s.Read(t.Context(), func(tx *store.Tx) error {
			got, err := tx.Setting(name)
			if got != want {
				t.Errorf("%s is %q", name, got)
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
}
