package notary

import (
	"bytes"
	"context"
	"fmt"
	"sync"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
)

// retryAfter is how long a witness that failed is left alone, historyEvery how
// far apart the checkpoints of its history are.
const (
	retryAfter   = 5 * time.Second
	historyEvery = 10 * time.Minute
)

// push is what this process has pushed.
type push struct {
	mu        sync.Mutex
	offered   []byte    // the latest for the witness
	note      []byte    // what it took last
	failing   bool      // its last call failed
	known     bool      // the store knows this witness
	inHistory time.Time // when a checkpoint was last added to the history
}

// settled reports whether the witness has the latest, or fails anyway.
func (p *push) settled() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failing || bytes.Equal(p.offered, p.note)
}

// offer hands a checkpoint to push; one that still waits gives way to it.
func (n *Notary) offer(note []byte) {
	if n.Witness == nil {
		return
	}
	n.sent.mu.Lock()
	n.sent.offered = note
	n.sent.mu.Unlock()
	select {
	case <-n.fresh:
	default:
	}
	n.fresh <- note // only a caller that holds n.mu sends
}

// push gives the witness each checkpoint until ctx ends. A failure is logged,
// counted and tried again. It returns an error if the witness shows that the log
// was set back or is another.
func (n *Notary) push(ctx context.Context) error {
	var note []byte
	var again <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return nil
		case note = <-n.fresh:
			if again != nil {
				continue // not before its time
			}
		case <-again:
		}
		err := n.deliver(ctx, note)
		switch errs.CodeOf(err) {
		case "audit-rolled-back", "audit-forked", "audit-altered":
			return err
		}
		again = nil
		if n.pushed(note, err); err != nil {
			again = time.After(retryAfter)
		}
	}
}

// pushed notes how a push went.
func (n *Notary) pushed(note []byte, err error) {
	p := &n.sent
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case err != nil:
		n.Metrics.Failures.Inc()
		if !p.failing { // once, not every few seconds
			n.Log.Error("the witness does not get the checkpoints of the audit log; it is tried again", "error", err)
		}
	case p.failing:
		n.Log.Info("the witness gets the checkpoints of the audit log again")
	}
	p.failing = err != nil
	if err == nil {
		p.note = note
	}
}

// deliver gives the witness one checkpoint, but overwrites none that this
// process did not put there without comparing it.
func (n *Notary) deliver(ctx context.Context, note []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	held, err := n.Witness.Latest(ctx)
	if err != nil {
		return err
	}
	if held == nil || !bytes.Equal(held, n.sent.note) {
		if err := n.compare(ctx, held); err != nil {
			return err
		}
	}
	c, err := audit.OpenCheckpoint(note, n.key.Verifiers())
	if err != nil {
		return altered("%w", err) // it is our own
	}
	if n.sent.inHistory.IsZero() || c.At.Sub(n.sent.inHistory).Abs() >= historyEvery {
		if err := n.chronicle(ctx, c, note); err != nil {
			return err
		}
	}
	if err := n.Witness.Put(ctx, latestName, note); err != nil {
		return err
	}
	n.Metrics.Held.Set(float64(c.Size))
	return n.remember(ctx)
}

// remember notes in the store that this witness has a checkpoint: an empty one
// is not taken for a new one after that.
func (n *Notary) remember(ctx context.Context) error {
	if n.sent.known {
		return nil
	}
	err := n.Store.Write(ctx, func(tx *store.Tx) error { return tx.PutSetting(witnessSetting, digest(n.Witness)) })
	n.sent.known = err == nil
	return err
}

// chronicle adds a checkpoint to the history at the witness.
func (n *Notary) chronicle(ctx context.Context, c audit.Checkpoint, note []byte) error {
	var history string
	err := n.Store.Read(ctx, func(tx *store.Tx) (err error) { history, err = History(tx); return err })
	if err == nil {
		err = n.Witness.Put(ctx, fmt.Sprintf("%s/%015d", history, c.Size), note)
	}
	if err == nil {
		n.sent.inHistory = c.At
	}
	return err
}

// History returns under which name the history at the witness runs.
func History(tx *store.Tx) (string, error) {
	name, err := tx.Setting(historySetting)
	if name == "" {
		name = firstHistory
	}
	return name, err
}
