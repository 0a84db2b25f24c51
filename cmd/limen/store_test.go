package main

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/backup"
	"limen/internal/check/checktest"
	"limen/internal/store/sqlite"
)

// run runs a command and returns what it printed.
func run(t *testing.T, c interface {
	Run(context.Context, *streams) error
}) (string, error) {
	t.Helper()
	var out, err bytes.Buffer
	failed := c.Run(t.Context(), &streams{Out: &out, Err: &err})
	if err.Len() > 0 {
		t.Errorf("off a terminal nothing is shown beside: %q", err.String())
	}
	return out.String(), failed
}

func checkOf(dir string) *storeCheckCmd {
	c := &storeCheckCmd{Deep: true}
	c.Data = dir
	return c
}

// TestBackupAndRestoreByCommand lives a data folder through check, backup,
// loss and restore.
func TestBackupAndRestoreByCommand(t *testing.T) {
	s := checktest.New(t, "")
	s.Today = time.Now().Add(-6 * time.Minute)
	checktest.History(s)
	out, err := run(t, checkOf(s.Dir))
	if err != nil || !strings.Contains(out, "Everything that was checked is as it must be.") || strings.Contains(out, "not checked") {
		t.Fatalf("%v\n%s", err, out)
	}
	to, keys := filepath.Join(t.TempDir(), "backups"), filepath.Join(t.TempDir(), "keys.db")
	b := &backupCmd{Dir: to, Keep: 2, KeysTo: keys}
	b.Data = s.Dir
	if out, err = run(t, b); err != nil || !strings.Contains(out, "leaves of the audit log") || !strings.Contains(out, "no older one") {
		t.Fatalf("%v\n%s", err, out)
	}
	made, err := backup.Generations(to)
	if err != nil || len(made) != 1 {
		t.Fatal(made, err)
	}
	r := &restoreCmd{Backup: filepath.Join(to, made[0]), KeysFrom: keys}
	r.Data, r.KEK, r.AuditKey = filepath.Join(t.TempDir(), "new"), filepath.Join(s.Dir, "kek"), filepath.Join(s.Dir, "audit.key")
	if out, err = run(t, r); err != nil || !strings.Contains(out, "Restored.") || !strings.Contains(out, "No witness was asked") {
		t.Fatalf("%v\n%s", err, out)
	}
	again := checkOf(r.Data)
	again.KEK, again.AuditKey = r.KEK, r.AuditKey
	if out, err = run(t, again); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
}

// A violation is named and makes the exit status 1.
func TestStoreCheckFindsAndFails(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	db, err := sql.Open("sqlite", sqlite.URI(filepath.Join(s.Dir, sqlite.File)))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := db.Exec(`UPDATE crossings SET point = 'GATE-9' WHERE corrects <> ''`); err != nil || db.Close() != nil {
		t.Fatal(err)
	}
	out, err := run(t, checkOf(s.Dir))
	if errs.CodeOf(err) != "store-violated" || !strings.Contains(out, "VIOLATION  crossing-altered") || strings.Contains(out, checktest.Surname) {
		t.Errorf("%v\n%s", err, out)
	}
	if _, err := run(t, checkOf(t.TempDir())); errs.CodeOf(err) != "store-none" {
		t.Error(err)
	}
}

func TestBackupRefuses(t *testing.T) {
	dir := t.TempDir()
	for name, c := range map[string]backupCmd{
		"nothing to do":          {},
		"keys among the backups": {Dir: dir, KeysTo: filepath.Join(dir, "keys.db")},
	} {
		c.Data = filepath.Join(dir, "data")
		if _, err := run(t, &c); err == nil {
			t.Errorf("taken: %s", name)
		}
	}
	c := backupCmd{Dir: dir}
	c.Store = "postgres:///x"
	if _, err := run(t, &c); err == nil || !strings.Contains(err.Error(), "pg_basebackup") {
		t.Error(err)
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 0 {
		t.Error(entries, err)
	}
	for name, c := range map[string]restoreCmd{"nothing": {}, "a reason of nobody": {Backup: dir, AcceptLoss: "fire"}} {
		if _, err := run(t, &c); err == nil {
			t.Errorf("taken: %s", name)
		}
	}
}
