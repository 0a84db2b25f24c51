package postgres

import (
	"fmt"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"limen/audit"
	"limen/internal/store"
	"limen/internal/store/pgtest"
)

// A server and an administrator's command write at the same time: each leaf has
// its own place in the log, and the log is whole.
func TestWritersTakeTurns(t *testing.T) {
	url := pgtest.Start(t).Database(t)
	server := openStore(t, url)
	command, err := OpenBeside(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer command.Close()
	const each = 200
	var g errgroup.Group
	for w, s := range []*store.Store{server, server, command, command} {
		g.Go(func() error {
			for i := range each {
				e := audit.Entry{At: time.Unix(1, 0), Actor: "test", Action: "turn", Subject: fmt.Sprint(w, "-", i), Purpose: "test"}
				if err := s.Write(t.Context(), func(tx *store.Tx) error { return tx.Audit(e) }); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := g.Wait(); err != nil {
		t.Fatal(err)
	}
	err = server.Read(t.Context(), func(tx *store.Tx) error {
		log, err := tx.Log(0, 5*each)
		if err != nil {
			return err
		}
		subjects := map[string]bool{}
		tree, err := audit.OpenTree(0, nil)
		if err != nil {
			return err
		}
		for i, e := range log {
			subjects[e.Entry.Subject] = true
			seq, hashes := tree.Append(e.Leaf)
			if e.Seq != int64(i) || seq != e.Seq || string(hashes) != string(e.Hashes) {
				t.Fatalf("leaf %d is not what follows on the ones before it", e.Seq)
			}
		}
		if len(log) != 4*each || len(subjects) != 4*each {
			t.Errorf("%d leaves of %d subjects, want %d", len(log), len(subjects), 4*each)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
