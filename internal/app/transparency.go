package app

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
	"limen/crossing"
	"limen/errs"
	"limen/internal/notary"
	"limen/internal/store"
	"limen/travel"
)

// notaryConfig is what the notary of a store needs.
func (c Config) notaryConfig(st *store.Store) (n notary.Config, err error) {
	n = notary.Config{Store: st, KeyFile: c.AuditKey, Now: c.Now, Log: c.Log}
	if n.KeyFile == "" {
		n.KeyFile = filepath.Join(c.Dir, notary.KeyFile)
	}
	if c.Witness != "" {
		n.Witness, err = notary.OpenWitness(c.Witness)
	}
	return n, err
}

// openNotary compares the audit log with what was signed, before anything is
// added to it.
func (a *App) openNotary(ctx context.Context) error {
	c, err := a.notaryConfig(a.store)
	if err != nil {
		return err
	}
	c.Metrics = a.Metrics.Notary
	a.notary, err = notary.Open(ctx, c)
	return err
}

// AcceptLoss is notary.AcceptLoss for the installation that c describes, whose
// server is not running: no engine is needed.
func AcceptLoss(ctx context.Context, c Config, reason, by string) (loss notary.Loss, err error) {
	st, err := openStore(ctx, c.Dir, c.Store, nil)
	if err != nil {
		return loss, err
	}
	n, err := c.Defaults().notaryConfig(st)
	if err == nil {
		loss, err = notary.AcceptLoss(ctx, n, reason, by)
	}
	return loss, errors.Join(err, st.Close())
}

// Notarize signs checkpoints of the audit log until ctx ends. It returns an
// error if the log is not the one that was signed: the store has stopped then.
func (a *App) Notarize(ctx context.Context) error { return a.notary.Run(ctx) }

// VerifierKey verifies the checkpoints of the audit log.
func (a *App) VerifierKey() string { return a.notary.Key().Public }

// Checkpoint returns the latest signed checkpoint of the audit log.
func (a *App) Checkpoint(ctx context.Context) (note string, err error) {
	_, b, err := a.notary.Signed(ctx, -1)
	return string(b), err
}

// MaxLeaves is how many leaves are shown at a time.
const MaxLeaves = 1000

// Leaves returns leaves of the audit log from one on, at most n of MaxLeaves,
// without what opens them, and how many there are in all.
func (a *App) Leaves(ctx context.Context, from int64, n int) (leaves []string, size int64, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if size, _, err = tx.LogSize(); err != nil {
			return err
		}
		rows, err := tx.Leaves(from, min(n, MaxLeaves))
		for _, l := range rows {
			leaves = append(leaves, string(l.Leaf))
		}
		return err
	})
	return leaves, size, err
}

// Inclusion returns the proof that a leaf is in the audit log of the first size
// leaves. Invalid (code "log-range") if there is no such leaf, or no such size.
func (a *App) Inclusion(ctx context.Context, index, size int64) (proof []tlog.Hash, err error) {
	err = a.overLog(ctx, size, func(r tlog.HashReader) error { proof, err = audit.Inclusion(r, index, size); return err })
	return proof, err
}

// Consistency returns the proof that the audit log of the first from leaves is
// the beginning of that of the first to. Invalid (code "log-range") if there
// are no such sizes.
func (a *App) Consistency(ctx context.Context, from, to int64) (p audit.ConsistencyProof, err error) {
	p.From, p.To = from, to
	err = a.overLog(ctx, to, func(r tlog.HashReader) error { p.Proof, err = audit.Consistency(r, from, to); return err })
	return p, err
}

// overLog runs a proof over the stored hashes of the first size leaves.
func (a office) overLog(ctx context.Context, size int64, proof func(tlog.HashReader) error) error {
	return a.store.Read(ctx, func(tx *store.Tx) error {
		have, _, err := tx.LogSize()
		if err != nil {
			return err
		}
		if size > have {
			return errs.New(errs.Invalid, "log-range", "the audit log has %d leaves, not yet %d", have, size)
		}
		err = proof(audit.Stored(tx.LogHashes))
		if err != nil && errs.CodeOf(err) == "" {
			err = errs.New(errs.Invalid, "log-range", "%w", err)
		}
		return err
	})
}

