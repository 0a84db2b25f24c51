package store_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/store"
	"limen/retention"
)

func contextThatEnds(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

func (d *db) inFiles(needle string) (in []string) {
	d.t.Helper()
	files, err := os.ReadDir(d.dir)
	if err != nil {
		d.t.Fatal(err)
	}
	for _, f := range files {
		b, err := os.ReadFile(filepath.Join(d.dir, f.Name()))
		if err != nil {
			d.t.Fatal(err)
		}
		if bytes.Contains(b, []byte(needle)) {
			in = append(in, f.Name())
		}
	}
	return in
}

// What was deleted is in no byte of the folder once the log is shrunk.
func TestShrinkLogLeavesNothingDeleted(t *testing.T) {
	d := open(t)
	for i := range 50 {
		subject := fmt.Sprint("subject-", i%5)
		d.write(func(tx *store.Tx) error {
			return tx.InsertSealed(store.Sealed{KeyID: fmt.Sprintf("KEYOF-%d-%s", i, subject), Subject: subject, Class: retention.AlienImage, Due: noon, Template: make([]byte, 300), Model: testModel})
		})
	}
	if len(d.inFiles("KEYOF-3-subject-3")) == 0 {
		t.Fatal("the search would find nothing anyway")
	}
	d.write(func(tx *store.Tx) error { _, err := tx.EraseSealed("subject-3", "test", noon); return err })
	d.write(func(tx *store.Tx) error {
		list, err := tx.Erasures(100)
		for _, e := range list {
			err = errors.Join(err, tx.Erased(e.KeyID))
		}
		return err
	})
	if err := d.ShrinkLog(t.Context()); err != nil {
		t.Fatal(err)
	}
	if in := d.inFiles("subject-3"); len(in) != 0 {
		t.Errorf("the erased are still in %v", in)
	}
	if info, err := os.Stat(filepath.Join(d.dir, "limen.db-wal")); err != nil || info.Size() != 0 {
		t.Errorf("the log has %d bytes, %v", info.Size(), err)
	}
	if n := read(d, (*store.Tx).SealedClasses)[retention.AlienImage]; n != 40 {
		t.Errorf("%d items are left, want 40", n)
	}
}

// While somebody reads the old state the log cannot be emptied: come back, and
// nothing is lost.
func TestShrinkLogWaitsForReaders(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for the busy timeout")
	}
	t.Parallel()
	d := open(t)
	d.write(func(tx *store.Tx) error { return tx.InsertKey(key("k1")) })
	err := d.Read(t.Context(), func(tx *store.Tx) error {
		if _, err := tx.Keys(); err != nil {
			return err
		}
		d.write(func(w *store.Tx) error { return w.InsertKey(key("k2")) })
		if err := d.ShrinkLog(t.Context()); errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "store-busy" {
			t.Errorf("beside a reader: %v", err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ShrinkLog(t.Context()); err != nil {
		t.Errorf("without one: %v", err)
	}
	if n := len(read(d, (*store.Tx).Keys)); n != 2 {
		t.Errorf("%d keys, want 2", n)
	}
}

// Writers take turns; a reader never waits for one.
func TestReadBesideAWrite(t *testing.T) {
	d := open(t)
	d.write(func(tx *store.Tx) error {
		if err := tx.InsertKey(key("k1")); err != nil {
			return err
		}
		began := time.Now()
		if n := len(read(d, (*store.Tx).Keys)); n != 0 {
			t.Errorf("a reader sees %d keys that are not committed", n)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the reader waited %v", took)
		}
		return nil
	})
}
