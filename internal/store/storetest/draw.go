package storetest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"time"

	"limen/audit"
	"limen/crossing"
	"limen/decision"
	"limen/gallery"
	"limen/internal/store"
	"limen/linkage"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// poolSize is how many there are of each kind of thing.
const poolSize = 4

// argument draws a value of a type.
func (p *player) argument(t reflect.Type) reflect.Value {
	draw, known := draws[t]
	if !known {
		p.t.Fatalf("histories cannot draw a %v: say how in draws", t)
	}
	return reflect.ValueOf(draw(p.r)).Convert(t)
}

func id[T ~string](r *rand.Rand, letter string) T { return T(fmt.Sprint(letter, r.IntN(poolSize))) }

func oneOf[T any](r *rand.Rand, vs ...T) T { return vs[r.IntN(len(vs))] }

func instant(r *rand.Rand) time.Time {
	return noon.Add(time.Duration(r.IntN(5)-2)*time.Hour + time.Duration(r.IntN(2))*time.Microsecond)
}

func class(r *rand.Rand) retention.Class {
	return oneOf(r, retention.Unresolved, retention.AlienImage, retention.VoyageGallery, retention.Listing)
}

func drawKind(r *rand.Rand) store.Kind { return oneOf(r, store.Kinds...) }

func day(r *rand.Rand) travel.Day { return today.AddDays(r.IntN(4)) }

// name is an id of anything, or an odd text.
func name(r *rand.Rand) string {
	if r.IntN(10) == 0 {
		return oneOf(r, "", "'", "é", "Z", "a\nb", "😀", "\x00")
	}
	return id[string](r, oneOf(r, "t", "v", "p", "e", "c", "d", "x", "a", "i", "r", "k", "h", "l", "g", "f"))
}

var draws = map[reflect.Type]func(r *rand.Rand) any{}

func add[T any](draw func(r *rand.Rand) T) {
	draws[reflect.TypeFor[T]()] = func(r *rand.Rand) any { return draw(r) }
}

func init() {
	add(func(r *rand.Rand) travel.TravelerID { return id[travel.TravelerID](r, "t") })
	add(func(r *rand.Rand) travel.VoyageID { return id[travel.VoyageID](r, "v") })
	add(func(r *rand.Rand) travel.PassengerID { return id[travel.PassengerID](r, "p") })
	add(func(r *rand.Rand) travel.EncounterID { return id[travel.EncounterID](r, "e") })
	add(func(r *rand.Rand) travel.CaptureID { return id[travel.CaptureID](r, "c") })
	add(func(r *rand.Rand) travel.DecisionID { return id[travel.DecisionID](r, "d") })
	add(func(r *rand.Rand) travel.CrossingID { return id[travel.CrossingID](r, "x") })
	add(func(r *rand.Rand) travel.Direction { return oneOf(r, travel.Exit, travel.Entry) })
	add(func(r *rand.Rand) travel.Document { return document(id[string](r, "P")) })
	add(name)
	add(instant)
	add(class)
	add(drawKind)
	add(day)
	add(func(r *rand.Rand) int { return 1 + r.IntN(9) })
	add(func(r *rand.Rand) int64 { return int64(r.IntN(20)) })
	add(func(r *rand.Rand) []byte { return []byte{byte(r.IntN(256)), 0, 0xff}[:r.IntN(4)] })
	add(func(r *rand.Rand) []string {
		return []string{"capture/" + id[string](r, "c"), crossing.OnceKey(id[travel.VoyageID](r, "v"), id[travel.TravelerID](r, "t"), travel.Exit)}
	})
	add(drawVoyage)
	add(drawPassenger)
	add(drawTraveler)
	add(drawEncounter)
	add(drawCapture)
	add(drawCrossing)
	add(drawStay)
	add(drawHold)
	add(func(r *rand.Rand) decision.Decision {
		d := decided(id[travel.DecisionID](r, "d"), id[travel.EncounterID](r, "e"))
		d.Passenger = id[travel.PassengerID](r, "p")
		return d
	})
	add(func(r *rand.Rand) store.Key {
		k := key(id[string](r, "k"))
		k.Created = instant(r)
		return k
	})
	add(func(r *rand.Rand) store.Item {
		i := item(id[string](r, "i"), id[string](r, oneOf(r, "p", "e")), instant(r))
		i.Class = class(r)
		return i
	})
	add(func(r *rand.Rand) store.Reference {
		ref := reference(id[string](r, "r"), id[travel.PassengerID](r, "p"), oneOf(r, gallery.Ready, gallery.TooSmall), id[string](r, "i"))
		ref.Created = instant(r)
		return ref
	})
	add(drawLead)
	add(func(r *rand.Rand) store.StayChange {
		c := extended(id[string](r, "g"), id[string](r, "a"), id[travel.TravelerID](r, "t"), day(r))
		c.Corrects, c.Recorded = oneOf(r, "", id[string](r, "g")), instant(r)
		return c
	})
	add(func(r *rand.Rand) store.LeadFilter {
		return store.LeadFilter{Kind: leadKind(r), Cleared: r.IntN(2) == 0, Port: oneOf[travel.Port](r, "", "BGR"), From: oneOf(r, travel.Day{}, day(r)), To: oneOf(r, travel.Day{}, day(r))}
	})
	add(func(r *rand.Rand) []linkage.Key {
		return []linkage.Key{linkage.Key("capture/" + id[string](r, "c")), linkage.Key(crossing.OnceKey(id[travel.VoyageID](r, "v"), id[travel.TravelerID](r, "t"), travel.Exit))}
	})
	add(func(r *rand.Rand) linkage.RecordID { return id[linkage.RecordID](r, "f") })
	add(func(r *rand.Rand) store.FileRecord {
		f := merged(id[linkage.RecordID](r, "f"))
		f.Kept, f.Other, f.At = id[travel.TravelerID](r, "t"), id[travel.TravelerID](r, "t"), instant(r)
		return f
	})
	add(func(r *rand.Rand) audit.Entry {
		e := entry(name(r))
		e.At, e.Action = instant(r), oneOf(r, "access", "decision", "Not An Action")
		return e
	})
	add(func(r *rand.Rand) store.Checkpoint {
		return store.Checkpoint{Size: int64(r.IntN(5)), At: instant(r), Note: []byte(name(r))}
	})
	add(func(r *rand.Rand) retention.Subject {
		return retention.Subject{Kind: oneOf(r, retention.OfTraveler, retention.OfVoyage, retention.OfEncounter, retention.OfPassenger), ID: id[string](r, oneOf(r, "t", "v", "p", "e"))}
	})
	add(func(r *rand.Rand) store.Due {
		return store.Due{Kind: drawKind(r), Subject: name(r), Class: class(r), At: instant(r)}
	})
	add(func(r *rand.Rand) store.Opening { return store.Opening{Seq: int64(r.IntN(9)), Due: instant(r)} })
	add(func(r *rand.Rand) store.Erasure {
		return store.Erasure{KeyID: fmt.Sprintf("key-%06d", 1+r.IntN(12)), Kind: oneOf(r, append([]store.Kind{store.Resealed}, store.Kinds...)...), Subject: id[string](r, oneOf(r, "t", "p", "e")),
			Class: class(r), Cause: "drawn", At: instant(r)}
	})
}

