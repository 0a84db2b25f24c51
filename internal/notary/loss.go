package notary

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
)

// Restored is the action of the entry that AcceptLoss appends.
const Restored = "restored"

// Loss is how a restore that lost entries stands in the audit log.
type Loss struct {
	// Kept is the log as it was restored.
	Kept Extent `json:"kept"`
	// Held is what the witness holds, if it does not agree with it: a log that
	// was longer, or went on in another way.
	Held   *Extent `json:"held,omitempty"`
	Reason string  `json:"reason"`
}

// Extent is a log at a size.
type Extent struct {
	Size int64     `json:"size"`
	Root tlog.Hash `json:"root"`
	At   time.Time `json:"at,omitzero"` // when it was signed
}

// maxReason bounds the stated reason, in bytes.
const maxReason = 1000

// AcceptLoss says that the log is known to lack what the witness holds, as
// after a restore of a backup: it appends an entry that names both, signs it,
// and starts a new history at the witness. The old one stays beside it, and the
// witness's latest is kept under lost/. Who holds a receipt of a lost entry
// still has the proof that it was there.
//
// It needs the store for itself: no server may be running. by is who says so,
// reason why; no names of travelers belong in it. The error is Invalid (code
// "reason") without a reason, Unavailable ("witness-away") if the witness cannot
// be reached, else one of Open's.
//
// What a crash leaves: before the entry is durable nothing; after it a witness
// that does not agree yet, so start-up refuses again, and AcceptLoss can be
// called again: the entry stands twice then.
func AcceptLoss(ctx context.Context, c Config, reason, by string) (Loss, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || len(reason) > maxReason {
		return Loss{}, errs.New(errs.Invalid, "reason", "a loss is accepted for a reason of 1 to %d bytes", maxReason)
	}
	n, err := begin(ctx, c)
	if err != nil {
		return Loss{}, err
	}
	loss, held, err := n.loss(ctx, reason)
	if err != nil {
		return loss, err
	}
	if err := n.record(ctx, loss, by); err != nil {
		return loss, err
	}
	if _, _, err := n.Signed(ctx, loss.Kept.Size); err != nil {
		return loss, err
	}
	return loss, n.restart(ctx, loss, held)
}

// loss compares the log with the witness's latest checkpoint.
func (n *Notary) loss(ctx context.Context, reason string) (l Loss, held []byte, err error) {
	if n.Witness != nil {
		if held, err = n.Witness.Latest(ctx); err != nil {
			return l, nil, err
		}
	}
	var now audit.Checkpoint
	err = n.Store.Read(ctx, func(tx *store.Tx) (err error) { now, err = grown(tx, n.last, n.key.Origin()); return err })
	if err != nil {
		return l, nil, err
	}
	l = Loss{Kept: Extent{Size: now.Size, Root: now.Root}, Reason: reason}
	if held == nil {
		return l, nil, nil
	}
	switch err := n.compare(ctx, held); errs.CodeOf(err) {
	case "":
		return l, held, err
	case "audit-rolled-back", "audit-forked":
	default:
		return l, nil, err
	}
	c, err := audit.OpenCheckpoint(held, n.key.Verifiers())
	l.Held = &Extent{c.Size, c.Root, c.At}
	return l, held, err
}

// record appends the entry, and from now on the history has another name.
func (n *Notary) record(ctx context.Context, l Loss, by string) error {
	detail, err := json.Marshal(l)
	if err != nil {
		return err
	}
	at := n.Now()
	return n.Store.Write(ctx, func(tx *store.Tx) error {
		if l.Held != nil {
			if err := tx.PutSetting(historySetting, firstHistory+"-"+stamp(at)); err != nil {
				return err
			}
		}
		return tx.Audit(audit.Entry{At: at, Actor: by, Action: Restored, Subject: n.key.Origin(), Purpose: "administration", Detail: detail})
	})
}

// restart keeps what the witness held and gives it what is true now.
func (n *Notary) restart(ctx context.Context, l Loss, held []byte) error {
	if n.Witness == nil {
		return nil
	}
	if l.Held != nil {
		if err := n.Witness.Put(ctx, fmt.Sprintf("lost/%s-%015d", stamp(n.Now()), l.Held.Size), held); err != nil {
			return err
		}
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if err := n.chronicle(ctx, n.last, n.note); err != nil {
		return err
	}
	if err := n.Witness.Put(ctx, latestName, n.note); err != nil {
		return err
	}
	return n.remember(ctx)
}

func stamp(at time.Time) string { return strings.ToLower(at.UTC().Format("20060102T150405Z")) }
