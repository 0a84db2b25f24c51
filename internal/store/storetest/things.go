package storetest

import (
	"crypto/sha256"
	"time"

	"limen/authz"
	"limen/biometric"
	"limen/crossing"
	"limen/decision"
	"limen/gallery"
	"limen/internal/store"
	"limen/linkage"
	"limen/manifest"
	"limen/match"
	"limen/policy"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// Things to record, each with every field in use.

var testModel = biometric.ModelID{Name: "test", SHA256: sha256.Sum256([]byte("test"))}

var today = travel.Day{Year: 2026, Month: 11, Date: 23}

func key(id string) store.Key {
	return store.Key{ID: id, Hash: []byte{1, 2, 3}, Role: authz.Point, Port: "BGR", Point: "GATE-1", Label: "a gate", Created: noon}
}

func voyage(id travel.VoyageID, ends time.Time) store.Voyage {
	return store.Voyage{Voyage: travel.Voyage{ID: id, Direction: travel.Exit, Port: "BGR", Legs: []travel.Leg{
		{Carrier: "ZZ", Number: "1", From: "BGR", To: "YHZ", Departure: travel.LocalTime{Day: today, Minute: 600}},
		{Carrier: "ZZ", Number: "1", From: "YHZ", To: "LHR", Arrival: travel.LocalTime{Day: today.AddDays(1), Minute: 30}}}},
		Carrier: "ZZ", Day: today, Ends: ends}
}

func traveler(id travel.TravelerID) store.Traveler {
	return store.Traveler{Traveler: travel.Traveler{ID: id, Person: travel.Person{Surname: "DÍAZ", GivenNames: "ANA'; DROP TABLE travelers; --", BirthDate: today,
		Sex: travel.Female, Nationality: "ESP"}}, Class: retention.CrossingNonimmigrant, Due: noon}
}

func travelers(ids ...travel.TravelerID) write {
	return func(tx *store.Tx) error {
		for _, id := range ids {
			if err := tx.InsertTraveler(traveler(id), noon); err != nil {
				return err
			}
		}
		return nil
	}
}

func passenger(id travel.PassengerID, v travel.VoyageID, position int) store.Passenger {
	return store.Passenger{ID: id, Voyage: v, Position: position, Traveler: "t1",
		Listed: manifest.Passenger{Person: travel.Person{Surname: "O'BRIEN", GivenNames: "ZOË \"Z\"", BirthDate: travel.Day{Year: 1980, Month: 2, Date: 29}, Sex: travel.SexX, Nationality: "XXA"},
			Embark: "BGR", Debark: "LHR", Documents: []travel.Document{document("P1")}, Reference: "R1", Locator: "L1", Transit: true},
		Country: "GBR", Scope: policy.Decision{Result: policy.Required, Standing: policy.Alien, RuleSet: "us-2025", Clause: "8 CFR 215.8(a)(1)", Citation: "90 FR 48604"}, Readiness: gallery.NoReference,
		KeyID: "key-of-" + string(id), Class: retention.Listing, Due: noon.Add(time.Hour)}
}

func document(number string) travel.Document {
	return travel.Document{Type: travel.Passport, Number: number, Issuer: "GBR", Expiry: today}
}

func item(id, subject string, due time.Time) store.Item {
	return store.Item{ID: id, Subject: subject, Class: retention.Unresolved, Due: due, Image: []byte{0xde, 0, 0xad}, Template: []byte(id), Model: testModel}
}

func reference(id string, p travel.PassengerID, r gallery.Readiness, item string) store.Reference {
	return store.Reference{ID: id, Reference: gallery.Reference{Passenger: p, Source: gallery.VisaPhoto, Readiness: r, Model: testModel}, Item: item, Created: noon}
}

func encounter(id travel.EncounterID, v travel.VoyageID) store.Encounter {
	return store.Encounter{Encounter: travel.Encounter{ID: id, Voyage: v, Point: "GATE-1", Port: "BGR", Direction: travel.Exit, Opened: noon},
		Class: retention.Unresolved, Due: noon.Add(time.Hour)}
}

func captured(id travel.CaptureID, e travel.EncounterID, attempt int) store.Capture {
	return store.Capture{ID: id, Encounter: e, Digest: []byte{1, 2}, Received: noon, Attempt: attempt, Action: decision.CaptureAgain, Advice: "Hold still.",
		Reasons: []decision.Reason{decision.NoMatch, "blurred"}, Passenger: "p1",
		Result:      match.Result{Model: testModel, GallerySize: 3, Threshold: 0.625, Candidates: []match.Candidate{{Passenger: "p1", Score: 0.75}}},
		AttackScore: 0.1, Quality: biometric.Quality{FaceHeight: 200, Yaw: -3.5}, Acceptable: true, Item: "i1"}
}

func decided(id travel.DecisionID, e travel.EncounterID) decision.Decision {
	return decision.Decision{ID: id, Encounter: e, Passenger: "p1", Outcome: decision.Departed, Officer: "A. Officer", Reason: "compared"}
}

func crossed(id travel.CrossingID, p travel.PassengerID) crossing.Crossing {
	return crossing.Crossing{ID: id, Traveler: "t1", Voyage: "v1", Passenger: p, Direction: travel.Exit, Port: "BGR", Point: "GATE-1", Day: today, At: noon,
		Confirmation: crossing.Biometric, Capture: "c1", Decision: "d1", RecordedLate: true, Retention: retention.CrossingNonimmigrant}
}

// One write each, for lists of them.

func putVoyage(v store.Voyage) write { return func(tx *store.Tx) error { return tx.PutVoyage(v) } }
func putPassenger(p store.Passenger) write {
	return func(tx *store.Tx) error { return tx.PutPassenger(p) }
}
func addEncounter(e store.Encounter) write {
	return func(tx *store.Tx) error { return tx.InsertEncounter(e) }
}
func addCapture(c store.Capture) write {
	return func(tx *store.Tx) error { return tx.InsertCapture(c) }
}
func addReference(r store.Reference) write {
	return func(tx *store.Tx) error { return tx.InsertReference(r) }
}
func addCrossing(c crossing.Crossing) write {
	return func(tx *store.Tx) error { return tx.InsertCrossing(c) }
}
func addKey(k store.Key) write { return func(tx *store.Tx) error { return tx.InsertKey(k) } }

func addDecision(d decision.Decision, keyID string) write {
	return func(tx *store.Tx) error { return tx.InsertDecision(d, keyID, noon) }
}

func addItems(is ...store.Item) write {
	return func(tx *store.Tx) error {
		for _, i := range is {
			if err := tx.InsertItem(i); err != nil {
				return err
			}
		}
		return nil
	}
}

// admitted is a stay that is open until a day, changed once.
func admitted(id string, t travel.TravelerID, until travel.Day) store.Stay {
	return store.Stay{Stay: stay.Stay{Admission: stay.Admission{ID: id, Traveler: t, Day: today, Class: "B-2", AdmitUntil: until, Crossing: "x1"}},
		Port: "BGR", Mode: "air", Country: "GBR"}
}

// extended is an extension of a stay until a day.
func extended(id, admission string, t travel.TravelerID, until travel.Day) store.StayChange {
	return store.StayChange{Change: stay.Change{ID: id, Traveler: t, Admission: admission, Kind: stay.Extension, Outcome: stay.Granted, Filed: today,
		Day: today.AddDays(1), AdmitUntil: until}, Recorded: noon}
}

// lead is an open lead about the stay a1 and the crossing x2.
func lead(id string, t travel.TravelerID, k stay.LeadKind) store.Lead {
	return store.Lead{ID: id, Lead: stay.Lead{Kind: k, Traveler: t, Admission: "a1", Crossing: "x2", Days: 10, Day: today.AddDays(20), Change: "g1"},
		Until: today.AddDays(10), Port: "BGR", Raised: noon}
}

// merged is the merge of t2 into t1 for a departure.
func merged(id linkage.RecordID) store.FileRecord {
	return store.FileRecord{ID: id, Kind: store.Merged, Kept: "t1", Other: "t2", Crossing: "x1", By: "k1", At: noon, Officer: "A. Officer", Reason: "compared",
		Match:  &linkage.Match{Candidate: "t1", Strength: linkage.Weak, Evidence: []linkage.Evidence{{Field: linkage.SurnameField, Level: linkage.Same, Bits: 9.5}}, Total: 9.5},
		Before: []store.Stay{admitted("a1", "t1", today)}}
}

func putStay(s store.Stay) write { return func(tx *store.Tx) error { return tx.PutStay(s) } }
func putLead(l store.Lead) write { return func(tx *store.Tx) error { return tx.PutLead(l) } }
func addChange(c store.StayChange) write {
	return func(tx *store.Tx) error { return tx.InsertChange(c) }
}
func addFileRecord(r store.FileRecord) write {
	return func(tx *store.Tx) error { return tx.InsertFileRecord(r) }
}