func drawVoyage(r *rand.Rand) store.Voyage {
	v := voyage(id[travel.VoyageID](r, "v"), instant(r))
	v.Legs, v.Day = v.Legs[:r.IntN(3)], day(r)
	return v
}

func drawPassenger(r *rand.Rand) store.Passenger {
	p := passenger(id[travel.PassengerID](r, "p"), id[travel.VoyageID](r, "v"), r.IntN(9))
	p.Traveler, p.Class, p.Due = id[travel.TravelerID](r, "t"), class(r), instant(r)
	p.Removed = oneOf(r, time.Time{}, time.Time{}, instant(r))
	return p
}

func drawTraveler(r *rand.Rand) store.Traveler {
	v := traveler(id[travel.TravelerID](r, "t"))
	v.Class, v.Due = class(r), instant(r)
	return v
}

func drawEncounter(r *rand.Rand) store.Encounter {
	e := encounter(id[travel.EncounterID](r, "e"), id[travel.VoyageID](r, "v"))
	e.Opened, e.Class, e.Due = instant(r), class(r), instant(r)
	return e
}

func drawCapture(r *rand.Rand) store.Capture {
	c := captured(id[travel.CaptureID](r, "c"), id[travel.EncounterID](r, "e"), 1+r.IntN(3))
	c.Received, c.Item, c.AttackScore = instant(r), id[string](r, "i"), r.Float32()
	c.Action = oneOf(r, decision.Confirmed, decision.CaptureAgain, decision.ManualInspection)
	return c
}

func drawCrossing(r *rand.Rand) crossing.Crossing {
	c := crossed(id[travel.CrossingID](r, "x"), id[travel.PassengerID](r, "p"))
	c.Traveler, c.Voyage, c.Direction = id[travel.TravelerID](r, "t"), id[travel.VoyageID](r, "v"), oneOf(r, travel.Exit, travel.Entry)
	c.At, c.Decision, c.Capture = instant(r), id[travel.DecisionID](r, "d"), oneOf(r, "", id[travel.CaptureID](r, "c"))
	c.Corrects, c.Void = oneOf(r, "", "", id[travel.CrossingID](r, "x")), r.IntN(3) == 0
	return c
}

func leadKind(r *rand.Rand) stay.LeadKind {
	return oneOf(r, stay.UnmatchedDeparture, stay.OverstayInCountry)
}

func drawLead(r *rand.Rand) store.Lead {
	l := lead(id[string](r, "l"), id[travel.TravelerID](r, "t"), leadKind(r))
	l.Admission, l.Crossing, l.Day, l.Raised = id[string](r, "a"), id[travel.CrossingID](r, "x"), day(r), instant(r)
	if r.IntN(2) == 0 {
		l.Clearing = store.Clearing{Cleared: instant(r), How: store.ByOfficer, By: "k1", Officer: "A. Officer", Reason: name(r)}
	}
	return l
}

func drawStay(r *rand.Rand) store.Stay {
	s := admitted(id[string](r, "a"), id[travel.TravelerID](r, "t"), day(r))
	s.Day, s.Crossing = day(r), id[travel.CrossingID](r, "x")
	if r.IntN(2) == 0 {
		s.Closed, s.ClosedBy = day(r), id[travel.CrossingID](r, "x")
	}
	if r.IntN(3) == 0 {
		s.Changes = []stay.Change{extended("g1", s.ID, s.Traveler, day(r)).Change}
	}
	return s
}

func drawHold(r *rand.Rand) retention.Hold {
	return retention.Hold{ID: id[string](r, "h"), Subject: retention.Subject{Kind: retention.OfVoyage, ID: id[string](r, "v")}, Owner: "counsel", Reason: name(r), Placed: instant(r), Until: instant(r)}
}
