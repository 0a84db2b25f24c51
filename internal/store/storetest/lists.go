package storetest

import (
	"errors"
	"time"

	"limen/authz"
	"limen/gallery"
	"limen/internal/store"
	"limen/policy"
	"limen/retention"
	"limen/travel"
)

var listSuite = []suiteTest{
	{"API keys", keys},
	{"voyages", voyages},
	{"digests of manifests", manifestDigests},
	{"passengers", passengers},
	{"travelers and documents", travelersAndDocuments},
	{"settings", settings},
	{"holds", holds},
}

func keys(d *db) {
	point, officer := key("k1"), store.Key{ID: "k2", Hash: []byte{9}, Role: authz.Officer, Label: "A. Officer", Created: noon.Add(-time.Hour)}
	carrier := store.Key{ID: "k3", Hash: []byte{8}, Role: authz.Carrier, Carrier: "ZZ", Created: noon}
	d.all(addKey(point), addKey(officer), addKey(carrier))
	get := func(id string) *store.Key {
		return read(d, func(tx *store.Tx) (*store.Key, error) { return tx.Key(id) })
	}
	d.same("key", get("k1"), &point)
	d.same("no key", get("k9"), (*store.Key)(nil))
	d.same("keys by age", read(d, (*store.Tx).Keys), []store.Key{officer, point, carrier})
	d.refused("the same key twice", addKey(point))

	d.write(func(tx *store.Tx) error { return tx.RevokeKey("k1", noon.Add(time.Minute)) })
	d.write(func(tx *store.Tx) error { return tx.RevokeKey("k1", noon.Add(time.Hour)) })
	point.Revoked = noon.Add(time.Minute)
	d.same("revoked, and the first time stays", get("k1"), &point)
	d.same("the others", get("k2"), &officer)
}

func voyages(d *db) {
	late, early := voyage("v-late", noon.Add(time.Hour)), voyage("v-early", noon)
	d.all(putVoyage(late), putVoyage(early))
	get := func(id travel.VoyageID) *store.Voyage {
		return read(d, func(tx *store.Tx) (*store.Voyage, error) { return tx.Voyage(id) })
	}
	d.same("voyage", get("v-late"), &late)
	d.same("no voyage", get("v-none"), (*store.Voyage)(nil))

	// A delay past midnight: the crossing is on another day then.
	late.Legs, late.Ends, late.Day = late.Legs[:1], noon.Add(24*time.Hour), today.AddDays(1)
	d.all(putVoyage(late))
	d.same("changed", get("v-late"), &late)

	d.all(func(tx *store.Tx) error { return tx.CloseVoyage("v-late", noon) }, func(tx *store.Tx) error { return tx.CloseVoyage("v-late", noon.Add(time.Hour)) })
	late.Closed = noon
	d.same("closed, and the first time stays", get("v-late"), &late)
	reopened := late
	reopened.Closed = time.Time{}
	d.all(putVoyage(reopened))
	d.same("a new version does not open it again", get("v-late"), &late)
	d.same("the other is open", get("v-early"), &early)
	open := func(at time.Time) []store.Voyage {
		return read(d, func(tx *store.Tx) ([]store.Voyage, error) { return tx.OpenVoyages(at) })
	}
	d.same("open, to its end", open(noon), []store.Voyage{early})
	d.same("past it", open(noon.Add(time.Microsecond)), []store.Voyage(nil))
}

func manifestDigests(d *db) {
	add := func(reference string, v travel.VoyageID, digest byte) write {
		return func(tx *store.Tx) error { return tx.InsertManifest("ZZ", reference, v, []byte{digest}, noon) }
	}
	d.all(putVoyage(voyage("v1", noon)), add("1/M1", "v1", 7))
	digest := func(sender, reference string, v travel.VoyageID) []byte {
		return read(d, func(tx *store.Tx) ([]byte, error) { return tx.ManifestDigest(sender, reference, v) })
	}
	d.same("digest", digest("ZZ", "1/M1", "v1"), []byte{7})
	d.same("another sender's", digest("QQ", "1/M1", "v1"), []byte(nil))
	d.same("another interchange", digest("ZZ", "2/M1", "v1"), []byte(nil))
	d.same("another voyage", digest("ZZ", "1/M1", "v2"), []byte(nil))
	d.refused("the same message twice", add("1/M1", "v1", 8))
	d.refused("a message of no voyage", add("1/M2", "v9", 8))
}

