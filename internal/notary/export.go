package notary

import (
	"context"
	"fmt"
	"io"

	"limen/audit"
	"limen/internal/store"
)

// Export writes the whole log with its checkpoints to w, as one state of the
// store, in the form that audit.VerifyLog and limen-verify read. It judges
// nothing but what the form cannot say: a leaf that is missing is an
// audit.BadIndex. progress is told how many leaves of how many are written; it
// may be nil.
func Export(ctx context.Context, st *store.Store, origin string, w io.Writer, progress func(done, all int64)) error {
	return st.Read(ctx, func(tx *store.Tx) error {
		all, _, err := tx.LogSize()
		if err != nil {
			return err
		}
		e := &export{tx: tx, out: audit.NewWriter(w, origin)}
		for {
			n, err := e.leaves()
			if err != nil {
				return err
			}
			if progress != nil {
				progress(e.done, all)
			}
			if n < batch {
				break
			}
		}
		if e.done != all {
			return audit.BadIndex{Index: min(e.done, all), Until: min(e.done, all), Reason: fmt.Sprintf("the store says that there are %d leaves, but there are %d", all, e.done)}
		}
		return e.end()
	})
}

// export is an export on its way.
type export struct {
	tx      *store.Tx
	out     *audit.Writer
	done    int64
	waiting []store.Checkpoint // read, not yet written
	read    int64              // size of the last one that was read
	whole   bool               // there are no more
}

// leaves writes a batch of leaves, and each checkpoint in its place.
func (e *export) leaves() (int, error) {
	leaves, err := e.tx.Leaves(e.done, batch)
	if err != nil {
		return 0, err
	}
	for _, l := range leaves {
		if l.Seq != e.done {
			return 0, missing(e.done)
		}
		if err := e.out.Leaf(l.Leaf, l.Hashes); err != nil {
			return 0, err
		}
		e.done++
		c, err := e.checkpoint()
		if err != nil {
			return 0, err
		}
		if c != nil && c.Size == e.done {
			if err := e.out.Checkpoint(c.Note); err != nil {
				return 0, err
			}
			e.waiting = e.waiting[1:]
		}
	}
	return len(leaves), nil
}

// checkpoint returns the next checkpoint to be written, or nil.
func (e *export) checkpoint() (*store.Checkpoint, error) {
	if len(e.waiting) == 0 && !e.whole {
		var err error
		if e.waiting, err = e.tx.Checkpoints(e.read, batch); err != nil {
			return nil, err
		}
		if e.whole = len(e.waiting) < batch; len(e.waiting) > 0 {
			e.read = e.waiting[len(e.waiting)-1].Size
		}
	}
	if len(e.waiting) == 0 {
		return nil, nil
	}
	return &e.waiting[0], nil
}

// end writes the checkpoints of more leaves than there are, which no good log
// has, and the end mark.
func (e *export) end() error {
	for {
		c, err := e.checkpoint()
		if err != nil {
			return err
		}
		if c == nil {
			return e.out.Close()
		}
		if err := e.out.Checkpoint(c.Note); err != nil {
			return err
		}
		e.waiting = e.waiting[1:]
	}
}

// Verify verifies the whole log in the store as audit.VerifyLog does, against
// its own checkpoints and those held elsewhere.
func Verify(ctx context.Context, st *store.Store, key *Key, held [][]byte, progress func(done, all int64)) (audit.Report, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	r, w := io.Pipe()
	exported := make(chan error, 1)
	go func() {
		err := Export(ctx, st, key.Origin(), w, progress)
		w.CloseWithError(err)
		exported <- err
	}()
	rep, err := audit.VerifyLog(r, key.Verifiers(), held...)
	r.CloseWithError(io.ErrClosedPipe)
	failed := <-exported
	if bad, is := asBad(failed); is { // a leaf that is not there
		return rep, bad
	}
	return rep, err
}
