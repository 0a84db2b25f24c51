// Package storetest is the contract of the store as tests: one suite that runs
// on every engine, asks the same questions and accepts the same answers.
//
// Run is the suite; Histories replays the same random history on two engines
// and compares every answer and every table; Faults fails each operation of
// the database in turn and looks at what is left.
package storetest

import (
	"context"
	"reflect"
	"slices"
	"testing"
	"time"

	"limen/errs"
	"limen/internal/store"
)

// Fresh makes a new, empty database and returns how to open it: as often as
// one likes, one after the other.
type Fresh func(t *testing.T) (open func() (store.Engine, error))

// Run asks an engine everything that the store promises.
func Run(t *testing.T, fresh Fresh) {
	for _, c := range suite {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel() // most of the time is waiting for syncs
			c.test(newDB(t, fresh))
		})
	}
}

var suite = slices.Concat(writeSuite, listSuite, recordSuite, staySuite, itemSuite, logSuite)

type suiteTest struct {
	name string
	test func(*db)
}

// db is a store under test.
type db struct {
	*store.Store
	t     *testing.T
	vault *vault
	open  func() (store.Engine, error)
}

func newDB(t *testing.T, fresh Fresh) *db {
	t.Helper()
	d := &db{t: t, vault: newVault(), open: fresh(t)}
	d.start()
	t.Cleanup(d.close)
	return d
}

func (d *db) start() {
	d.t.Helper()
	e, err := d.open()
	if err != nil {
		d.t.Fatal(err)
	}
	d.Store = store.New(e, d.vault)
}

func (d *db) close() {
	d.t.Helper()
	if d.Store == nil {
		return
	}
	if err := d.Close(); err != nil {
		d.t.Error(err)
	}
	d.Store = nil
}

// restart closes the store and opens it again, as after an orderly end.
func (d *db) restart() {
	d.t.Helper()
	d.close()
	d.start()
}

type write = func(*store.Tx) error

func (d *db) write(f write) {
	d.t.Helper()
	if err := d.Write(d.t.Context(), f); err != nil {
		d.t.Fatal(err)
	}
}

// all runs several writes in one transaction.
func (d *db) all(fs ...write) {
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
	if err := d.Read(context.Background(), func(tx *store.Tx) (err error) { v, err = f(tx); return err }); err != nil {
		d.t.Fatal(err)
	}
	return v
}

// same compares what was read with what was written.
func (d *db) same(what string, got, want any) {
	d.t.Helper()
	if !reflect.DeepEqual(got, want) {
		d.t.Errorf("%s:\n got %+v\nwant %+v", what, got, want)
	}
}

// refused checks that a write fails and leaves no trace.
func (d *db) refused(what string, f write) {
	d.t.Helper()
	if err := d.Write(d.t.Context(), f); errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != "store" {
		d.t.Errorf("%s: %v", what, err)
	}
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 123456000, time.UTC) // microseconds are kept
