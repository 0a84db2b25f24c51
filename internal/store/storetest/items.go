package storetest

import (
	"slices"
	"strings"
	"time"

	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/retention"
	"limen/travel"
)

var itemSuite = []suiteTest{
	{"sealed items", items},
	{"another class is another data key", reclassify},
	{"erasing items keeps the record", eraseItems},
	{"erasing records", eraseRecords},
	{"entries about what is gone", orphans},
	{"what is due", due},
}

// clear returns the items of a subject in the clear, without their keys.
func (d *db) clear(subject string) (out []store.Item) {
	d.t.Helper()
	for _, i := range read(d, func(tx *store.Tx) ([]store.Item, error) { return tx.Items(subject) }) {
		open, err := d.Unseal(d.t.Context(), i)
		if err != nil {
			d.t.Error(err)
		}
		open.KeyID = ""
		out = append(out, open)
	}
	return out
}

// keysOf returns the data keys of a subject's items, each once.
func (d *db) keysOf(subject string) (keys []string) {
	d.t.Helper()
	seen := map[string]bool{}
	for _, i := range read(d, func(tx *store.Tx) ([]store.Item, error) { return tx.Items(subject) }) {
		if !seen[i.KeyID] {
			keys = append(keys, i.KeyID)
		}
		seen[i.KeyID] = true
	}
	return keys
}

func items(d *db) {
	a, b, c := item("i1", "p1", noon), item("i2", "p1", noon.Add(time.Microsecond)), item("i3", "p2", noon.Add(-time.Hour))
	bare := item("i4", "p3", noon.Add(time.Hour))
	bare.Image = nil
	has := func() bool { return read(d, (*store.Tx).HasItems) }
	if has() {
		d.t.Error("an empty store has items")
	}
	d.all(addItems(b, a, c, bare))
	if !has() {
		d.t.Error("no items")
	}
	d.same("of one", d.clear("p1"), []store.Item{a, b})
	d.same("without an image", d.clear("p3"), []store.Item{bare})
	d.same("of nobody", d.clear("p9"), []store.Item(nil))
	if of1, of2 := d.keysOf("p1"), d.keysOf("p2"); len(of1) != 1 || len(of2) != 1 || of1[0] == of2[0] {
		d.t.Errorf("a data key is a subject's: %v, %v", of1, of2)
	}
	all := read(d, (*store.Tx).AllItems)
	d.same("in all", len(all), 4)
	one := read(d, func(tx *store.Tx) (*store.Item, error) { return tx.Item("i2") })
	d.same("by id", one, &all[1])
	d.same("none", read(d, func(tx *store.Tx) (*store.Item, error) { return tx.Item("i9") }), (*store.Item)(nil))
	earliest := func(subject string) time.Time {
		return read(d, func(tx *store.Tx) (time.Time, error) { return tx.DueOf(subject, retention.Unresolved) })
	}
	d.same("the first due of one", earliest("p1"), noon)
	d.same("of nobody", earliest("p9"), time.Time{})
	d.refused("an id used twice", addItems(item("i1", "p9", noon)))
	d.vault.destroy(one.KeyID)
	if _, err := d.Unseal(d.t.Context(), *one); errs.KindOf(err) != errs.NotFound || errs.CodeOf(err) != "data-key" {
		d.t.Errorf("an item whose key is gone: %v", err)
	}
}

func reclassify(d *db) {
	a, b, other := item("i1", "p1", noon), item("i2", "p1", noon), item("i3", "p2", noon)
	d.all(addItems(a, b, other))
	was := d.keysOf("p1")
	change := func(c retention.Class, due time.Time) write {
		return func(tx *store.Tx) error { return tx.Reclassify("p1", c, due, noon) }
	}
	d.all(change(retention.AlienImage, noon.Add(9*time.Hour)))
	a.Class, b.Class, a.Due, b.Due = retention.AlienImage, retention.AlienImage, noon.Add(9*time.Hour), noon.Add(9*time.Hour)
	d.same("another class", d.clear("p1"), []store.Item{a, b})
	d.same("the others'", d.clear("p2"), []store.Item{other})
	now := d.keysOf("p1")
	if len(now) != 1 || now[0] == was[0] {
		d.t.Errorf("the keys were %v, and are %v", was, now)
	}
	d.same("the old key is to be destroyed", read(d, func(tx *store.Tx) ([]store.Erasure, error) { return tx.Erasures(9) }),
		[]store.Erasure{{KeyID: was[0], Kind: store.Resealed, Subject: "p1", Class: retention.Unresolved, Cause: "reclassified", At: noon}})
	d.all(change(retention.AlienImage, noon.Add(time.Hour)))
	d.same("the same class again keeps the key", d.keysOf("p1"), now)
	d.same("by class", read(d, (*store.Tx).ItemClasses), map[retention.Class]int{retention.AlienImage: 2, retention.Unresolved: 1})
}

