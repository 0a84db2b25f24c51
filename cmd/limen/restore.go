package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"limen/internal/backup"
	"limen/internal/notary"
)

type restoreCmd struct {
	siteFlags
	kekFlags
	auditFlags
	Backup     string `arg:"" optional:"" help:"Folder of one backup. Leave it out with --store, for a database that pg_basebackup brought back." type:"path"`
	KeysFrom   string `name:"keys" help:"Copy of keys.db to put into the data folder (default: it is there)." type:"path"`
	AcceptLoss string `help:"Accept that entries are lost which the witness has seen, for this reason." placeholder:"REASON"`
	By         string `help:"Who accepts it." placeholder:"NAME"`
	NewestKeys bool   `help:"keys.db is the newest there is, though it seems older than the backup."`
	Despite    bool   `name:"accept-violations" help:"Put the store in place though violations were found."`
}

// Help says what a restore does, in its order.
func (restoreCmd) Help() string {
	return `Makes a data folder of a backup. The folder has no store (one that is there is never
overwritten); keys.db, kek and audit.key are in it, or keys.db comes from its copy.

  1. The backup's bytes are held against its manifest.
  2. The audit log is held against the witness. If entries are lost, it says how many, and
     goes on only with --accept-loss REASON --by NAME, which is written to the log.
  3. What was erased after the backup was made is erased again: its data keys are gone.
     What is due by now is erased as at every start.
  4. Everything is verified (limen store check --deep). Only then the store gets its name.

Take the backup off the network and start no server on the folder meanwhile.

Examples:
  limen restore /backups/limen-20261123T150405Z --data /srv/limen
  limen restore /backups/limen-20261123T150405Z --data new \
    --keys /other-disk/keys.db --kek /key-disk/kek --witness /witness
  limen restore --store postgres://limen@db.example/limen --data /srv/limen`
}

// Run restores, or settles a database that was restored.
func (c *restoreCmd) Run(ctx context.Context, io *streams) error {
	switch {
	case (c.Backup == "") == (c.Store == ""):
		return errors.New("name either the folder of a backup, or with --store the database that was restored")
	case c.Store != "" && c.KeysFrom != "":
		return errors.New("--keys: put keys.db into the data folder first")
	case (c.AcceptLoss == "") != (c.By == ""):
		return errors.New("--accept-loss and --by belong together")
	}
	if c.AuditKey == "" {
		c.AuditKey = filepath.Join(c.Data, notary.KeyFile)
	}
	progress, done := progressBar(io)
	o := backup.SettleOptions{
		Keys:     sealConfig(c.siteFlags, c.kekFlags),
		AuditKey: c.AuditKey, Witness: c.Witness, Reason: c.AcceptLoss, By: c.By,
		NewestKeys: c.NewestKeys, Despite: c.Despite, Progress: progress,
	}
	var r backup.Restored
	var err error
	if c.Store != "" {
		r.SettleReport, err = backup.SettleServer(ctx, c.Store, o)
	} else {
		r, err = backup.Restore(ctx, backup.RestoreOptions{Backup: c.Backup, KeysFrom: c.KeysFrom, Settle: o})
	}
	done()
	return errors.Join(c.print(io, r, err), err)
}

// print says what was done, as far as it came.
func (c *restoreCmd) print(io *streams, r backup.Restored, err error) error {
	if r.Check == nil {
		return nil // the error says why
	}
	if !r.Manifest.Made.IsZero() {
		fmt.Fprintf(io.Out, "The record as of %s, %d leaves of the audit log.\n", r.Manifest.Made.Format(time.RFC3339), r.Leaves)
	} else {
		fmt.Fprintf(io.Out, "The record has %d leaves of the audit log.\n", r.Leaves)
	}
	s := r.Settled
	fmt.Fprintf(io.Out, "Erased again, because erased after the copy was made: %d records, images of %d. Data keys that had come back and were destroyed: %d.\n", s.Records, s.Items, s.Destroyed)
	switch {
	case !r.Witnessed:
		fmt.Fprintln(io.Out, "No witness was asked: whether entries are lost is not known.")
	case r.Lost > 0:
		fmt.Fprintf(io.Out, "Lost, as accepted by %s (%s): %d entries of the audit log, and what they speak of.\n", c.By, c.AcceptLoss, r.Lost)
	default:
		fmt.Fprintf(io.Out, "The witness has seen %d leaves; nothing that it has seen is lost.\n", r.Held)
	}
	if perr := r.Check.Print(io.Out); perr != nil || err != nil {
		return perr
	}
	_, err = fmt.Fprintln(io.Out, "Restored. Start the server, then make new backups and a new copy of keys.db.")
	return err
}
