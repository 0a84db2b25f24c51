package sim

import (
	"bytes"
	"maps"
	"slices"
	"testing"

	"limen/travel"
)

func day(t testing.TB, s string) travel.Day {
	t.Helper()
	d, err := travel.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func fullPlan(t testing.TB) *Plan {
	t.Helper()
	plan, err := NewPlan(Phantoms(), 1, day(t, "2026-11-23"))
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// The day after February comes and goes with leap years, so it is tried.
func TestPlanHasWhatADayNeeds(t *testing.T) {
	for seed := range uint64(20) {
		plan, err := NewPlan(Phantoms(), seed, day(t, "2028-02-29"))
		if err != nil {
			t.Fatal(err)
		}
		checkCounts(t, plan)
		checkVisits(t, plan)
	}
}

func checkCounts(t *testing.T, plan *Plan) {
	t.Helper()
	fates, files, seen := map[Fate]int{}, map[OnFile]int{}, map[string]bool{}
	citizens, overstays, renewed, twoLegs, departures := 0, 0, 0, 0, 0
	count := func(n *int, yes bool) {
		if yes {
			*n++
		}
	}
	for _, v := range plan.Voyages {
		count(&departures, v.Direction == travel.Exit)
		count(&twoLegs, len(v.Legs) == 2)
		for _, p := range v.Passengers {
			if seen[p.ID] {
				t.Errorf("%s is on two voyages", p.ID)
			}
			seen[p.ID] = true
			fates[p.Fate]++
			files[p.OnFile]++
			count(&citizens, p.Citizen())
			count(&overstays, p.Overstay(plan.Day))
			count(&renewed, p.Earlier != nil && p.Earlier.Document.Type == travel.Passport && p.Earlier.Document != p.Documents[0])
			checkPassenger(t, plan, v, p)
		}
	}
	for _, f := range plan.Strangers {
		if seen[f.ID] {
			t.Errorf("stranger %s is on a voyage", f.ID)
		}
	}
	if len(seen) != 196 || len(plan.Strangers) != 24 || departures != 3 || len(plan.Voyages) != 5 || twoLegs != 1 {
		t.Errorf("%d passengers, %d strangers, %d departures of %d voyages, %d with two legs", len(seen), len(plan.Strangers), departures, len(plan.Voyages), twoLegs)
	}
	if citizens < 29 || citizens > 40 || overstays != 2 || renewed != 1 {
		t.Errorf("%d citizens, %d overstays, %d renewed passports", citizens, overstays, renewed)
	}
	wantFates := map[Fate]int{OptsOut: 5, NoShow: 4, LendsPicture: 1, SpoiltOnce: 18, SpoiltAlways: 1, Plain: 167}
	if !maps.Equal(fates, wantFates) {
		t.Errorf("fates %v, want %v", fates, wantFates)
	}
	if want := (map[OnFile]int{Missing: 3, TooSmall: 2, Blurred: 2, NotAFace: 1, Usable: 188}); !maps.Equal(files, want) {
		t.Errorf("on file %v, want %v", files, want)
	}
}

func checkPassenger(t *testing.T, plan *Plan, v *Voyage, p *Passenger) {
	t.Helper()
	if age := travel.AgeOn(p.Person.BirthDate, plan.Day); age != p.Age {
		t.Errorf("%s was born on %s and is %d, people.csv says %d", p.ID, p.Person.BirthDate, age, p.Age)
	}
	if p.Fate == OptsOut && !p.Citizen() {
		t.Errorf("%s opts out and is no citizen", p.ID)
	}
	departing, alien := v.Direction == travel.Exit, !p.Citizen()
	if (p.Earlier != nil) != (departing && alien) || (p.Grant != nil) != (!departing && alien) || (p.Class != "") != alien {
		t.Errorf("%s: class %q, earlier %v, grant %v on a voyage of direction %s", p.ID, p.Class, p.Earlier, p.Grant, v.Direction)
	}
	if !plan.Day.Before(p.Documents[0].Expiry) {
		t.Errorf("%s travels on an expired passport", p.ID)
	}
	for _, name := range []string{carrierName(p.Person.Surname), carrierName(p.Person.GivenNames)} {
		if name == "" || len(name) > 35 || slices.ContainsFunc([]byte(name), func(r byte) bool { return r > 'Z' || r < ' ' }) {
			t.Errorf("the carrier's form %q of a name is no PAXLST name", name)
		}
	}
}

func checkVisits(t *testing.T, plan *Plan) {
	t.Helper()
	fates, spoils := map[Fate]int{}, map[Spoil]int{}
	for _, v := range plan.Voyages {
		for i, visit := range v.Visits {
			fates[visit.Fate]++
			if visit.Encounter != i+1 {
				t.Errorf("encounter %d at place %d", visit.Encounter, i+1)
			}
			if stranger := visit.Fate == StrangerComes || visit.Fate == HoldsPicture; stranger != (visit.Passenger == nil) {
				t.Errorf("a visit of fate %s has a passenger: %t", visit.Fate, visit.Passenger != nil)
			}
			if (visit.Fate == OptsOut) != (len(visit.Frames) == 0) {
				t.Errorf("a visit of fate %s has %d frames", visit.Fate, len(visit.Frames))
			}
			for _, s := range visit.Frames {
				if s.Spoil != "" {
					spoils[s.Spoil]++
				}
				if s.Behind == visit.TruePerson {
					t.Error("somebody stands behind themselves")
				}
			}
		}
	}
	want := map[Fate]int{OptsOut: 5, StrangerComes: 4, HoldsPicture: 1, SpoiltOnce: 18, SpoiltAlways: 1, Plain: 167}
	if !maps.Equal(fates, want) {
		t.Errorf("visits %v, want %v", fates, want)
	}
	if len(spoils) != 5 {
		t.Errorf("ways of spoiling %v, want all five", spoils)
	}
}

func TestPlanFollowsFromSeed(t *testing.T) {
	facts := func(p *Plan) (out []string) {
		for _, v := range p.Voyages {
			for _, q := range v.Passengers {
				out = append(out, q.Person.Surname+q.Documents[0].Number+string(q.Fate))
			}
		}
		return out
	}
	a, b := fullPlan(t), fullPlan(t)
	if !slices.Equal(facts(a), facts(b)) {
		t.Error("the same seed gave another cast")
	}
	fa, err := NewStudio().Frame(a.Voyages[0], a.Voyages[0].Visits[3], 0)
	if err != nil {
		t.Fatal(err)
	}
	if fb, _ := NewStudio().Frame(b.Voyages[0], b.Voyages[0].Visits[3], 0); !bytes.Equal(fa, fb) {
		t.Error("the same seed gave another frame")
	}
	c, err := NewPlan(Phantoms(), 2, a.Day)
	if err != nil {
		t.Fatal(err)
	}
	if slices.Equal(facts(a), facts(c)) {
		t.Error("another seed gave the same cast")
	}
}

// Small sets of faces are what people have of their own.
func TestPlanOfFewFaces(t *testing.T) {
	all := Phantoms()
	for _, n := range []int{2, 3, 5, 9, 30, 60} {
		plan, err := NewPlan(&Faces{People: all.People[:n]}, 4, day(t, "2026-11-23"))
		if err != nil {
			t.Fatal(err)
		}
		passengers := 0
		for _, v := range plan.Voyages {
			passengers += len(v.Passengers)
			if len(v.Passengers) == 0 {
				t.Errorf("%d faces: an empty voyage", n)
			}
		}
		if passengers+len(plan.Strangers) != n || len(plan.Strangers) == 0 {
			t.Errorf("%d faces: %d passengers, %d strangers", n, passengers, len(plan.Strangers))
		}
	}
	if _, err := NewPlan(&Faces{People: all.People[:1]}, 4, day(t, "2026-11-23")); err == nil {
		t.Error("one face was enough")
	}
}

func TestPortraitsOnFile(t *testing.T) {
	seen := map[OnFile]bool{}
	for _, v := range fullPlan(t).Voyages {
		for _, p := range v.Passengers {
			if seen[p.OnFile] {
				continue
			}
			seen[p.OnFile] = true
			data, err := p.PortraitOnFile()
			if err != nil || (len(data) == 0) != (p.OnFile == Missing) {
				t.Errorf("%s: %d bytes, %v", p.OnFile, len(data), err)
			}
		}
	}
	if len(seen) != 5 {
		t.Errorf("saw %v, want all five kinds", seen)
	}
}
