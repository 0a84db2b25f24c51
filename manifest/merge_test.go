package manifest_test

import (
	"reflect"
	"slices"
	"testing"

	"limen/manifest"
	"limen/travel"

	"pgregory.net/rapid"
)

func person(surname, number string) manifest.Passenger {
	p := manifest.Passenger{Person: travel.Person{Surname: surname, GivenNames: "JO", BirthDate: mustDay("1990-01-02")}, Documents: []travel.Document{}}
	if number != "" {
		p.Documents = append(p.Documents, travel.Document{Type: "P", Number: number, Issuer: "UTO"})
	}
	return p
}

func message(reference string, f manifest.Function, list ...manifest.Passenger) manifest.Message {
	return manifest.Message{Sender: "XQ", Reference: reference, Function: f, Passengers: list,
		Legs: []travel.Leg{{Carrier: "XQ", Number: "7", From: "AAA", To: "BBB"}}}
}

func names(list []manifest.Passenger) string {
	s := ""
	for _, p := range list {
		s += p.Surname + " "
	}
	return s
}

func TestMerge(t *testing.T) {
	ada, ben, cy := person("ADA", "P1"), person("BEN", "P2"), person("CY", "")
	m, c := manifest.Merge(manifest.Manifest{}, message("1", manifest.Original, ada, ben, cy))
	if names(m.Passengers) != "ADA BEN CY " || len(c.Added) != 3 || len(m.Legs) != 1 {
		t.Fatalf("original: %+v, %+v", m, c)
	}
	again, c := manifest.Merge(m, message("1", manifest.Original, ada))
	if !c.Repeated || !reflect.DeepEqual(again, m) {
		t.Errorf("repeated: %+v", c)
	}
	_, c = manifest.Merge(m, message("2", manifest.Original, ada))
	if c.Repeated || len(c.Added)+len(c.Changed)+len(c.Removed) != 0 {
		t.Errorf("same facts: %+v", c)
	}
	moved := person("ADA-MARIE", "P1")
	m.Passengers[0].ID = "p-1"
	next, c := manifest.Merge(m, message("3", manifest.Update, moved, person("CY", "P3"), person("DEE", "P4")))
	if names(c.Changed) != "ADA-MARIE CY " || names(c.Added) != "DEE " || names(next.Passengers) != "ADA-MARIE BEN CY DEE " {
		t.Errorf("update: %+v", c)
	}
	if next.Passengers[0].ID != "p-1" || c.Changed[0].ID != "p-1" {
		t.Errorf("the new version has id %q", next.Passengers[0].ID)
	}
	if names(m.Passengers) != "ADA BEN CY " {
		t.Errorf("the manifest before was changed: %s", names(m.Passengers))
	}
	next, c = manifest.Merge(next, message("4", manifest.Reduction, ben, person("NOBODY", "P9")))
	if names(c.Removed) != "BEN " || names(next.Passengers) != "ADA-MARIE CY DEE " {
		t.Errorf("reduction: %+v", c)
	}
	next, c = manifest.Merge(next, message("5", manifest.CloseOut, moved))
	if !next.Closed || len(next.Passengers) != 3 || len(c.Removed) != 0 {
		t.Errorf("close-out of those on board: %+v", c)
	}
	absent := message("6", manifest.CloseOut, person("DEE", "P4"))
	absent.NotBoarded = true
	next, c = manifest.Merge(next, absent)
	if names(c.Removed) != "DEE " || names(next.Passengers) != "ADA-MARIE CY " {
		t.Errorf("close-out of those not on board: %+v", c)
	}
	crew := message("7", manifest.Original, person("EVA", "P5"))
	crew.Crew = true
	if next, _ = manifest.Merge(next, crew); names(next.Crew) != "EVA " || len(next.Passengers) != 2 {
		t.Errorf("crew: %+v", next)
	}
	next, c = manifest.Merge(next, message("8", manifest.Cancel))
	if !next.Canceled || len(next.Passengers)+len(next.Crew) != 0 || len(c.Removed) != 3 {
		t.Errorf("cancellation: %+v", c)
	}
}

// A passenger named twice in one message is one, as last named.
func TestMergeNamedTwice(t *testing.T) {
	m, c := manifest.Merge(manifest.Manifest{}, message("1", manifest.Original, person("ADA", "P1"), person("ADAH", "P1")))
	if names(c.Added) != "ADAH " || len(c.Changed) != 0 || names(m.Passengers) != "ADAH " {
		t.Errorf("added: %+v", c)
	}
	_, c = manifest.Merge(m, message("2", manifest.Update, person("EVA", "P1"), person("EVE", "P1")))
	if names(c.Changed) != "EVE " || len(c.Added) != 0 {
		t.Errorf("changed: %+v", c)
	}
}

func TestMergeIdentity(t *testing.T) {
	twins := message("1", manifest.Original, person("LEE", "P1"), person("LEE", "P2"))
	m, c := manifest.Merge(manifest.Manifest{}, twins)
	if len(m.Passengers) != 2 || len(c.Added) != 2 {
		t.Errorf("one name, two documents: %+v", c)
	}
	m, _ = manifest.Merge(manifest.Manifest{}, message("1", manifest.Original, person("ADA", "P1")))
	_, c = manifest.Merge(m, message("2", manifest.Update, person("ADA", "P7")))
	if len(c.Changed) != 1 || len(c.Added) != 0 {
		t.Errorf("an update with a new passport: %+v", c)
	}
	other := person("ADA", "P1")
	other.Documents[0].Issuer = "XXX"
	_, c = manifest.Merge(m, message("3", manifest.Original, other))
	if len(c.Added) != 1 {
		t.Errorf("the same number of another issuer: %+v", c)
	}
}

// Whatever is merged, a second time changes nothing, and the changes account
// for every passenger.
func TestMergeIsIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var m manifest.Manifest
		for range rapid.IntRange(1, 5).Draw(t, "messages") {
			msg := drawMessage(t)
			next, c := manifest.Merge(m, msg)
			before, after := len(m.Passengers)+len(m.Crew), len(next.Passengers)+len(next.Crew)
			if before+len(c.Added)-len(c.Removed) != after {
				t.Fatalf("%d passengers, %d added, %d removed: %d", before, len(c.Added), len(c.Removed), after)
			}
			again, c := manifest.Merge(next, msg)
			if !c.Repeated || !reflect.DeepEqual(again, next) || !slices.Contains(next.Merged, msg.ID()) {
				t.Fatalf("merged twice: %+v", c)
			}
			m = next
		}
	})
}