// Receipt returns the proof that a crossing is in the audit log, with what is
// recorded of it there, for an officer, who states a purpose; the access is in
// the log before anything is shown. A leaf that no checkpoint speaks of yet is
// signed now. NotFound (code "receipt-gone") if there is no such crossing, or
// if what opens its leaf is erased.
func (a *App) Receipt(ctx context.Context, by Actor, purpose audit.Purpose, id travel.CrossingID) (audit.Receipt, error) {
	e, err := a.leafOf(ctx, by.Key, purpose, id)
	if err != nil {
		return audit.Receipt{}, err
	}
	c, note, err := a.notary.Signed(ctx, e.Seq)
	if err != nil {
		return audit.Receipt{}, err
	}
	return a.receipt(ctx, e, c, note)
}

// leafOf returns the leaf of a crossing, with what opens it, and logs that.
func (a office) leafOf(ctx context.Context, by string, purpose audit.Purpose, id travel.CrossingID) (e store.LogEntry, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		found, err := tx.LogOf(string(id), crossing.Action)
		if err != nil {
			return err
		}
		if id == "" || len(found) == 0 || !found[0].Opened {
			return errs.New(errs.NotFound, "receipt-gone", "there is no crossing with this id in the audit log, or what is known of it is erased")
		}
		e = found[0]
		return tx.Audit(audit.Entry{At: a.now(), Actor: by, Action: "access-receipt", Subject: string(id), Purpose: purpose})
	})
	return e, err
}

// receipt makes the receipt of a leaf in the log of a checkpoint.
func (a office) receipt(ctx context.Context, e store.LogEntry, c audit.Checkpoint, note []byte) (audit.Receipt, error) {
	r := audit.Receipt{Leaf: string(e.Leaf), Index: e.Seq, Checkpoint: string(note), Opening: &audit.Opening{Salt: e.Salt, Entry: e.Entry}}
	err := a.overLog(ctx, c.Size, func(h tlog.HashReader) (err error) { r.Proof, err = audit.Inclusion(h, e.Seq, c.Size); return err })
	return r, err
}

// Receipt is App.Receipt for the operator of this machine. It signs nothing: it
// waits a moment for the server to do so. Unavailable (code "receipt-unsigned")
// if that does not.
func (a *Admin) Receipt(ctx context.Context, key *notary.Key, purpose audit.Purpose, id travel.CrossingID) (audit.Receipt, error) {
	e, err := a.leafOf(ctx, operator, purpose, id)
	if err != nil {
		return audit.Receipt{}, err
	}
	for range 3 {
		c, note, err := a.signed(ctx, key)
		if err != nil {
			return audit.Receipt{}, err
		}
		if c.Size > e.Seq {
			return a.receipt(ctx, e, c, note)
		}
		select {
		case <-ctx.Done():
			return audit.Receipt{}, ctx.Err()
		case <-time.After(notary.Within):
		}
	}
	return audit.Receipt{}, errs.Retry(notary.Within, "receipt-unsigned", "no checkpoint speaks of this crossing yet: limen serve signs one every second while it runs")
}

// operator is who acts on the machine itself.
const operator = "operator"

// signed returns the latest checkpoint in the store.
func (a office) signed(ctx context.Context, key *notary.Key) (c audit.Checkpoint, note []byte, err error) {
	var latest *store.Checkpoint
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) { latest, err = tx.LatestCheckpoint(); return err })
	if err != nil || latest == nil {
		return c, nil, err
	}
	if c, err = audit.OpenCheckpoint(latest.Note, key.Verifiers()); err != nil {
		err = errs.New(errs.Broken, "audit-altered", "the latest checkpoint of the audit log: %w", err)
	}
	return c, latest.Note, err
}
