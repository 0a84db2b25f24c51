package store_test

import (
	"crypto/sha256"
	"slices"
	"strings"
	"testing"
	"time"

	"limen/biometric"
	"limen/decision"
	"limen/gallery"
	"limen/internal/store"
	"limen/manifest"
	"limen/match"
	"limen/policy"
	"limen/retention"
	"limen/travel"
)

var testModel = biometric.ModelID{Name: "test", SHA256: sha256.Sum256([]byte("test"))}

var today = travel.Day{Year: 2026, Month: 11, Date: 23}

func voyage(id travel.VoyageID, ends time.Time) store.Voyage {
	return store.Voyage{Voyage: travel.Voyage{ID: id, Direction: travel.Exit, Port: "BGR", Legs: []travel.Leg{
		{Carrier: "ZZ", Number: "1", From: "BGR", To: "YHZ", Departure: travel.LocalTime{Day: today, Minute: 600}},
		{Carrier: "ZZ", Number: "1", From: "YHZ", To: "LHR", Arrival: travel.LocalTime{Day: today.AddDays(1), Minute: 30}}}},
		Carrier: "ZZ", Day: today, Ends: ends}
}

func passenger(id travel.PassengerID, v travel.VoyageID, position int) store.Passenger {
	return store.Passenger{ID: id, Voyage: v, Position: position, Traveler: "t1",
		Listed: manifest.Passenger{Person: travel.Person{Surname: "O'BRIEN", GivenNames: "ZOË \"Z\"", BirthDate: travel.Day{Year: 1980, Month: 2, Date: 29}, Sex: travel.SexX, Nationality: "XXA"},
			Embark: "BGR", Debark: "LHR", Documents: []travel.Document{{Type: travel.Passport, Number: "P1", Issuer: "GBR", Expiry: today}}, Reference: "R1", Locator: "L1", Transit: true},
		Scope: policy.Answer{Scope: policy.InScope, RuleSet: "us-2025", Clause: "8 CFR 215.8(a)(1)", Citation: "90 FR 48604"}, Readiness: gallery.NoReference}
}

func TestVoyages(t *testing.T) {
	d := open(t)
	late, early := voyage("v-late", noon.Add(time.Hour)), voyage("v-early", noon)
	d.all(func(tx *store.Tx) error { return tx.PutVoyage(late) }, func(tx *store.Tx) error { return tx.PutVoyage(early) })
	get := func(id travel.VoyageID) *store.Voyage {
		return read(d, func(tx *store.Tx) (*store.Voyage, error) { return tx.Voyage(id) })
	}
	same(t, "voyage", get("v-late"), &late)
	same(t, "no voyage", get("v-none"), (*store.Voyage)(nil))

	// A delay past midnight: the crossing is on another day then.
	late.Legs, late.Ends, late.Day = late.Legs[:1], noon.Add(24*time.Hour), today.AddDays(1)
	d.all(func(tx *store.Tx) error { return tx.PutVoyage(late) })
	same(t, "changed", get("v-late"), &late)

	d.all(func(tx *store.Tx) error { return tx.CloseVoyage("v-late", noon) }, func(tx *store.Tx) error { return tx.CloseVoyage("v-late", noon.Add(time.Hour)) })
	late.Closed = noon
	same(t, "closed, and the first time stays", get("v-late"), &late)
	reopened := late
	reopened.Closed = time.Time{}
	d.all(func(tx *store.Tx) error { return tx.PutVoyage(reopened) })
	same(t, "a new version does not open it again", get("v-late"), &late)
	same(t, "the other is open", get("v-early"), &early)
}

func TestManifestDigests(t *testing.T) {
	d := open(t)
	d.all(func(tx *store.Tx) error { return tx.PutVoyage(voyage("v1", noon)) },
		func(tx *store.Tx) error { return tx.InsertManifest("ZZ", "1/M1", "v1", []byte{7}, noon) })
	digest := func(sender, reference string, v travel.VoyageID) []byte {
		return read(d, func(tx *store.Tx) ([]byte, error) { return tx.ManifestDigest(sender, reference, v) })
	}
	same(t, "digest", digest("ZZ", "1/M1", "v1"), []byte{7})
	same(t, "another sender's", digest("QQ", "1/M1", "v1"), []byte(nil))
	same(t, "another interchange", digest("ZZ", "2/M1", "v1"), []byte(nil))
	same(t, "another voyage", digest("ZZ", "1/M1", "v2"), []byte(nil))
	d.refused("the same message twice", func(tx *store.Tx) error { return tx.InsertManifest("ZZ", "1/M1", "v1", []byte{8}, noon) })
	d.refused("a message of no voyage", func(tx *store.Tx) error { return tx.InsertManifest("ZZ", "1/M2", "v9", []byte{8}, noon) })
}

