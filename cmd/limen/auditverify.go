package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/notary"
	"limen/internal/seal"
	"limen/internal/store"
)

type auditVerifyCmd struct {
	auditSite
	kekFlags
	LeavesOnly bool `help:"Leave out what opens the leaves; no data keys are needed then."`
}

// Help says what is verified, and what only a witness can show.
func (auditVerifyCmd) Help() string {
	return `Every leaf is hashed again, every stored hash and checkpoint compared, and every entry held
against the leaf that commits to it. The first bad leaf is named, and the exit status is 1.
With --witness the checkpoints held there are compared, too: only they show that a log was set
back, or rewritten and signed anew.

limen-verify does the same from an export, for those who do not trust this program.

Examples:
  limen audit verify
  limen audit verify --witness /mnt/witness`
}

// Run verifies the log.
func (c *auditVerifyCmd) Run(ctx context.Context, io *streams) error {
	var held [][]byte
	var w notary.Witness
	var err error
	if c.Witness != "" {
		if w, err = c.witness(); err != nil {
			return err
		}
	}
	verify := func(v store.Vault) error {
		return c.open(ctx, v, func(st *store.Store, key *notary.Key) error {
			if held, err = holds(ctx, st, key, w); err != nil {
				return err
			}
			return c.verify(ctx, io, st, key, held)
		})
	}
	if c.LeavesOnly {
		return verify(nil)
	}
	return withVault(ctx, sealConfig(c.siteFlags, c.kekFlags), verify)
}

// withVault opens the data keys, if there are any.
func withVault(ctx context.Context, c seal.Config, do func(store.Vault) error) error {
	c.Existing = true
	keys, err := seal.OpenKeys(ctx, c)
	if errs.CodeOf(err) == "keys-none" {
		return do(nil)
	}
	if err != nil {
		return err
	}
	return errors.Join(do(seal.Vault{Keys: keys, Indexer: keys}), keys.Close())
}

// holds returns what a witness holds of the log's present history.
func holds(ctx context.Context, st *store.Store, key *notary.Key, w notary.Witness) (held [][]byte, err error) {
	if w == nil {
		return nil, nil
	}
	err = st.Read(ctx, func(tx *store.Tx) error {
		history, err := notary.History(tx)
		if err != nil {
			return err
		}
		if held, err = w.Held(ctx, history); err == nil && len(held) == 0 {
			err = notary.Compare(tx, key, w, nil)
		}
		return err
	})
	return held, err
}

func (c *auditVerifyCmd) verify(ctx context.Context, io *streams, st *store.Store, key *notary.Key, held [][]byte) error {
	show, clear := progressBar(io)
	rep, err := notary.Verify(ctx, st, key, held, show.of("leaves verified"))
	clear()
	if err != nil {
		return err
	}
	var opened notary.Opened
	if !c.LeavesOnly {
		show, clear := progressBar(io)
		opened, err = notary.Openings(ctx, st, 0, time.Now(), func(done int64) { show("entries verified", done, rep.Size) })
		clear()
		if err != nil {
			return err
		}
	}
	c.print(io, key, rep, opened)
	return nil
}

func (c *auditVerifyCmd) print(io *streams, key *notary.Key, rep audit.Report, o notary.Opened) {
	fmt.Fprintf(io.Out, "The audit log %s is good.\n", key.Origin())
	fmt.Fprintf(io.Out, "  leaves       %d, root %s\n", rep.Size, rep.Root)
	fmt.Fprintf(io.Out, "  checkpoints  %d, the latest of %d leaves, signed %s\n", rep.Checkpoints, rep.Newest.Size, rep.Newest.At.Format("2006-01-02 15:04:05 MST"))
	fmt.Fprintf(io.Out, "  not signed   %d leaves after it\n", rep.Unsigned)
	if !c.LeavesOnly {
		fmt.Fprintf(io.Out, "  entries      %d are what their leaves commit to, %d are erased\n", o.Good, o.Erased)
	}
	if c.Witness == "" {
		fmt.Fprintln(io.Out, "  witness      none: that the log was not set back or rewritten by who has its key is not shown")
	} else {
		fmt.Fprintf(io.Out, "  witness      %d checkpoints held there agree\n", rep.Held)
	}
	if rep.Backward > 0 {
		fmt.Fprintf(io.Out, "  clock        set back at %d leaves, first at leaf %d\n", rep.Backward, rep.BackwardAt)
	}
}

type auditWitnessCmd struct {
	auditSite
	AcceptLoss string `help:"Say why the log lacks what the witness holds, such as a restored backup, and go on from here. No server may be running." placeholder:"REASON"`
}

// Help says when to accept a loss, and what that leaves for good.
func (auditWitnessCmd) Help() string {
	return `limen serve compares the log with its witness before it starts, and refuses to start if the
witness holds a longer log (it was set back) or another (it was rewritten, or two copies of one
installation run). Find out why. Only if it is known, as after the restore of a backup:
  limen audit witness --witness /mnt/witness --accept-loss "disk failed; backup of 2026-11-23"

That appends an entry which names both logs, and starts a new history at the witness beside the
old one. Names of travelers do not belong in the reason.`
}

// Run compares, or accepts a loss.
func (c *auditWitnessCmd) Run(ctx context.Context, io *streams) error {
	w, err := c.witness()
	if err != nil {
		return err
	}
	if c.AcceptLoss != "" {
		return c.accept(ctx, io)
	}
	return c.open(ctx, nil, func(st *store.Store, key *notary.Key) error {
		note, err := w.Latest(ctx)
		if err != nil {
			return err
		}
		var size int64
		err = st.Read(ctx, func(tx *store.Tx) (err error) {
			if err = notary.Compare(tx, key, w, note); err == nil {
				size, _, err = tx.LogSize()
			}
			return err
		})
		if err != nil {
			return err
		}
		if note == nil {
			fmt.Fprintln(io.Out, "The witness holds no checkpoint yet.")
			return nil
		}
		held, err := audit.OpenCheckpoint(note, key.Verifiers())
		if err != nil {
			return err
		}
		fmt.Fprintf(io.Out, "The witness agrees: it holds a checkpoint of %d leaves, signed %s, and the log of %d leaves begins with them.\n",
			held.Size, held.At.Format("2006-01-02 15:04:05 MST"), size)
		return nil
	})
}

func (c *auditWitnessCmd) accept(ctx context.Context, io *streams) error {
	loss, err := app.AcceptLoss(ctx, app.Config{Dir: c.Data, Store: c.Store, AuditKey: c.AuditKey, Witness: c.Witness}, c.AcceptLoss, "operator")
	if err != nil {
		return err
	}
	if loss.Held == nil {
		fmt.Fprintf(io.Out, "The witness agreed. The entry of a restore is in the log, which has %d leaves besides.\n", loss.Kept.Size)
		return nil
	}
	fmt.Fprintf(io.Out, "The loss is in the log: it kept %d leaves, the witness held %d. A new history begins at the witness; the old one stays beside it.\n", loss.Kept.Size, loss.Held.Size)
	return nil
}