func passengers(d *db) {
	p2, p1 := passenger("p2", "v1", 2), passenger("p1", "v1", 1)
	d.all(travelers("t1", "t2"), putVoyage(voyage("v1", noon)), putPassenger(p2), putPassenger(p1))
	listed := func() []store.Passenger {
		return read(d, func(tx *store.Tx) ([]store.Passenger, error) { return tx.Passengers("v1") })
	}
	get := func(id travel.PassengerID) *store.Passenger {
		return read(d, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(id) })
	}
	d.same("by position", listed(), []store.Passenger{p1, p2})
	d.same("nobody", get("p9"), (*store.Passenger)(nil))
	p1.Position, p1.Traveler, p1.Listed.Surname, p1.Scope, p1.Readiness = 9, "t2", "NEW", policy.Decision{Result: policy.NeedsOfficer, Ask: "Of which country?"}, gallery.Ready
	p1.Class, p1.Due = retention.CrossingResident, noon.Add(9*time.Hour)
	d.all(putPassenger(p1))
	d.same("changed", listed(), []store.Passenger{p2, p1})
	p1.Removed = noon
	d.all(putPassenger(p1))
	d.same("one removed", listed(), []store.Passenger{p2})
	d.same("who is still known", get("p1"), &p1)
	last := func(v travel.VoyageID) int {
		return read(d, func(tx *store.Tx) (int, error) { return tx.LastPosition(v) })
	}
	d.same("the last position counts who was taken off", []int{last("v1"), last("v2")}, []int{9, 0})
	removed := func(v travel.VoyageID, id travel.TravelerID) *store.Passenger {
		return read(d, func(tx *store.Tx) (*store.Passenger, error) { return tx.RemovedPassenger(v, id) })
	}
	d.same("by who it is", removed("v1", "t2"), &p1)
	d.same("who is listed is not removed", removed("v1", "t1"), (*store.Passenger)(nil))
	d.same("not on another voyage", removed("v2", "t2"), (*store.Passenger)(nil))
	orphan := passenger("p3", "v9", 1)
	d.refused("a passenger of no voyage", putPassenger(orphan))
	orphan.Voyage, orphan.Traveler = "v1", "t9"
	d.refused("a passenger who is nobody", putPassenger(orphan))
	d.vault.destroy(p2.KeyID)
	if p := get("p2"); !p.Erased || p.Listed.Surname != "" {
		d.t.Errorf("a passenger whose data key is gone: %+v", p)
	}
}

func travelersAndDocuments(d *db) {
	who, doc := traveler("t1"), document("P1")
	put := func(d travel.Document, id travel.TravelerID) write {
		return func(tx *store.Tx) error { return tx.PutDocument(d, id) }
	}
	d.all(travelers("t1", "t2"), put(doc, "t1"))
	get := func(id travel.TravelerID) *store.Traveler {
		return read(d, func(tx *store.Tx) (*store.Traveler, error) { return tx.Traveler(id) })
	}
	holder := func(doc travel.Document) travel.TravelerID {
		return read(d, func(tx *store.Tx) (travel.TravelerID, error) { return tx.TravelerOf(doc) })
	}
	got := get("t1")
	who.KeyID = got.KeyID
	d.same("traveler", got, &who)
	d.same("nobody", get("t9"), (*store.Traveler)(nil))
	d.same("holder", holder(doc), travel.TravelerID("t1"))
	for name, other := range map[string]travel.Document{"number": {Type: travel.Passport, Number: "P2", Issuer: "GBR"},
		"issuer": {Type: travel.Passport, Number: "P1", Issuer: "ESP"}, "type": {Type: travel.Visa, Number: "P1", Issuer: "GBR"}} {
		d.same("another "+name, holder(other), travel.TravelerID(""))
	}
	d.all(put(doc, "t2"))
	d.same("the first holder stays", holder(doc), travel.TravelerID("t1"))
	keep := func(due time.Time) write {
		return func(tx *store.Tx) error { return tx.KeepTraveler("t1", retention.CrossingResident, due) }
	}
	d.all(keep(noon.Add(2*time.Hour)), keep(noon.Add(time.Hour)))
	who.Class, who.Due = retention.CrossingResident, noon.Add(2*time.Hour)
	d.same("kept for the longer time", get("t1"), &who)
	d.refused("the same traveler twice", travelers("t1"))
	d.refused("a document of nobody", put(document("P9"), "t9"))
	d.vault.destroy(who.KeyID)
	if v := get("t1"); !v.Erased || v.Surname != "" {
		d.t.Errorf("a traveler whose data key is gone: %+v", v)
	}
}

func settings(d *db) {
	get := func(name string) string {
		return read(d, func(tx *store.Tx) (string, error) { return tx.Setting(name) })
	}
	put := func(value string) write { return func(tx *store.Tx) error { return tx.PutSetting("a", value) } }
	d.same("unset", get("a"), "")
	d.all(put("1"), put("2"))
	d.same("the last", get("a"), "2")
	d.same("another", get("A"), "")
}

func holds(d *db) {
	hold := retention.Hold{ID: "h1", Subject: retention.Subject{Kind: "voyage", ID: "v1"}, Owner: "counsel", Reason: "litigation", Placed: noon, Until: noon.Add(time.Hour)}
	first := hold
	first.ID, first.Placed = "h2", noon.Add(-time.Hour)
	put := func(h retention.Hold) write { return func(tx *store.Tx) error { return tx.PutHold(h) } }
	d.all(put(hold), put(first))
	d.same("in the order they were placed", read(d, (*store.Tx).Holds), []retention.Hold{first, hold})
	lifted := hold
	lifted.Lifted, lifted.LiftedBy, lifted.Owner, lifted.Until = noon.Add(time.Minute), "k1", "nobody", noon
	d.all(put(lifted))
	hold.Lifted, hold.LiftedBy = lifted.Lifted, lifted.LiftedBy
	d.same("lifted; what it was stays", read(d, (*store.Tx).Holds), []retention.Hold{first, hold})
	boom := errors.New("boom")
	if err := d.Write(d.t.Context(), func(tx *store.Tx) error { return errors.Join(tx.PutHold(retention.Hold{ID: "h3"}), boom) }); !errors.Is(err, boom) {
		d.t.Error(err)
	}
	d.same("not held", len(read(d, (*store.Tx).Holds)), 2)
}
