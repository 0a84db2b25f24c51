package backup_test

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"limen/internal/backup"
	"limen/internal/check/checktest"
	"limen/internal/notary"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/internal/store/pgtest"
)

// TestPostgres does what docs/backup.md says: pg_basebackup of a cluster that
// serves, something erased afterwards, the copy started, and settled with the
// keys of today: it is clean, and what was erased stays erased.
func TestPostgres(t *testing.T) {
	server, copied := pgtest.StartOwn(t, pgtest.Options{}), t.TempDir()
	s := checktest.New(t, server.Database(t))
	checktest.HistoryWith(s, func() {
		s.Start()
		baseBackup(t, server.URL("postgres"), filepath.Join(copied, "base"))
		s.Stop()
	})
	of := databaseOf(s.Address)
	second := pgtest.StartOwn(t, pgtest.Options{})
	replace(t, second, filepath.Join(copied, "base"))
	o := backup.SettleOptions{Keys: seal.Config{Dir: moved(t, s)}, Now: func() time.Time { return s.Clock }}
	o.AuditKey = filepath.Join(o.Keys.Dir, notary.KeyFile)
	r, err := backup.SettleServer(t.Context(), second.URL(of), o)
	if err != nil {
		t.Fatalf("%v: %+v", err, r.Check)
	}
	if r.Check.Total != 0 || r.Settled.Records == 0 || r.Settled.Items == 0 {
		t.Errorf("%+v, %+v", r.Settled, r.Check)
	}
	s.Address, s.Dir = second.URL(of), o.Keys.Dir
	s.Open(func(st *store.Store, _ *seal.FileKeys) {
		err := st.Read(context.Background(), func(tx *store.Tx) error {
			return tx.Rows(func(row func(...any) error) error {
				var left int
				if err := row(&left); err != nil || left != 0 {
					t.Errorf("%d sealed values are left: %v", left, err)
				}
				return nil
			}, dueBy, s.Clock.UnixMicro())
		})
		if err != nil {
			t.Error(err)
		}
	})
	for _, canary := range []string{checktest.Surname, checktest.Officer, checktest.Reason, "CANARYGIVEN"} {
		scan(t, copied, canary)
		scan(t, second.DataDir(), canary)
	}
}

func databaseOf(address string) string {
	_, rest, _ := strings.Cut(address, ":///")
	name, _, _ := strings.Cut(rest, "?")
	return name
}

// baseBackup copies a running cluster into dir.
func baseBackup(t *testing.T, address, dir string) {
	t.Helper()
	program, err := exec.LookPath("pg_basebackup")
	if err != nil {
		found, _ := filepath.Glob("/usr/lib/postgresql/*/bin/pg_basebackup")
		if len(found) == 0 {
			t.Skip("not run: pg_basebackup is missing (Debian: apt-get install postgresql)")
		}
		slices.Sort(found)
		program = found[len(found)-1]
	}
	out, err := exec.CommandContext(t.Context(), program, "--dbname", address, "--pgdata", dir, "--wal-method", "stream", "--checkpoint", "fast").CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, out)
	}
}

// replace makes a server that of a copied cluster; its own configuration stays.
func replace(t *testing.T, server *pgtest.Server, base string) {
	t.Helper()
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	data := server.DataDir()
	info, err := os.Stat(data)
	if err != nil {
		t.Fatal(err)
	}
	conf, err := os.ReadFile(filepath.Join(data, "postgresql.conf"))
	if err != nil {
		t.Fatal(err)
	}
	entries, err := os.ReadDir(data)
	for _, e := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(data, e.Name())))
	}
	if err = errors.Join(err, os.CopyFS(filepath.Join(data, "new"), os.DirFS(base))); err != nil {
		t.Fatal(err)
	}
	entries, err = os.ReadDir(filepath.Join(data, "new"))
	for _, e := range entries {
		err = errors.Join(err, os.Rename(filepath.Join(data, "new", e.Name()), filepath.Join(data, e.Name())))
	}
	err = errors.Join(err, os.Remove(filepath.Join(data, "new")), os.WriteFile(filepath.Join(data, "postgresql.conf"), conf, 0o600))
	owner := info.Sys().(*syscall.Stat_t)
	err = errors.Join(err, filepath.WalkDir(data, func(path string, d fs.DirEntry, err error) error {
		mode := fs.FileMode(0o600)
		if err == nil && d.IsDir() {
			mode = 0o700
		}
		return errors.Join(err, os.Chmod(path, mode), os.Lchown(path, int(owner.Uid), int(owner.Gid)))
	}), server.Restart(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
}
