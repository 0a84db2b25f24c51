package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"time"

	"limen/internal/backup"
	"limen/internal/seal"
)

type backupCmd struct {
	siteFlags
	kekFlags
	Dir    string `arg:"" optional:"" help:"Folder of the backups; a new one is made in it, named by its time." type:"path"`
	Keep   int    `help:"How many backups to keep in the folder; older ones are removed (0 keeps all)." default:"0"`
	KeysTo string `name:"keys" help:"Copy keys.db to this file as well, replacing what is there. Put it on another disk than the backups." type:"path"`
}

// Help says what a backup holds, and what must be kept apart from it.
func (backupCmd) Help() string {
	return `Copies the record while the server runs: one consistent state, synced, whole or not at all.

A backup holds no keys: neither keys.db nor the keyset (kek), nor the audit log's signing key
(audit.key). Without keys.db and kek nobody reads a name or a face in it, and whatever is
erased later is erased from it too. So keep three things in three places:

  backups          limen backup /backups --keep 30, as many as you like
  keys.db          --keys FILE, on another disk: ONE copy, replaced each time. An older copy
                   brings back data keys that were destroyed, and with them what was erased.
  kek, audit.key   copied once, when they are made and after limen kek rotate; offline

PostgreSQL is backed up by its own means: docs/backup.md. There, limen backup --keys FILE
copies the data keys alone.

Examples:
  limen backup /backups --keep 30 --keys /other-disk/keys.db
  limen backup --keys /other-disk/keys.db --store postgres://…`
}

// Run makes the backup, then the copy of the keys: so they are never older.
func (c *backupCmd) Run(ctx context.Context, io *streams) error {
	switch {
	case c.Dir == "" && c.KeysTo == "":
		return errors.New("name the folder of the backups, or --keys FILE")
	case c.Dir != "" && c.Store != "":
		return errors.New("PostgreSQL is backed up with pg_basebackup: see docs/backup.md; --keys FILE copies the data keys")
	case c.KeysTo != "" && c.Dir != "" && inside(c.KeysTo, c.Dir), c.KeysTo != "" && inside(c.KeysTo, c.Data):
		return errors.New("--keys: keep the data keys apart from the backups and from the data folder: who has both has what was erased")
	}
	if c.Dir != "" {
		if err := c.copy(ctx, io); err != nil {
			return err
		}
	}
	if c.KeysTo == "" {
		return nil
	}
	if err := withDataKeys(ctx, sealConfig(c.siteFlags, c.kekFlags), func(k *seal.FileKeys) error { return k.CopyTo(ctx, c.KeysTo) }); err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "Data keys copied to %s. Keep this one copy, and no older one.\n", c.KeysTo)
	return nil
}

func (c *backupCmd) copy(ctx context.Context, io *streams) error {
	progress, done := progressBar(io)
	m, err := backup.Make(ctx, backup.Options{Data: c.Data, To: c.Dir, Keep: c.Keep, Now: time.Now(), Progress: progress})
	done()
	if err != nil {
		return err
	}
	fmt.Fprintf(io.Out, "Backup %s: %.1f MB, %d leaves of the audit log.\n", m.Dir, float64(m.Manifest.Bytes)/1e6, m.Manifest.Leaves)
	for _, name := range m.Removed {
		fmt.Fprintf(io.Out, "Removed %s.\n", name)
	}
	return nil
}

// inside reports whether a file lies in a folder.
func inside(file, dir string) bool {
	rel, err := filepath.Rel(dir, file)
	return err == nil && filepath.IsLocal(rel)
}
