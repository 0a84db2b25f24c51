package main

import (
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/check"
	"limen/internal/seal"
	"limen/internal/store"
)

type storeCmd struct {
	Check storeCheckCmd `cmd:"" help:"Verify every invariant of the record, beside a running server."`
}

type storeCheckCmd struct {
	auditSite
	kekFlags
	Deep bool `help:"Open every sealed value as well."`
	JSON bool `name:"json" help:"Print JSON."`
}

// Help says what is verified.
func (storeCheckCmd) Help() string {
	return `Reads the whole record once, as one unchanging state, and verifies that

  every crossing is what its leaf in the audit log says, has its outbox row, its decision,
  its capture and its stay, and every one of these its crossing;
  the log is contiguous, its hashes and checkpoints follow from its leaves, and every entry
  is the one its leaf commits to;
  the recommendation behind every decision follows again from what the log keeps of it;
  nothing is kept past its time, and what is erased is gone, keys included;
  every data key that is needed is there, and with --deep everything sealed opens.

It changes nothing, prints no personal data, and exits with 1 if anything is violated. What
needs the data keys is left out, and said to be, where keys.db is not at hand.

Examples:
  limen store check
  limen store check --deep --data /srv/limen
  limen store check --store postgres://limen@db.example/limen --witness /witness`
}

// Run checks the record.
func (c *storeCheckCmd) Run(ctx context.Context, io *streams) error {
	o := check.Options{Now: time.Now(), Deep: c.Deep}
	var done func()
	o.Progress, done = progressBar(io)
	r, err := c.check(ctx, o)
	done()
	if err != nil {
		return err
	}
	if err := c.print(io, r); err != nil {
		return err
	}
	if r.Total > 0 {
		return errs.New(errs.Broken, "store-violated", "the record is not as it must be: keep a copy of the data folder as it is before anything else")
	}
	return nil
}

func (c *storeCheckCmd) print(io *streams, r *check.Report) error {
	if c.JSON {
		e := json.NewEncoder(io.Out)
		e.SetIndent("", "  ")
		return e.Encode(r)
	}
	return r.Print(io.Out)
}

// check opens the record beside a server, with its keys if they are there.
func (c *storeCheckCmd) check(ctx context.Context, o check.Options) (r *check.Report, err error) {
	if err := there(c.siteFlags); err != nil {
		return nil, err
	}
	var vault store.Vault
	conf := sealConfig(c.siteFlags, c.kekFlags)
	conf.Existing = true
	keys, err := seal.OpenKeys(ctx, conf)
	switch {
	case errs.CodeOf(err) == "keys-none":
	case err != nil:
		return nil, err
	default:
		defer func() { err = errors.Join(err, keys.Close()) }()
		vault, o.Keys = seal.Vault{Keys: keys, Indexer: keys}, keys
	}
	st, err := app.OpenBeside(ctx, c.Data, c.Store, vault)
	if err != nil {
		return nil, err
	}
	if err = c.signed(ctx, st, &o); err == nil {
		r, err = check.Run(ctx, st, o)
	}
	return r, errors.Join(err, st.Close())
}

// there refuses a data folder without a store: opening it would make one.
func there(s siteFlags) error {
	if s.Store != "" {
		return nil
	}
	if _, err := os.Stat(filepath.Join(s.Data, "limen.db")); err != nil {
		return errs.New(errs.NotFound, "store-none", "there is no limen.db in the data folder %s", s.Data)
	}
	return nil
}

// signed adds the log's key, if its file is there, and what the witness holds.
func (c *storeCheckCmd) signed(ctx context.Context, st *store.Store, o *check.Options) error {
	key, err := c.key()
	if errs.CodeOf(err) == "audit-key-missing" && c.Witness == "" {
		return nil
	}
	if err != nil {
		return err
	}
	o.Signers = key.Verifiers()
	if c.Witness == "" {
		return nil
	}
	w, err := c.witness()
	if err != nil {
		return err
	}
	notes, err := holds(ctx, st, key, w)
	if err != nil {
		return err
	}
	for _, n := range notes {
		held, err := audit.OpenCheckpoint(n, o.Signers)
		if err != nil {
			return errs.New(errs.Broken, "witness-signature", "a checkpoint of the witness is not one that this log's key signed: %w", err)
		}
		o.Held = append(o.Held, held)
	}
	return nil
}