// erase condemns and destroys, as the worker does, and returns what it was
// told to destroy.
func (d *db) erase(condemn write) (done []store.Erasure) {
	d.t.Helper()
	d.all(condemn)
	done = read(d, func(tx *store.Tx) ([]store.Erasure, error) { return tx.Erasures(100) })
	for i, e := range done {
		d.vault.destroy(e.KeyID)
		d.write(func(tx *store.Tx) error { _, err := tx.Erased(e, noon.Add(time.Hour), noon); return err })
		done[i].KeyID = ""
	}
	d.same("left to destroy", read(d, func(tx *store.Tx) ([]store.Erasure, error) { return tx.Erasures(100) }), []store.Erasure(nil))
	return done
}

// eraseItems: items and keys go; reference and capture stay, without an item.
func eraseItems(d *db) {
	d.boarded()
	d.all(addItems(item("i1", "e1", noon), item("i2", "p1", noon), item("i3", "p2", noon)), addCapture(captured("c1", "e1", 1)),
		addReference(reference("r1", "p1", gallery.Ready, "i2")), addReference(reference("r2", "p2", gallery.Ready, "i3")))
	built := func() (ids []string) {
		for _, i := range read(d, func(tx *store.Tx) ([]store.Item, error) { return tx.GalleryItems("v1") }) {
			ids = append(ids, i.ID)
		}
		return ids
	}
	d.same("what the gallery is built from", built(), []string{"i2", "i3"})
	erased := func(subject string) []store.Erasure {
		return d.erase(func(tx *store.Tx) error { _, err := tx.EraseItems(subject, "test", noon); return err })
	}
	for _, subject := range []string{"e1", "p1"} {
		d.same("of "+subject, erased(subject), []store.Erasure{{Kind: store.ItemKind, Subject: subject, Class: retention.Unresolved, Cause: "test", At: noon}})
	}
	d.same("of nobody", erased("p9"), []store.Erasure(nil))
	d.same("the gallery", built(), []string{"i3"})
	want := captured("c1", "e1", 1)
	want.Item = ""
	d.same("the capture", read(d, func(tx *store.Tx) (*store.Capture, error) { return tx.Capture("c1") }), &want)
	gone := passenger("p2", "v1", 2)
	gone.Removed = noon
	d.all(putPassenger(gone))
	d.same("the gallery without who does not travel", built(), []string(nil))
	count := func(p travel.PassengerID) int {
		return read(d, func(tx *store.Tx) (int, error) { return tx.References(p) })
	}
	d.same("references kept", []int{count("p1"), count("p2")}, []int{0, 1})
	d.refused("a reference of nobody", addReference(reference("r9", "p9", gallery.Ready, "")))
}

// eraseRecords: rows go with their key, what refers before what is referred
// to, and what opens the log's entries about them gets its end.
func eraseRecords(d *db) {
	d.boarded()
	d.all(addItems(item("i1", "e1", noon)), addCapture(captured("c1", "e1", 1)), addDecision(decided("d1", "e1"), d.encounter("e1").KeyID),
		func(tx *store.Tx) error { return tx.PutDocument(document("P1"), "t1") }, addReference(reference("r1", "p1", gallery.Ready, "")))
	for _, subject := range []string{"e1", "d1", "c1", "p1", "t2"} {
		d.write(func(tx *store.Tx) error { return tx.Audit(entry(subject)) })
	}
	record := func(k store.Kind, subject string) write {
		return func(tx *store.Tx) error { return tx.EraseRecord(k, subject, "test", noon) }
	}
	d.same("an encounter with its items", d.erase(record(store.EncounterKind, "e1")), []store.Erasure{
		{Kind: store.ItemKind, Subject: "e1", Class: retention.Unresolved, Cause: "test", At: noon},
		{Kind: store.EncounterKind, Subject: "e1", Class: retention.Unresolved, Cause: "test", At: noon}})
	d.same("encounter", d.encounter("e1"), (*store.Encounter)(nil))
	d.same("capture", read(d, func(tx *store.Tx) (*store.Capture, error) { return tx.Capture("c1") }), (*store.Capture)(nil))
	d.same("openings that end", d.erasedOpenings(noon.Add(time.Hour)), 3)
	d.same("not twice", d.erasedOpenings(noon.Add(time.Hour)), 0)
	d.refused("a traveler whom passengers refer to", func(tx *store.Tx) error {
		_, err := tx.Erased(store.Erasure{Kind: store.TravelerKind, Subject: "t1"}, noon, noon)
		return err
	})
	for _, p := range []string{"p1", "p2"} {
		d.erase(record(store.PassengerKind, p))
		d.same(p, read(d, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(travel.PassengerID(p)) }), (*store.Passenger)(nil))
	}
	d.erase(record(store.TravelerKind, "t1"))
	d.same("traveler", read(d, func(tx *store.Tx) (*store.Traveler, error) { return tx.Traveler("t1") }), (*store.Traveler)(nil))
	d.same("document", read(d, func(tx *store.Tx) (travel.TravelerID, error) { return tx.TravelerOf(document("P1")) }), travel.TravelerID(""))
	if err := d.Write(d.t.Context(), record("nothing", "e1")); errs.CodeOf(err) != "erase-kind" {
		d.t.Errorf("no kind of record: %v", err)
	}
	d.checkLog()
}

