package notary

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
)

// witnessSetting is the setting that tells which witness was pushed to,
// historySetting under which name its history runs.
const (
	witnessSetting = "audit-witness"
	historySetting = "audit-history"
)

// compare holds the log against the latest checkpoint of the witness.
func (n *Notary) compare(ctx context.Context, held []byte) error {
	return n.Store.Read(ctx, func(tx *store.Tx) error { return Compare(tx, n.key, n.Witness, held) })
}

// Compare holds the log against a witness's latest checkpoint, nil if it has
// none. Broken errors: "audit-rolled-back" if the witness's is of more leaves
// than the log has, "audit-forked" if it is of other leaves,
// "witness-signature" if it is not signed by the log's key, "witness-empty" if
// there is none though one was pushed.
func Compare(tx *store.Tx, key *Key, w Witness, held []byte) error {
	if held == nil {
		was, err := tx.Setting(witnessSetting)
		if err == nil && was == digest(w) {
			err = errs.New(errs.Broken, "witness-empty", "the witness has no checkpoint of the audit log, but had one: is its disk mounted? Another place starts anew")
		}
		return err
	}
	c, err := audit.OpenCheckpoint(held, key.Verifiers())
	if err != nil {
		return errs.New(errs.Broken, "witness-signature", "the witness's checkpoint is not one that this log's key signed: %w", err)
	}
	size, _, err := tx.LogSize()
	if err != nil {
		return err
	}
	if c.Size > size {
		return errs.New(errs.Broken, "audit-rolled-back", "the witness holds a checkpoint of %d leaves, signed %s, but the audit log has %d: it was set back. If it is known why: limen audit witness --accept-loss",
			c.Size, c.At.Format("2006-01-02 15:04:05 MST"), size)
	}
	ours, err := at(audit.Stored(tx.LogHashes), c.Size, key.Origin())
	if err != nil {
		return err
	}
	if ours.Root != c.Root {
		return errs.New(errs.Broken, "audit-forked", "the witness holds a checkpoint of %d leaves, signed %s, that are not those of this audit log: it was rewritten, or is another copy's",
			c.Size, c.At.Format("2006-01-02 15:04:05 MST"))
	}
	return nil
}

// digest is how a witness is named in the store: an address may have a name in
// it.
func digest(w Witness) string {
	sum := sha256.Sum256([]byte(w.ID()))
	return hex.EncodeToString(sum[:])
}

func asBad(err error) (audit.BadIndex, bool) { return errors.AsType[audit.BadIndex](err) }
