package storetest

import (
	"fmt"
	"strings"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
)

var logSuite = []suiteTest{
	{"the audit log keeps its order", logOrder},
	{"the audit log is one tree", logTree},
	{"what opens an entry can go, the leaf stays", openings},
	{"an entry with a sealed detail", sealedDetail},
	{"an entry that cannot be logged fails its write", badEntry},
	{"checkpoints", checkpoints},
}

func entry(subject string) audit.Entry {
	return audit.Entry{At: noon, Actor: "k1", Action: "access", Subject: subject, Purpose: "test", Detail: []byte(`{"n":1}`)}
}

func (d *db) entries(seq int64, n int) []audit.Entry {
	d.t.Helper()
	return read(d, func(tx *store.Tx) ([]audit.Entry, error) { return tx.AuditEntries(seq, n) })
}

// checkLog holds the log against its own tree: every leaf is where its number
// says, opens with its salt to its entry, and the stored hashes give the tree
// that all the leaves together give.
func (d *db) checkLog() {
	d.t.Helper()
	err := d.Read(d.t.Context(), func(tx *store.Tx) error {
		size, _, err := tx.LogSize()
		if err != nil {
			return err
		}
		log, err := tx.Log(0, int(size)+10)
		if err != nil {
			return err
		}
		leaves, err := tx.Leaves(0, int(size)+10)
		if err != nil {
			return err
		}
		if int64(len(log)) != size || int64(len(leaves)) != size {
			d.t.Errorf("the head says %d leaves, there are %d", size, len(log))
		}
		return d.checkTree(tx, size, log, leaves)
	})
	if err != nil {
		d.t.Error(err)
	}
}

func (d *db) checkTree(tx *store.Tx, size int64, log []store.LogEntry, leaves []store.Leaf) error {
	d.t.Helper()
	tree, err := audit.OpenTree(0, audit.Stored(tx.LogHashes))
	if err != nil {
		return err
	}
	for i, e := range log {
		seq, hashes := tree.Append(e.Leaf)
		if e.Seq != seq || leaves[i].Seq != seq || string(e.Hashes) != string(hashes) || string(leaves[i].Leaf) != string(e.Leaf) {
			d.t.Errorf("leaf %d is not what the tree has there", i)
		}
		if e.Opened && !e.Sealed && string(e.Entry.Leaf(e.Salt).Bytes()) != string(e.Leaf) {
			d.t.Errorf("leaf %d does not open to its entry", i)
		}
	}
	stored, err := audit.OpenTree(size, audit.Stored(tx.LogHashes))
	if err == nil && stored.Root() != tree.Root() {
		d.t.Error("the stored hashes give another root")
	}
	return err
}

func logOrder(d *db) {
	var want []audit.Entry
	for i := range 5 {
		e := entry(string(rune('a' + i)))
		e.At, e.Detail = noon.Add(-time.Duration(i)*time.Hour), nil
		want = append(want, e)
		d.write(func(tx *store.Tx) error { return tx.Audit(e) })
	}
	d.same("all", d.entries(0, 100), want)
	d.same("two from the third on", d.entries(2, 2), want[2:4])
	d.same("after the last", d.entries(5, 10), []audit.Entry(nil))
	d.checkLog()
}

// logTree: groups of every size, so that a commit ends at every shape of the
// tree, and a restart between.
func logTree(d *db) {
	n := 0
	for group := range 12 {
		d.write(func(tx *store.Tx) error {
			for i := range group {
				if err := tx.Audit(entry(fmt.Sprint("s", n+i))); err != nil {
					return err
				}
			}
			return nil
		})
		n += group
		if group%4 == 3 {
			d.restart()
		}
		d.checkLog()
	}
	for i, e := range d.entries(0, 1000) {
		if e.Subject != fmt.Sprint("s", i) {
			d.t.Errorf("leaf %d is about %s", i, e.Subject)
		}
	}
}

func openings(d *db) {
	for _, s := range []string{"a", "b", "a"} {
		d.write(func(tx *store.Tx) error { return tx.Audit(entry(s)) })
	}
	end := func(due time.Time) write { return func(tx *store.Tx) error { return tx.EndOpenings("a", due) } }
	d.all(end(noon.Add(time.Hour)), end(noon)) // what was said first stays
	d.same("not yet", d.erasedOpenings(noon), 0)
	d.same("of a", d.erasedOpenings(noon.Add(time.Hour)), 2)
	d.same("what is left", d.entries(0, 9), []audit.Entry{entry("b")})
	for i, e := range read(d, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.Log(0, 9) }) {
		gone := i != 1
		if e.Opened == gone || gone && (e.Salt != audit.Salt{} || e.Entry.Actor+e.Entry.Subject+string(e.Entry.Purpose)+string(e.Entry.Detail) != "") {
			d.t.Errorf("leaf %d: %+v", i, e)
		}
	}
	d.same("by subject", len(read(d, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.LogOf("b", "access") })), 1)
	d.checkLog()
}

func sealedDetail(d *db) {
	d.write(func(tx *store.Tx) error { return tx.AuditSealed(entry("d1"), "key-1", "e1") })
	log := func() store.LogEntry {
		return read(d, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.Log(0, 9) })[0]
	}
	if e := log(); string(e.Entry.Detail) != `{"n":1}` || e.KeyID != "key-1" || e.Owner != "e1" || e.Sealed {
		d.t.Errorf("%+v", e)
	}
	d.checkLog()
	d.vault.destroy("key-1")
	if e := log(); !e.Sealed || !e.Opened {
		d.t.Errorf("without its key: %+v", e)
	}
	d.checkLog()
}

func badEntry(d *db) {
	bad := entry("a")
	bad.Action = strings.Repeat("x", 100)
	err := d.Write(d.t.Context(), func(tx *store.Tx) error {
		if err := tx.InsertKey(key("k1")); err != nil {
			return err
		}
		return tx.Audit(bad)
	})
	if errs.CodeOf(err) != "audit-entry" {
		d.t.Error(err)
	}
	d.same("nothing of it is left", read(d, (*store.Tx).Keys), []store.Key(nil))
}

func checkpoints(d *db) {
	latest := func() *store.Checkpoint { return read(d, (*store.Tx).LatestCheckpoint) }
	d.same("none yet", latest(), (*store.Checkpoint)(nil))
	cs := []store.Checkpoint{{Size: 1, At: noon, Note: []byte("one")}, {Size: 2, At: noon, Note: []byte("two")}, {Size: 10, At: noon.Add(time.Second), Note: []byte("ten")}}
	for _, i := range []int{2, 0, 1} {
		d.write(func(tx *store.Tx) error { return tx.PutCheckpoint(cs[i]) })
	}
	d.same("the latest is of the most leaves", latest(), &cs[2])
	d.same("after one", read(d, func(tx *store.Tx) ([]store.Checkpoint, error) { return tx.Checkpoints(1, 1) }), cs[1:2])
	cs[1].Note = []byte("again")
	d.write(func(tx *store.Tx) error { return tx.PutCheckpoint(cs[1]) })
	d.same("of the same size the later stays", read(d, func(tx *store.Tx) ([]store.Checkpoint, error) { return tx.Checkpoints(0, 9) }), cs)
}
