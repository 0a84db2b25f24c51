package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/travel"
)

var writeSuite = []suiteTest{
	{"a write is whole or nothing", wholeOrNothing},
	{"writes of one group do not suffer for each other", groups},
	{"a read sees one state", readSeesOneState},
	{"a read does not wait for a write", readBesideAWrite},
	{"a canceled caller is told to come back", canceledCaller},
	{"what was written is there after a restart", restarts},
	{"a text that is none is refused", noText},
}

func wholeOrNothing(d *db) {
	boom := errors.New("boom")
	err := d.Write(d.t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertKey(key("k1")); err != nil {
			return err
		}
		if k, err := tx.Key("k1"); err != nil || k == nil {
			d.t.Errorf("a transaction does not see its own write: %v", err)
		}
		return boom
	})
	if err != boom {
		d.t.Errorf("the error came back as %v", err)
	}
	func() {
		defer func() {
			if recover() != boom {
				d.t.Error("the panic was swallowed")
			}
		}()
		_ = d.Write(d.t.Context(), func(tx *store.Tx) error { _ = tx.InsertKey(key("k2")); panic(boom) })
	}()
	d.refused("a second insert fails the first with it", func(tx *store.Tx) error {
		return errors.Join(tx.InsertKey(key("k3")), tx.InsertKey(key("k3")))
	})
	d.refused("an error that is swallowed counts all the same", func(tx *store.Tx) error {
		_ = tx.InsertKey(key("k3"))
		_ = tx.InsertKey(key("k3"))
		return nil
	})
	if ks := read(d, (*store.Tx).Keys); len(ks) != 0 {
		d.t.Errorf("left of writes that failed: %+v", ks)
	}
	d.write(addKey(key("k4"))) // the writer is free again
}

// groups lets many write at once: of each eight, four succeed and four fail,
// each in its own way. Every one gets its own answer, and exactly what
// succeeded is there, with its leaf and its announcement.
func groups(d *db) {
	const n = 64
	boom := errors.New("boom")
	d.write(addKey(key("taken")))
	outcome := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			defer func() {
				if p := recover(); p != nil {
					outcome[i] = fmt.Errorf("panic: %v", p)
				}
			}()
			outcome[i] = d.Write(d.t.Context(), func(tx *store.Tx) error { return oneOfAGroup(tx, i, boom) })
		})
	}
	all.Wait()
	want := map[string]bool{"taken": true}
	for i, err := range outcome {
		ok := i%8 < 4
		if (err == nil) != ok || i%8 == 4 && err != boom || i%8 == 5 && errs.CodeOf(err) != "store" {
			d.t.Errorf("write %d: %v", i, err)
		}
		if ok {
			want[fmt.Sprint("k", i)] = true
		}
	}
	got := map[string]bool{}
	for _, k := range read(d, (*store.Tx).Keys) {
		got[k.ID] = true
	}
	d.same("keys", got, want)
	leaves := map[string]bool{"taken": true}
	for _, e := range read(d, func(tx *store.Tx) ([]audit.Entry, error) { return tx.AuditEntries(0, 10*n) }) {
		leaves[e.Subject] = true
	}
	d.same("leaves", leaves, want)
	told := map[string]bool{"taken": true}
	for i, a := range read(d, func(tx *store.Tx) ([]store.Announcement, error) { return tx.Announcements(0, 10*n) }) {
		if told[a.Key] = true; a.Seq != int64(i+1) {
			d.t.Errorf("announcement %d has the number %d", i+1, a.Seq)
		}
	}
	d.same("announcements", told, want)
	d.checkLog()
}

func oneOfAGroup(tx *store.Tx, i int, boom error) error {
	id := fmt.Sprint("k", i)
	err := errors.Join(tx.InsertKey(key(id)), tx.Audit(entry(id)), tx.Announce("key", id, noon))
	switch i % 8 {
	case 4:
		return boom
	case 5:
		return tx.InsertKey(key("taken"))
	case 6:
		panic(boom)
	case 7:
		_, err = tx.Key("\xff") // no text
		return err
	}
	return err
}

// readSeesOneState: whatever is committed meanwhile; and it may not write.
func readSeesOneState(d *db) {
	err := d.Read(d.t.Context(), func(tx *store.Tx) error {
		before, err := tx.Keys()
		if err != nil {
			return err
		}
		d.write(addKey(key("k1")))
		after, err := tx.Keys()
		if len(before) != 0 || len(after) != 0 {
			d.t.Errorf("%d keys, then %d within one read", len(before), len(after))
		}
		return err
	})
	if err != nil {
		d.t.Fatal(err)
	}
	if ks := read(d, (*store.Tx).Keys); len(ks) != 1 {
		d.t.Errorf("a later read sees %d keys", len(ks))
	}
	for what, f := range map[string]write{"a row": addKey(key("k2")), "a leaf": func(tx *store.Tx) error { return tx.Audit(entry("s")) },
		"a crossing": addCrossing(crossed("x1", "p1"))} {
		if err := d.Read(d.t.Context(), f); errs.KindOf(err) != errs.Broken {
			d.t.Errorf("%s written within a read: %v", what, err)
		}
	}
	d.write(addKey(key("k3"))) // nothing stopped over it
}