// erasedOpenings erases the openings that are due, and returns how many.
func (d *db) erasedOpenings(now time.Time) (n int) {
	d.t.Helper()
	due := read(d, func(tx *store.Tx) ([]store.Opening, error) { return tx.Openings(now, store.Opening{}, 100) })
	for _, o := range due {
		d.write(func(tx *store.Tx) error { return tx.EraseOpening(o.Seq) })
	}
	return len(due)
}

func due(d *db) {
	d.boarded()
	d.all(addItems(item("i1", "p1", noon.Add(time.Microsecond)), item("i2", "p1", noon), item("i3", "p2", noon.Add(-time.Hour))))
	at := func(k store.Kind, now time.Time, after store.Due, n int) []store.Due {
		return read(d, func(tx *store.Tx) ([]store.Due, error) { return tx.DueBefore(k, now, after, n) })
	}
	p1 := store.Due{Kind: store.ItemKind, Subject: "p1", Class: retention.Unresolved, At: noon}
	p2 := store.Due{Kind: store.ItemKind, Subject: "p2", Class: retention.Unresolved, At: noon.Add(-time.Hour)}
	d.same("a microsecond before", at(store.ItemKind, noon.Add(-time.Microsecond), store.Due{}, 9), []store.Due{p2})
	d.same("oldest first, a subject once and by its earliest", at(store.ItemKind, noon.Add(time.Minute), store.Due{}, 9), []store.Due{p2, p1})
	d.same("the first of those due", at(store.ItemKind, noon, store.Due{}, 1), []store.Due{p2})
	d.same("those after it", at(store.ItemKind, noon, p2, 9), []store.Due{p1})
	later := noon.Add(24 * time.Hour)
	d.same("encounters", at(store.EncounterKind, later, store.Due{}, 9), []store.Due{{Kind: store.EncounterKind, Subject: "e1", Class: retention.Unresolved, At: noon.Add(time.Hour)}})
	d.same("travelers whom passengers refer to are not", at(store.TravelerKind, later, store.Due{}, 9), []store.Due{{Kind: store.TravelerKind, Subject: "t2", Class: retention.CrossingNonimmigrant, At: noon}})
	for _, k := range store.Kinds {
		d.same("long before: "+string(k), at(k, noon.Add(-24*time.Hour), store.Due{}, 9), []store.Due(nil))
	}
	d.all(func(tx *store.Tx) error { return tx.Reclassify("p2", retention.VoyageGallery, noon, noon) },
		func(tx *store.Tx) error { return tx.MoveReferences("v1", noon.Add(time.Hour)) }, func(tx *store.Tx) error { return tx.MoveReferences("v2", noon.Add(9*time.Hour)) })
	p2.Class, p2.At = retention.VoyageGallery, noon.Add(time.Hour)
	d.same("references move with their voyage, captures do not", at(store.ItemKind, later, store.Due{}, 9), []store.Due{p1, p2})
	related := read(d, func(tx *store.Tx) ([]retention.Subject, error) { return tx.Related("p1") })
	slices.SortFunc(related, func(a, b retention.Subject) int { return strings.Compare(a.String(), b.String()) })
	d.same("what a hold of p1 may name", related, []retention.Subject{{Kind: "passenger", ID: "p1"}, {Kind: "traveler", ID: "t1"}, {Kind: "voyage", ID: "v1"}})
}

// orphans: only entries about a record that is gone, and without a due date.
func orphans(d *db) {
	d.boarded()
	d.all(putVoyage(voyage("v2", noon)), addCapture(captured("c1", "e1", 1)), addDecision(decided("d1", "e1"), d.encounter("e1").KeyID), addCrossing(crossed("x1", "p1")),
		func(tx *store.Tx) error {
			return tx.PutStay(admitted("a1", "t1", today))
		})
	log := func(action, subject string) {
		e := entry(subject)
		e.Action = action
		d.write(func(tx *store.Tx) error { return tx.Audit(e) })
	}
	for _, id := range []string{"v1", "e1", "c1", "d1", "p1", "t2", "x1", "a1", "a list", "p9", "v2", "p9"} {
		log("access", id)
	}
	for _, action := range []string{"erasure", "key-issued", "hold-placed", "configuration", "opt-out"} {
		log(action, "e9")
	}
	found := func(seq int64, n int) []int64 {
		return read(d, func(tx *store.Tx) ([]int64, error) { return tx.OrphanOpenings(seq, n, "a list") })
	}
	d.same("in all", found(0, 100), []int64{9, 10, 11, 16})
	d.same("of a part", found(10, 2), []int64{10, 11})
	d.all(func(tx *store.Tx) error { return tx.EndOpening(9, noon) }, func(tx *store.Tx) error { return tx.EndOpening(9, noon.Add(time.Hour)) })
	d.same("without those that have a due date", found(0, 11), []int64{10})
	d.same("which is the first said", d.erasedOpenings(noon), 1)
	d.checkLog()
}
