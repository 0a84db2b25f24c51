package app

import (
	"fmt"
	"testing"

	"limen/internal/linkagesim"
	"limen/internal/store"
	"limen/linkage"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// file puts the arrivals of a simulated file on record, each with an open stay.
func (s *site) file(arrivals []linkage.Person) {
	s.t.Helper()
	today := travel.DayOf(s.clock)
	for from := 0; from < len(arrivals); from += 1000 {
		err := s.store.Write(s.t.Context(), func(tx *store.Tx) error {
			for i, p := range arrivals[from:min(from+1000, len(arrivals))] {
				id := linkagesim.TravelerID(from + i)
				who := travel.Person{Surname: p.Surname, GivenNames: p.GivenNames, BirthDate: travel.Day(p.Birth), Sex: p.Sex, Nationality: p.Nationality}
				err := tx.InsertTraveler(store.Traveler{Traveler: travel.Traveler{ID: id, Person: who}, Class: retention.Listing, Due: s.listingEnds()}, s.clock)
				if err != nil {
					return err
				}
				if err := tx.PutLinkKeys(id, linkKeys(p)); err != nil {
					return err
				}
				if err := tx.PutStay(store.Stay{Stay: stay.Stay{Admission: stay.Admission{ID: "a" + string(id), Traveler: id, Day: today, Class: "B-2", AdmitUntil: today}}}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
	}
}

// What is measured in memory (linkagesim, limen bench linkage) is what runs: on
// the same people, keys, census and stays on record give each departure the same
// matches, to the evidence.
func TestRecordMatchesAsMeasured(t *testing.T) {
	if raced {
		t.Skip("ten thousand travelers: make test runs it without the race detector")
	}
	arrivals, departures := 10_000, 400
	f := linkagesim.NewFile(arrivals, 31)
	s := newSite(t)
	s.file(f.World.Arrivals)
	n, merged, leads := 0, 0, 0
	for d := range f.World.Departures() {
		if n++; n > departures {
			break
		}
		d.Person.Documents = nil // of nobody on file, and a traveler on record is compared without
		want := f.Match(d)
		var more bool
		got := read(s, func(tx *store.Tx) (got []linkage.Match, err error) {
			people, err := s.people(tx)
			if err != nil || people != arrivals {
				return nil, fmt.Errorf("%d people are counted, %w", people, err)
			}
			got, more, err = weigh(tx, d.Person, travel.DayOf(s.clock), people, func(travel.TravelerID) bool { return false })
			return got, err
		})
		if fmt.Sprintf("%+v", got) != fmt.Sprintf("%+v", want) {
			t.Fatalf("departure %d: on record %+v, measured %+v", n, got, want)
		}
		if _, is := linkage.Mergeable(got); is {
			merged++
		} else if len(got) > 0 {
			leads++
		}
		if more {
			t.Errorf("departure %d: not all seen", n)
		}
	}
	if merged < departures/2 || leads == 0 {
		t.Errorf("of %d departures %d merged, %d leads: this compared nothing", departures, merged, leads)
	}
}
