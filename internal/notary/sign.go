package notary

import (
	"context"

	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
)

// extend proves that the log begins with what was signed last, then signs it as
// it is now.
//
// What a crash leaves: before the write the last checkpoint; after it the new
// one, which the witness gets after the next start. The leaves that it speaks
// of were durable before: nothing unsigned can become signed by a crash.
func (n *Notary) extend(ctx context.Context) error {
	var c audit.Checkpoint
	err := n.Store.Read(ctx, func(tx *store.Tx) (err error) { c, err = grown(tx, n.last, n.key.Origin()); return err })
	if err != nil {
		return err
	}
	c.At = n.Now()
	note, err := c.Sign(n.key.signer)
	if err != nil {
		return errs.New(errs.Broken, "audit-sign", "the checkpoint cannot be signed: %w", err)
	}
	err = n.Store.Write(ctx, func(tx *store.Tx) error {
		return tx.PutCheckpoint(store.Checkpoint{Size: c.Size, At: c.At, Note: note})
	})
	if err != nil {
		return err
	}
	n.last, n.note, n.signed = c, note, c.At
	n.Metrics.Leaves.Set(float64(c.Size))
	n.Metrics.Signed.Set(float64(c.At.UnixMilli()) / 1000)
	n.offer(note)
	return nil
}

// grown returns the log as it is now if it begins with the log at last.
func grown(tx *store.Tx, last audit.Checkpoint, origin string) (c audit.Checkpoint, err error) {
	size, _, err := tx.LogSize()
	if err != nil {
		return c, err
	}
	if size < last.Size {
		return c, altered("it has %d leaves, but %d were signed", size, last.Size)
	}
	hashes := audit.Stored(tx.LogHashes)
	if c, err = at(hashes, size, origin); err != nil || last.Size == 0 {
		return c, err
	}
	proof, err := audit.Consistency(hashes, last.Size, size)
	if err != nil {
		return c, damaged(err)
	}
	if err := audit.CheckConsistency(proof, last, c); err != nil {
		return c, altered("%w", err)
	}
	return c, nil
}

// at returns the log of the first size leaves after its stored hashes.
func at(r tlog.HashReader, size int64, origin string) (audit.Checkpoint, error) {
	t, err := audit.OpenTree(size, r)
	if err != nil {
		return audit.Checkpoint{}, damaged(err)
	}
	return audit.Checkpoint{Origin: origin, Size: size, Root: t.Root()}, nil
}

func altered(format string, args ...any) error {
	return errs.New(errs.Broken, "audit-altered", "the audit log is not the one that was signed: "+format, args...)
}

// damaged classifies an error of reading stored hashes: one of the store's own
// says nothing about the log, but that a row is missing.
func damaged(err error) error {
	if code := errs.CodeOf(err); code != "" && code != "audit-gap" {
		return err
	}
	return altered("%w", err)
}

// Signed returns a signed checkpoint that speaks of more than index leaves: the
// latest, or one that is signed now. Errors: those of the store;
// "audit-altered", and the store stops.
func (n *Notary) Signed(ctx context.Context, index int64) (audit.Checkpoint, []byte, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.Store.Err(); err != nil {
		return audit.Checkpoint{}, nil, err
	}
	if n.note == nil || n.last.Size <= index {
		if err := n.extend(ctx); err != nil {
			if !passing(ctx, err) {
				err = n.alarm(err)
			}
			return audit.Checkpoint{}, nil, err
		}
	}
	return n.last, n.note, nil
}