func readBesideAWrite(d *db) {
	d.write(func(tx *store.Tx) error {
		if err := tx.InsertKey(key("k1")); err != nil {
			return err
		}
		began := time.Now()
		if n := len(read(d, (*store.Tx).Keys)); n != 0 {
			d.t.Errorf("a reader sees %d keys that are not committed", n)
		}
		if took := time.Since(began); took > 5*time.Second {
			d.t.Errorf("the reader waited %v", took)
		}
		return nil
	})
}

func canceledCaller(d *db) {
	gone, cancel := context.WithCancel(d.t.Context())
	cancel()
	check := func(what string, err error) {
		if errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "store-canceled" {
			d.t.Errorf("%s: %v", what, err)
		}
	}
	check("a write", d.Write(gone, func(*store.Tx) error { return nil }))
	check("a read", d.Read(gone, func(tx *store.Tx) error { _, err := tx.Keys(); return err }))
	leaving, leave := context.WithCancel(d.t.Context())
	check("a write in whose midst the caller leaves", d.Write(leaving, func(tx *store.Tx) error {
		err := tx.InsertKey(key("k1"))
		leave()
		return errors.Join(err, tx.InsertKey(key("k2")))
	}))
	if ks := read(d, (*store.Tx).Keys); len(ks) != 0 {
		d.t.Errorf("left of a canceled write: %+v", ks)
	}
	d.write(addKey(key("k3")))
}

func restarts(d *db) {
	one := func(id string) []write {
		return []write{addKey(key(id)), func(tx *store.Tx) error { return tx.Audit(entry(id)) }, func(tx *store.Tx) error { return tx.Announce("key", id, noon) }}
	}
	var keys []store.Key
	var leaves []audit.Entry
	var told []store.Announcement
	for i, id := range []string{"k1", "k2", "k3"} {
		d.all(one(id)...)
		keys, leaves = append(keys, key(id)), append(leaves, entry(id))
		told = append(told, store.Announcement{Seq: int64(i + 1), Topic: "key", Key: id, At: noon})
		if i > 0 {
			d.restart()
		}
	}
	d.same("keys", read(d, (*store.Tx).Keys), keys)
	d.same("the log goes on", d.entries(0, 9), leaves)
	d.same("so does the outbox", read(d, func(tx *store.Tx) ([]store.Announcement, error) { return tx.Announcements(0, 9) }), told)
	d.same("from a place in it", read(d, func(tx *store.Tx) ([]store.Announcement, error) { return tx.Announcements(1, 1) }), told[1:2])
	d.checkLog()
}

// noText: one with a NUL, or one that is not UTF-8, wherever it stands; and
// the write is over.
func noText(d *db) {
	d.boarded()
	for _, bad := range []string{"a\x00b", "\xff", "\xed\xa0\x80"} {
		x, e := crossed("x1", "p1"), entry(bad)
		x.Point = travel.PointID(bad)
		for what, f := range map[string]write{
			"an argument": func(tx *store.Tx) error { return tx.PutSetting("a", bad) },
			"a question":  func(tx *store.Tx) error { _, err := tx.Key(bad); return err },
			"a crossing":  addCrossing(x),
			"a stay": func(tx *store.Tx) error {
				return tx.PutStay(admitted(bad, "t1", today))
			},
			"a topic": func(tx *store.Tx) error { return tx.Announce(bad, "k", noon) },
			"an id":   func(tx *store.Tx) error { _, err := tx.Encounter(travel.EncounterID(bad)); return err },
		} {
			if err := d.Write(d.t.Context(), f); errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != "text" {
				d.t.Errorf("%q in %s: %v", bad, what, err)
			}
		}
		if err := d.Write(d.t.Context(), func(tx *store.Tx) error { return tx.Audit(e) }); errs.CodeOf(err) != "text" && errs.CodeOf(err) != "audit-entry" {
			d.t.Errorf("%q in a leaf: %v", bad, err)
		}
		if err := d.WriteAhead(d.t.Context(), store.Ahead{Once: []string{bad}}, func(*store.Tx) error { return nil }); errs.CodeOf(err) != "text" {
			d.t.Errorf("%q asked for ahead: %v", bad, err)
		}
	}
	d.same("left of them", read(d, func(tx *store.Tx) (int64, error) { n, _, err := tx.LogSize(); return n, err }), int64(0))
	d.all(func(tx *store.Tx) error { return tx.PutSetting("a", "é😀\n\t\x01") }) // odd, but text
}