func TestPassengers(t *testing.T) {
	d := open(t)
	p2, p1 := passenger("p2", "v1", 2), passenger("p1", "v1", 1)
	d.all(travelers("t1", "t2"), func(tx *store.Tx) error { return tx.PutVoyage(voyage("v1", noon)) },
		func(tx *store.Tx) error { return tx.PutPassenger(p2) }, func(tx *store.Tx) error { return tx.PutPassenger(p1) })
	listed := func() []store.Passenger {
		return read(d, func(tx *store.Tx) ([]store.Passenger, error) { return tx.Passengers("v1") })
	}
	get := func(id travel.PassengerID) *store.Passenger {
		return read(d, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(id) })
	}
	same(t, "by position", listed(), []store.Passenger{p1, p2})
	same(t, "nobody", get("p9"), (*store.Passenger)(nil))
	p1.Position, p1.Traveler, p1.Listed.Surname, p1.Scope, p1.Readiness = 9, "t2", "NEW", policy.Answer{Scope: policy.NeedsOfficer, Ask: "Of which country?"}, gallery.Ready
	d.all(func(tx *store.Tx) error { return tx.PutPassenger(p1) })
	same(t, "changed", listed(), []store.Passenger{p2, p1})
	p1.Removed = noon
	d.all(func(tx *store.Tx) error { return tx.PutPassenger(p1) })
	same(t, "one removed", listed(), []store.Passenger{p2})
	same(t, "who is still known", get("p1"), &p1)
	last := func(v travel.VoyageID) int {
		return read(d, func(tx *store.Tx) (int, error) { return tx.LastPosition(v) })
	}
	same(t, "the last position counts who was taken off", []int{last("v1"), last("v2")}, []int{9, 0})
	removed := func(v travel.VoyageID, id travel.TravelerID) *store.Passenger {
		return read(d, func(tx *store.Tx) (*store.Passenger, error) { return tx.RemovedPassenger(v, id) })
	}
	same(t, "by who it is", removed("v1", "t2"), &p1)
	same(t, "who is listed is not removed", removed("v1", "t1"), (*store.Passenger)(nil))
	same(t, "not on another voyage", removed("v2", "t2"), (*store.Passenger)(nil))
	orphan := passenger("p3", "v9", 1)
	d.refused("a passenger of no voyage", func(tx *store.Tx) error { return tx.PutPassenger(orphan) })
	orphan.Voyage, orphan.Traveler = "v1", "t9"
	d.refused("a passenger who is nobody", func(tx *store.Tx) error { return tx.PutPassenger(orphan) })
}

func TestTravelersAndDocuments(t *testing.T) {
	d := open(t)
	who := travel.Traveler{ID: "t1", Person: travel.Person{Surname: "DÍAZ", GivenNames: "ANA'; DROP TABLE travelers; --", BirthDate: today, Sex: travel.Female, Nationality: "ESP"}}
	doc := travel.Document{Type: travel.Passport, Number: "P1", Issuer: "ESP", Expiry: today}
	d.all(func(tx *store.Tx) error { return tx.InsertTraveler(who, noon) }, travelers("t2"), func(tx *store.Tx) error { return tx.PutDocument(doc, "t1") })
	get := func(id travel.TravelerID) *travel.Traveler {
		return read(d, func(tx *store.Tx) (*travel.Traveler, error) { return tx.Traveler(id) })
	}
	holder := func(d2 travel.Document) travel.TravelerID {
		return read(d, func(tx *store.Tx) (travel.TravelerID, error) { return tx.TravelerOf(d2) })
	}
	same(t, "traveler", get("t1"), &who)
	same(t, "nobody", get("t9"), (*travel.Traveler)(nil))
	same(t, "holder", holder(doc), travel.TravelerID("t1"))
	for name, other := range map[string]travel.Document{"number": {Type: travel.Passport, Number: "P2", Issuer: "ESP"},
		"issuer": {Type: travel.Passport, Number: "P1", Issuer: "GBR"}, "type": {Type: travel.Visa, Number: "P1", Issuer: "ESP"}} {
		same(t, "another "+name, holder(other), travel.TravelerID(""))
	}
	doc.Expiry = today.AddDays(100)
	d.all(func(tx *store.Tx) error { return tx.PutDocument(doc, "t2") })
	same(t, "the first holder stays", holder(doc), travel.TravelerID("t1"))
	d.refused("the same traveler twice", func(tx *store.Tx) error { return tx.InsertTraveler(who, noon) })
	d.refused("a document of nobody", func(tx *store.Tx) error { return tx.PutDocument(travel.Document{Number: "P9"}, "t9") })
}

