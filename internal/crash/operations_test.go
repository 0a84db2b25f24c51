package crash

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"limen/internal/backup"
	"limen/internal/notary"
)

// operation is something limen does with its files: a task of a process of its
// own, whose calls are trapped.
type operation struct {
	name string
	task string
	// begin makes the installation in which it is done.
	begin func(t *testing.T, root string) *site
	// load is what is asked of a server; nil for a command.
	load func(ctx context.Context, s *site) error
	// beside says that a server runs meanwhile.
	beside bool
	// appends says that writes to the write-ahead log are only the way there: one
	// in sixteen is enough.
	appends bool
	// finish does without faults what a command may not have done.
	finish func(s *site) error
}

// Start-up, the signing of checkpoints and the end in good order belong to every
// operation of a server.
var operations = []operation{
	{name: "first-start", task: "serve", begin: func(t *testing.T, root string) *site { return emptySite(t, root, "") },
		load: func(context.Context, *site) error { return nil }},
	{name: "record", task: "serve", begin: func(t *testing.T, root string) *site { return newSite(t, root, "") },
		load: func(ctx context.Context, s *site) error { return s.newParty(ways, 0).travel(ctx) }},
	{name: "checkpoint", task: "serve", begin: fullLog, appends: true,
		load: func(ctx context.Context, s *site) error { return s.newParty(10, 0).travel(ctx) }},
	{name: "backup", task: "backup", begin: worked, beside: true, finish: (*site).backUp},
	{name: "restore", task: "restore", begin: backedUp, finish: (*site).restore},
}

// worked makes a site that has something on record.
func worked(t *testing.T, root string) *site {
	t.Helper()
	s := newSite(t, root, "")
	s.start()
	s.door.Unlock()
	if err := s.newParty(ways, 0).travel(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.stop()
	return s
}

// fullLog makes a site whose server was killed when its write-ahead log was
// long: start-up folds it into the database, and the next thousand pages are
// folded while it serves.
func fullLog(t *testing.T, root string) *site {
	t.Helper()
	s := newSite(t, root, "")
	s.start()
	s.door.Unlock()
	const page, long = 4096, 600 // pages
	for size := int64(0); size < long*page; {
		if err := s.newParty(ways, 0).travel(t.Context()); err != nil {
			t.Fatal(err)
		}
		info, err := os.Stat(filepath.Join(s.data(), "limen.db-wal"))
		if err != nil {
			t.Fatal(err)
		}
		size = info.Size()
	}
	s.kill()
	return s
}

// backUp makes a backup, and restores every backup there is: whole or absent.
func (s *site) backUp() error {
	if p := s.command("backup", childLater+"=1h"); p.ends() != 0 {
		return errors.New(p.said())
	}
	made, err := backup.Generations(s.backups())
	if err != nil {
		return err
	}
	if len(made) == 0 {
		return errors.New("no backup was made")
	}
	for _, generation := range made {
		to := filepath.Join(s.root, "restored-"+generation)
		if _, err := backup.Restore(context.Background(), s.restoring(generation, to)); err != nil {
			return fmt.Errorf("%s: %w", generation, err)
		}
	}
	return nil
}

// backedUp makes a site with a backup and a folder for it that has the keys
// which no backup has.
func backedUp(t *testing.T, root string) *site {
	t.Helper()
	s := worked(t, root)
	if p := s.command("backup"); p.ends() != 0 {
		t.Fatal(p.said())
	}
	if err := os.Mkdir(s.restored(), 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"kek", notary.KeyFile} {
		b, err := os.ReadFile(filepath.Join(s.data(), name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(s.restored(), name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// restore restores what is not restored yet, and makes it the data folder.
func (s *site) restore() error {
	if _, err := os.Stat(filepath.Join(s.restored(), "limen.db")); err != nil {
		if p := s.command("restore"); p.ends() != 0 {
			return errors.New(p.said())
		}
	}
	return errors.Join(os.RemoveAll(s.data()), os.Rename(s.restored(), s.data()))
}
