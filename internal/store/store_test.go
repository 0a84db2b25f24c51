package store_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"limen/audit"
	"limen/authz"
	"limen/errs"
	"limen/internal/store"
	"limen/internal/store/sqlite"
	"limen/travel"
)

// db is a store under test. What these tests ask is asked of every engine.
type db struct {
	*store.Store
	t   *testing.T
	dir string
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC) // microseconds are kept

func open(t *testing.T) *db {
	t.Helper()
	d := &db{t: t, dir: t.TempDir()}
	s, err := sqlite.Open(t.Context(), d.dir)
	if err != nil {
		t.Fatal(err)
	}
	d.Store = s
	t.Cleanup(func() { s.Close() })
	return d
}

func (d *db) write(f func(*store.Tx) error) {
	d.t.Helper()
	if err := d.Write(d.t.Context(), f); err != nil {
		d.t.Fatal(err)
	}
}

// all runs several writes in one transaction.
func (d *db) all(fs ...func(*store.Tx) error) {
	d.t.Helper()
	d.write(func(tx *store.Tx) error {
		for i, f := range fs {
			if err := f(tx); err != nil {
				d.t.Errorf("write %d", i)
				return err
			}
		}
		return nil
	})
}

func read[T any](d *db, f func(*store.Tx) (T, error)) (v T) {
	d.t.Helper()
	if err := d.Read(d.t.Context(), func(tx *store.Tx) (err error) { v, err = f(tx); return err }); err != nil {
		d.t.Fatal(err)
	}
	return v
}

// same compares what was read with what was written.
func same(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// refused checks that a write fails and leaves no trace.
func (d *db) refused(what string, f func(*store.Tx) error) {
	d.t.Helper()
	if err := d.Write(d.t.Context(), f); errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != "store" {
		d.t.Errorf("%s: %v", what, err)
	}
}

func key(id string) store.Key {
	return store.Key{ID: id, Hash: []byte{1, 2, 3}, Role: authz.Point, Port: "BGR", Point: "GATE-1", Label: "a gate", Created: noon}
}

func TestWriteIsWholeOrNothing(t *testing.T) {
	d := open(t)
	boom := errors.New("boom")
	err := d.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertKey(key("k1")); err != nil {
			return err
		}
		if k, err := tx.Key("k1"); err != nil || k == nil {
			t.Errorf("a transaction does not see its own write: %v", err)
		}
		return boom
	})
	if err != boom {
		t.Errorf("the error came back as %v", err)
	}
	func() {
		defer func() {
			if recover() != boom {
				t.Error("the panic was swallowed")
			}
		}()
		_ = d.Write(t.Context(), func(tx *store.Tx) error { _ = tx.InsertKey(key("k2")); panic(boom) })
	}()
	d.refused("a second insert fails the first with it", func(tx *store.Tx) error {
		if err := tx.InsertKey(key("k3")); err != nil {
			return err
		}
		return tx.InsertKey(key("k3"))
	})
	if ks := read(d, (*store.Tx).Keys); len(ks) != 0 {
		t.Errorf("left of writes that failed: %+v", ks)
	}
	d.write(func(tx *store.Tx) error { return tx.InsertKey(key("k4")) }) // the writer is free again
}

// A read sees one state, whatever is committed meanwhile, and may not write.
func TestReadSeesOneState(t *testing.T) {
	d := open(t)
	err := d.Read(t.Context(), func(tx *store.Tx) error {
		before, err := tx.Keys()
		if err != nil {
			return err
		}
		d.write(func(w *store.Tx) error { return w.InsertKey(key("k1")) })
		after, err := tx.Keys()
		if len(before) != 0 || len(after) != 0 {
			t.Errorf("%d keys, then %d within one read", len(before), len(after))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if ks := read(d, (*store.Tx).Keys); len(ks) != 1 {
		t.Errorf("a later read sees %d keys", len(ks))
	}
	if err := d.Read(t.Context(), func(tx *store.Tx) error { return tx.InsertKey(key("k2")) }); errs.KindOf(err) != errs.Broken {
		t.Errorf("a write within a read: %v", err)
	}
}

func TestCanceledCallerIsToldToComeBack(t *testing.T) {
	d := open(t)
	gone, cancel := contextThatEnds(t)
	cancel()
	if err := d.Write(gone, func(*store.Tx) error { return nil }); errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "store-canceled" {
		t.Errorf("%v", err)
	}
}

func TestKeys(t *testing.T) {
	d := open(t)
	point, officer := key("k1"), store.Key{ID: "k2", Hash: []byte{9}, Role: authz.Officer, Label: "A. Officer", Created: noon.Add(-time.Hour)}
	carrier := store.Key{ID: "k3", Hash: []byte{8}, Role: authz.Carrier, Carrier: "ZZ", Created: noon}
	d.write(func(tx *store.Tx) error {
		return errors.Join(tx.InsertKey(point), tx.InsertKey(officer), tx.InsertKey(carrier))
	})
	get := func(id string) *store.Key {
		return read(d, func(tx *store.Tx) (*store.Key, error) { return tx.Key(id) })
	}
	same(t, "key", get("k1"), &point)
	same(t, "no key", get("k9"), (*store.Key)(nil))
	same(t, "keys by age", read(d, (*store.Tx).Keys), []store.Key{officer, point, carrier})
	d.refused("the same key twice", func(tx *store.Tx) error { return tx.InsertKey(point) })

	d.write(func(tx *store.Tx) error { return tx.RevokeKey("k1", noon.Add(time.Minute)) })
	d.write(func(tx *store.Tx) error { return tx.RevokeKey("k1", noon.Add(time.Hour)) })
	point.Revoked = noon.Add(time.Minute)
	same(t, "revoked, and the first time stays", get("k1"), &point)
	same(t, "the others", get("k2"), &officer)
}

func TestAuditKeepsItsOrder(t *testing.T) {
	d := open(t)
	var want []audit.Entry
	for i := range 5 {
		e := audit.Entry{At: noon.Add(-time.Duration(i) * time.Hour), Actor: "k1", Action: "access", Subject: string(rune('a' + i)), Purpose: "test"}
		want = append(want, e)
		d.write(func(tx *store.Tx) error { return tx.Audit(e) })
	}
	entries := func(seq int64, n int) []audit.Entry {
		return read(d, func(tx *store.Tx) ([]audit.Entry, error) { return tx.AuditEntries(seq, n) })
	}
	same(t, "all", entries(0, 100), want)
	same(t, "two after the second", entries(2, 2), want[2:4])
	same(t, "after the last", entries(5, 10), []audit.Entry(nil))
}

func travelers(ids ...travel.TravelerID) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		for _, id := range ids {
			if err := tx.InsertTraveler(travel.Traveler{ID: id, Person: travel.Person{Surname: "A", Nationality: "GBR"}}, noon); err != nil {
				return err
			}
		}
		return nil
	}
}
