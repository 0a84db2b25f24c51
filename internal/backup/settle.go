package backup

import (
	"context"
	"errors"
	"fmt"
	"os"

	"limen/audit"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/check"
	"limen/internal/notary"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/internal/store/postgres"
)

// SettleReport says what became of a restored record.
type SettleReport struct {
	Leaves  int64 // of the audit log, as it was restored
	Settled app.Settled
	// Held is how many leaves the witness has seen, Lost how many of them are
	// not there any more; Witnessed is false if none was asked.
	Witnessed  bool
	Held, Lost int64
	Check      *check.Report
}

// SettleServer settles the record in a PostgreSQL database that was restored
// by the server's own means: what Restore does once the store's files are
// there. No limen may be running on it.
func SettleServer(ctx context.Context, address string, o SettleOptions) (r SettleReport, err error) {
	o = o.defaults()
	o.Keys.Existing = true
	keys, err := seal.OpenKeys(ctx, o.Keys)
	if err != nil {
		return r, err
	}
	st, err := postgres.Open(ctx, address, seal.Vault{Keys: keys, Indexer: keys})
	if err != nil {
		return r, errors.Join(err, keys.Close())
	}
	restored := Restored{}
	err = o.run(ctx, st, keys, &restored)
	return restored.SettleReport, errors.Join(err, closeBoth(st, keys))
}

// run compares the record with the witness before anything is written to it,
// then erases again what was erased, sweeps, and verifies all.
func (o SettleOptions) run(ctx context.Context, st *store.Store, keys *seal.FileKeys, r *Restored) error {
	err := st.Read(ctx, func(tx *store.Tx) (err error) { r.Leaves, _, err = tx.LogSize(); return err })
	if err != nil {
		return err
	}
	held, err := o.witness(ctx, st, &r.SettleReport)
	if err != nil {
		return err
	}
	if r.Settled, err = app.Settle(ctx, st, keys, o.Now, o.NewestKeys); err != nil {
		return err
	}
	c := check.Options{Now: o.Now(), Keys: keys, Deep: true, Held: held, Progress: o.Progress}
	if key, err := notary.ReadKey(o.AuditKey); err == nil {
		c.Signers = key.Verifiers()
	} else if errs.CodeOf(err) != "audit-key-missing" {
		return err
	}
	if r.Check, err = check.Run(ctx, st, c); err != nil {
		return err
	}
	if r.Check.Total > 0 && !o.Despite {
		return errs.New(errs.Broken, "restore-violations", "the restored record is not as it must be (%d violations); it was not put in place", r.Check.Total)
	}
	return nil
}

// witness holds the log against the witness's checkpoints and returns those
// that it must agree with. If entries are lost, somebody must have accepted
// that: Broken error "restore-loss".
//
// What a crash leaves: nothing, or after an accepted loss a witness that
// already knows of it; a restore that is begun anew asks again, and the loss
// stands at the witness twice.
func (o SettleOptions) witness(ctx context.Context, st *store.Store, r *SettleReport) ([]audit.Checkpoint, error) {
	if o.Witness == "" {
		return nil, nil
	}
	w, err := notary.OpenWitness(o.Witness)
	if err != nil {
		return nil, err
	}
	key, err := notary.ReadKey(o.AuditKey)
	if err != nil {
		return nil, err
	}
	latest, err := w.Latest(ctx)
	if err != nil {
		return nil, err
	}
	r.Witnessed = true
	err = st.Read(ctx, func(tx *store.Tx) error { return notary.Compare(tx, key, w, latest) })
	if code := errs.CodeOf(err); code != "" && code != "audit-rolled-back" && code != "audit-forked" {
		return nil, err
	}
	if latest != nil {
		seen, err := audit.OpenCheckpoint(latest, key.Verifiers())
		if err != nil {
			return nil, err
		}
		r.Held, r.Lost = seen.Size, max(0, seen.Size-r.Leaves)
	}
	var all []audit.Checkpoint
	if errs.CodeOf(err) != "audit-forked" {
		var herr error
		if all, herr = held(ctx, st, w, key, r.Leaves); herr != nil || err == nil {
			return all, herr
		}
	}
	if o.Reason == "" || o.By == "" {
		return nil, errs.New(errs.Broken, "restore-loss", "%s If that is known and accepted: --accept-loss REASON --by NAME", o.lossSays(r))
	}
	_, err = notary.AcceptLoss(ctx, notary.Config{Store: st, KeyFile: o.AuditKey, Witness: w, Now: o.Now}, o.Reason, o.By)
	return all, err
}

func (o SettleOptions) lossSays(r *SettleReport) string {
	if r.Lost == 0 {
		return fmt.Sprintf("The log with its %d leaves is not the one that the witness has seen.", r.Leaves)
	}
	return fmt.Sprintf("The witness has seen %d leaves of the audit log, the backup has %d: %d entries are lost.", r.Held, r.Leaves, r.Lost)
}

// held returns the witness's checkpoints up to size: earlier states that the
// log must begin with.
func held(ctx context.Context, st *store.Store, w notary.Witness, key *notary.Key, size int64) (all []audit.Checkpoint, err error) {
	var history string
	err = st.Read(ctx, func(tx *store.Tx) (err error) { history, err = notary.History(tx); return err })
	if err != nil {
		return nil, err
	}
	notes, err := w.Held(ctx, history)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	for _, n := range notes {
		c, err := audit.OpenCheckpoint(n, key.Verifiers())
		if err != nil {
			return nil, errs.New(errs.Broken, "witness-signature", "a checkpoint of the witness is not one that this log's key signed: %w", err)
		}
		if c.Size <= size {
			all = append(all, c)
		}
	}
	return all, nil
}
