package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/notary"
	"limen/internal/store"
	"limen/internal/store/sqlite"
	"limen/travel"
)

type auditCmd struct {
	Key     auditKeyCmd     `cmd:"" help:"Print the public key that verifies the audit log."`
	Export  auditExportCmd  `cmd:"" help:"Write the whole log to a file that anyone can verify; no personal data."`
	Verify  auditVerifyCmd  `cmd:"" help:"Verify the log in the store, leaf by leaf."`
	Receipt auditReceiptCmd `cmd:"" help:"Write the receipt of a crossing: what is recorded, and the proof."`
	Witness auditWitnessCmd `cmd:"" help:"Compare the log with what its witness holds."`
}

// Help says what the audit log is and how it is verified without trust in limen.
func (auditCmd) Help() string {
	return `Every crossing, decision, access to a person's data, erasure and change of configuration is a
leaf of the audit log. Leaves hold commitments, no personal data. limen serve signs a
checkpoint of the log every second while it grows, and pushes it to a witness.

  limen audit key > log.pub                       hand this to those who verify
  limen audit export --out log.limen              and this, as often as they ask
  limen-verify log --key log.pub log.limen        they need nothing else of yours

Set a witness: without one, whoever has the disk and audit.key can set the log back or rewrite
it. Everything here works beside a running server.`
}

// auditFlags are what the audit log is signed with, and who else holds it.
type auditFlags struct {
	AuditKey string `name:"audit-key" help:"File of the key that signs the audit log (default: audit.key in the data folder)." type:"path" env:"LIMEN_AUDIT_KEY"`
	Witness  string `help:"Second place that holds checkpoints: a folder on another disk, or an https:// URL that takes PUT." placeholder:"DIR|URL" env:"LIMEN_WITNESS"`
}

// auditSite is an installation whose log is looked at.
type auditSite struct {
	siteFlags
	auditFlags
}

func (s auditSite) key() (*notary.Key, error) {
	path := s.AuditKey
	if path == "" {
		path = filepath.Join(s.Data, notary.KeyFile)
	}
	return notary.ReadKey(path)
}

// open opens the record that is there; it makes none.
func (s auditSite) open(ctx context.Context, v store.Vault, do func(*store.Store, *notary.Key) error) error {
	if _, err := os.Stat(filepath.Join(s.Data, sqlite.File)); err != nil && s.Store == "" {
		return fmt.Errorf("there is no record in %s: is --data the right folder?", s.Data)
	}
	key, err := s.key()
	if err != nil {
		return err
	}
	st, err := app.OpenBeside(ctx, s.Data, s.Store, v)
	if err != nil {
		return err
	}
	return errors.Join(do(st, key), st.Close())
}

type auditKeyCmd struct{ auditSite }

// Run prints the verifier key.
func (c *auditKeyCmd) Run(io *streams) error {
	key, err := c.key()
	if err != nil {
		return err
	}
	fmt.Fprintln(io.Out, key.Public)
	return nil
}

type auditExportCmd struct {
	auditSite
	Out string `help:"File to write." required:"" type:"path" placeholder:"FILE"`
}

// Help shows who reads the file.
func (auditExportCmd) Help() string {
	return `The file has every leaf, stored hash and checkpoint, as one state of the log. It is written
under another name and renamed when it is whole.

Example:
  limen audit export --out log.limen && limen-verify log --key log.pub log.limen`
}

// Run writes the log to the file.
func (c *auditExportCmd) Run(ctx context.Context, io *streams) error {
	return c.open(ctx, nil, func(st *store.Store, key *notary.Key) error {
		partial := c.Out + ".part"
		if err := os.Remove(partial); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		f, err := os.OpenFile(partial, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
		if err != nil {
			return err
		}
		signed, all := awaitSigned(ctx, st, 3*time.Second)
		show, clear := progressBar(io)
		out := bufio.NewWriterSize(f, 1<<20)
		err = notary.Export(ctx, st, key.Origin(), out, show.of("leaves written"))
		clear()
		if err == nil {
			err = errors.Join(out.Flush(), f.Sync())
		}
		if err = errors.Join(err, f.Close()); err != nil {
			return errors.Join(err, os.Remove(partial))
		}
		if err := os.Rename(partial, c.Out); err != nil {
			return err
		}
		if signed < all {
			fmt.Fprintf(io.Err, "limen: leaves from %d on are not signed yet; limen serve signs them within a second of its start. Until then: limen-verify log --allow-unsigned\n", signed)
		}
		return nil
	})
}

// awaitSigned gives the server a moment to sign what was written last, and
// returns how many leaves are signed, of how many. An error is left to what
// reads the log next.
func awaitSigned(ctx context.Context, st *store.Store, patience time.Duration) (signed, all int64) {
	for end := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		err := st.Read(ctx, func(tx *store.Tx) (err error) {
			if all, _, err = tx.LogSize(); err != nil {
				return err
			}
			latest, err := tx.LatestCheckpoint()
			if latest != nil {
				signed = latest.Size
			}
			return err
		})
		if err != nil || signed >= all || time.Now().After(end) {
			return signed, all
		}
	}
}

type auditReceiptCmd struct {
	auditSite
	Crossing string `arg:"" help:"Id of the crossing."`
	Purpose  string `help:"Why; it stands in the audit log." required:""`
	Out      string `help:"File to write (default: standard output)." type:"path" placeholder:"FILE"`
}

// Help shows what a receipt is for.
func (auditReceiptCmd) Help() string {
	return `A receipt is a leaf of the audit log with what opens it, the proof that it is in the log, and
a signed checkpoint. Who holds it can prove the crossing for good, whatever becomes of the log.

Example:
  limen audit receipt --purpose "request of the traveler" --out receipt.json 0199…
  limen-verify receipt --key log.pub receipt.json`
}

// Run writes the receipt.
func (c *auditReceiptCmd) Run(ctx context.Context, io *streams) error {
	purpose, err := audit.ParsePurpose(c.Purpose)
	if err != nil {
		return err
	}
	key, err := c.key()
	if err != nil {
		return err
	}
	return withOffice(ctx, c.siteFlags, func(a *app.Admin) error {
		r, err := a.Receipt(ctx, key, purpose, travel.CrossingID(c.Crossing))
		if err != nil {
			return err
		}
		b, err := json.Marshal(r)
		if err != nil {
			return err
		}
		if c.Out != "" {
			return os.WriteFile(c.Out, append(b, '\n'), 0o600)
		}
		_, err = fmt.Fprintf(io.Out, "%s\n", b)
		return err
	})
}

// witness returns the witness that is set.
func (s auditSite) witness() (notary.Witness, error) {
	if s.Witness == "" {
		return nil, errs.New(errs.Invalid, "witness", "no witness is set: give --witness, or LIMEN_WITNESS")
	}
	return notary.OpenWitness(s.Witness)
}