func sealed(id, subject string, due time.Time) store.Sealed {
	return store.Sealed{KeyID: id, Subject: subject, Class: retention.Unresolved, Due: due, Image: []byte{0xde, 0xad}, Template: []byte(id), Model: testModel}
}

func insertSealed(ss ...store.Sealed) func(*store.Tx) error {
	return func(tx *store.Tx) error {
		for _, s := range ss {
			if err := tx.InsertSealed(s); err != nil {
				return err
			}
		}
		return nil
	}
}

func TestSealed(t *testing.T) {
	d := open(t)
	a, b, c := sealed("k1", "p1", noon), sealed("k2", "p1", noon.Add(time.Microsecond)), sealed("k3", "p2", noon.Add(-time.Hour))
	bare := sealed("k4", "p3", noon.Add(time.Hour))
	bare.Image = nil
	d.all(insertSealed(b, a, c, bare))
	of := func(subject string) []store.Sealed { // in an order of the test's own
		items := read(d, func(tx *store.Tx) ([]store.Sealed, error) { return tx.Sealed(subject) })
		slices.SortFunc(items, func(a, b store.Sealed) int { return strings.Compare(a.KeyID, b.KeyID) })
		return items
	}
	due := func(now time.Time, n int) []store.Due {
		return read(d, func(tx *store.Tx) ([]store.Due, error) { return tx.SealedDue(now, n) })
	}
	item := func(id string) *store.Sealed {
		return read(d, func(tx *store.Tx) (*store.Sealed, error) { return tx.SealedItem(id) })
	}
	same(t, "of one", of("p1"), []store.Sealed{a, b})
	if got := of("p3"); len(got) != 1 || len(got[0].Image) != 0 {
		t.Errorf("an item without an image: %+v", got)
	}
	dueOf := func(subject string) time.Time {
		return read(d, func(tx *store.Tx) (time.Time, error) { return tx.DueOf(subject) })
	}
	same(t, "the first due of one", dueOf("p1"), noon)
	same(t, "of nobody", dueOf("p9"), time.Time{})
	if all := read(d, (*store.Tx).AllSealed); len(all) != 4 {
		t.Errorf("%d items in all", len(all))
	} else {
		same(t, "every one", all[:3], []store.Sealed{a, b, c})
	}
	same(t, "by key", item("k2"), &b)
	same(t, "none", item("k9"), (*store.Sealed)(nil))
	same(t, "due a microsecond before", due(noon.Add(-time.Microsecond), 9), []store.Due{{Subject: "p2", At: c.Due}})
	same(t, "due, oldest first", due(noon, 9), []store.Due{{Subject: "p2", At: c.Due}, {Subject: "p1", At: noon}})
	same(t, "due later, a subject once and by its earliest", due(noon.Add(time.Minute), 9), []store.Due{{Subject: "p2", At: c.Due}, {Subject: "p1", At: noon}})
	same(t, "the first of those due", due(noon, 1), []store.Due{{Subject: "p2", At: c.Due}})
	d.refused("a data key used twice", insertSealed(sealed("k1", "p9", noon)))

	d.all(func(tx *store.Tx) error { return tx.Reclassify("p1", retention.AlienImage, noon.Add(9*time.Hour)) })
	a.Class, b.Class, a.Due, b.Due = retention.AlienImage, retention.AlienImage, noon.Add(9*time.Hour), noon.Add(9*time.Hour)
	same(t, "another class", of("p1"), []store.Sealed{a, b})
	same(t, "the others'", of("p2"), []store.Sealed{c})
	same(t, "by class", read(d, (*store.Tx).SealedClasses), map[retention.Class]int{retention.AlienImage: 2, retention.Unresolved: 2})
}

func encounter(id travel.EncounterID, v travel.VoyageID) store.Encounter {
	return store.Encounter{Encounter: travel.Encounter{ID: id, Voyage: v, Point: "GATE-1", Port: "BGR", Direction: travel.Exit, Opened: noon}}
}

func captured(id travel.CaptureID, e travel.EncounterID, attempt int) store.Capture {
	return store.Capture{ID: id, Encounter: e, Digest: []byte{1, 2}, Received: noon, Attempt: attempt, Action: decision.CaptureAgain, Advice: "Hold still.",
		Reasons: []decision.Reason{decision.NoMatch, "blurred"}, Passenger: "p1",
		Result:      match.Result{Model: testModel, GallerySize: 3, Threshold: 0.625, Candidates: []match.Candidate{{Passenger: "p1", Score: 0.75}}},
		AttackScore: 0.5, Quality: biometric.Quality{FaceHeight: 200, Yaw: -3.5}, Acceptable: true, KeyID: "k1"}
}
