package gallery_test

import (
	"crypto/sha256"
	"fmt"
	"math"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"limen/biometric"
	"limen/errs"
	"limen/gallery"
	"limen/travel"
)

const features = 8

func model(name string) biometric.ModelID {
	return biometric.ModelID{Name: name, SHA256: sha256.Sum256([]byte(name))}
}

func template(t rapid.TB, raw ...float32) biometric.Template {
	t.Helper()
	full := make([]float32, features)
	copy(full, raw)
	tpl, err := biometric.NewTemplate(model("a"), full)
	if err != nil {
		t.Fatal(err)
	}
	return tpl
}

var (
	end    = time.Date(2026, 11, 24, 6, 0, 0, 0, time.UTC)
	atGate = travel.Encounter{ID: "encounter-1", Voyage: "ZZ1", Direction: travel.Exit}
)

func empty(t rapid.TB) *gallery.Gallery {
	t.Helper()
	g, err := gallery.New("ZZ1", model("a"), features, end)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func add(t rapid.TB, g *gallery.Gallery, p travel.PassengerID, raw ...float32) {
	t.Helper()
	if err := g.Add(p, template(t, raw...)); err != nil {
		t.Fatal(err)
	}
}

// TestSearchNeedsItsEncounter is promise 22 at its lowest door: a probe from no
// encounter, or from another voyage's, finds nobody, whoever asks.
func TestSearchNeedsItsEncounter(t *testing.T) {
	g := empty(t)
	add(t, g, "p1", 1)
	for _, c := range []struct {
		name string
		e    travel.Encounter
		ok   bool
	}{
		{"its own", atGate, true},
		{"none", travel.Encounter{}, false},
		{"one without an id", travel.Encounter{Voyage: "ZZ1"}, false},
		{"another voyage's", travel.Encounter{ID: "encounter-1", Voyage: "ZZ2"}, false},
		{"one of no voyage", travel.Encounter{ID: "encounter-1"}, false},
		{"a voyage written otherwise", travel.Encounter{ID: "encounter-1", Voyage: "zz1"}, false},
	} {
		found, err := g.Search(c.e, template(t, 1), 1)
		if c.ok {
			if err != nil || len(found) != 1 || found[0].Passenger != "p1" {
				t.Errorf("%s: %v, %v", c.name, found, err)
			}
			continue
		}
		if found != nil || errs.KindOf(err) != errs.Forbidden || errs.CodeOf(err) != "gallery-encounter" {
			t.Errorf("%s: %v, %v", c.name, found, err)
		}
	}
}

// A gallery of no voyage would be open to encounters of none.
func TestNewRefuses(t *testing.T) {
	if _, err := gallery.New("", model("a"), features, end); errs.CodeOf(err) != "gallery-voyage" {
		t.Errorf("no voyage: %v", err)
	}
	if _, err := gallery.New("ZZ1", biometric.ModelID{}, features, end); errs.CodeOf(err) != "template-model" {
		t.Errorf("no model: %v", err)
	}
	if _, err := gallery.New("ZZ1", model("a"), 0, end); errs.CodeOf(err) != "template-model" {
		t.Errorf("no features: %v", err)
	}
}

func TestAddRefuses(t *testing.T) {
	g := empty(t)
	if err := g.Add("", template(t, 1)); errs.CodeOf(err) != "gallery-passenger" {
		t.Errorf("a reference of nobody: %v", err)
	}
	long, err := biometric.NewTemplate(model("a"), make([]float32, features+1))
	if err == nil {
		t.Fatal("all zero")
	}
	if err := g.Add("p1", long); errs.CodeOf(err) != "template-model" {
		t.Errorf("no template: %v", err)
	}
	for i := range gallery.MaxReferences {
		add(t, g, "p1", 1, float32(i))
	}
	if err := g.Add("p1", template(t, 1)); errs.CodeOf(err) != "gallery-references" {
		t.Errorf("one reference too many: %v", err)
	}
	if g.References() != gallery.MaxReferences || g.Passengers() != 1 {
		t.Errorf("refused references were counted: %d of %d", g.References(), g.Passengers())
	}
	add(t, g, "p2", 1) // the limit is each passenger's own
}

func TestExpired(t *testing.T) {
	g := empty(t)
	for at, want := range map[time.Time]bool{end.Add(-time.Nanosecond): false, end: true, end.Add(time.Hour): true} {
		if got := g.Expired(at); got != want {
			t.Errorf("%v before its end it is expired: %v", end.Sub(at), got)
		}
	}
}

func TestRemovedIsNotFound(t *testing.T) {
	g := empty(t)
	add(t, g, "p1", 1)
	add(t, g, "p1", 1, 0.1)
	add(t, g, "p2", 0, 1)
	if n := g.Remove("p1"); n != 2 {
		t.Errorf("%d references removed, want 2", n)
	}
	if n := g.Remove("p1"); n != 0 {
		t.Errorf("%d removed again", n)
	}
	add(t, g, "p3", 0, 0, 1) // takes a row that p1 had: p1 must not come back with it
	found, err := g.Search(atGate, template(t, 1), 10)
	if err != nil || len(found) != 2 || g.References() != 2 || g.Passengers() != 2 {
		t.Fatalf("%v, %v", found, err)
	}
	for _, c := range found {
		if c.Passenger == "p1" || c.Score > 0.01 {
			t.Errorf("found %+v of what was removed", c)
		}
	}
	g.Clear()
	if found, err := g.Search(atGate, template(t, 1), 10); err != nil || len(found) != 0 || g.References() != 0 || g.Passengers() != 0 {
		t.Errorf("after clearing: %v, %v", found, err)
	}
}

// Lists that cannot be are refused, and nothing panics.
func TestSearchRefusesOddLists(t *testing.T) {
	g := empty(t)
	add(t, g, "p1", 1)
	for _, k := range []int{-1, 0, math.MaxInt32} {
		if found, err := g.Search(atGate, template(t, 1), k); err == nil {
			t.Errorf("a list of %d: %v", k, found)
		}
	}
}

// Searches run beside additions and removals (run with the race detector).
func TestConcurrentUse(t *testing.T) {
	g := empty(t)
	add(t, g, "stays", 1)
	var wg sync.WaitGroup
	for i := range 4 {
		wg.Go(func() {
			p := travel.PassengerID(fmt.Sprint("p", i))
			for range 50 {
				if err := g.Add(p, template(t, 0.1, float32(i+1))); err != nil {
					t.Error(err)
				}
				found, err := g.Search(atGate, template(t, 1), 3)
				if err != nil || found[0].Passenger != "stays" {
					t.Errorf("%v, %v", found, err)
				}
				g.Remove(p)
			}
		})
	}
	wg.Wait()
	if g.References() != 1 || g.Passengers() != 1 {
		t.Errorf("%d references of %d passengers are left", g.References(), g.Passengers())
	}
}
