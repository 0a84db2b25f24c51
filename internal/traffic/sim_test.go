package traffic

import (
	"bytes"
	"errors"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"limen/errs"
	"limen/policy"
	"limen/travel"
)

func newSim(t testing.TB, persons int, seed uint64) *Simulator {
	t.Helper()
	s, err := NewSim(Sim{Assumptions: BuiltIn(), Persons: persons, Year: 2026, Seed: seed})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// TestSimIsWhatItWrites: what the simulator draws and what is read back from
// the file it writes are the same rows; the same seed draws them again, another
// seed draws others.
func TestSimIsWhatItWrites(t *testing.T) {
	const persons = 3000
	var one, again, other bytes.Buffer
	for _, w := range []struct {
		to   *bytes.Buffer
		seed uint64
	}{{&one, 7}, {&again, 7}, {&other, 8}} {
		if err := Write(w.to, newSim(t, persons, w.seed), nil); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(one.Bytes(), again.Bytes()) || bytes.Equal(one.Bytes(), other.Bytes()) {
		t.Error("the same seed draws the same persons, another one others")
	}
	r, err := NewReader(bytes.NewReader(one.Bytes()))
	if err != nil {
		t.Fatal(err)
	}
	s, n := newSim(t, persons, 7), 0
	for ; ; n++ {
		var drawn, read Row
		err, readErr := s.Next(&drawn), r.Next(&read)
		if errors.Is(err, io.EOF) && errors.Is(readErr, io.EOF) {
			break
		}
		if err != nil || readErr != nil || drawn != read {
			t.Fatalf("person %d: drawn %v %v, read %v %v", n, drawn, err, read, readErr)
		}
		var q policy.Question
		if err := read.Question(&q); err != nil {
			t.Fatalf("person %d: %v", n, err)
		}
		if q.Day.Year != 2026 {
			t.Fatalf("person %d crosses on %s", n, q.Day)
		}
	}
	if n != persons {
		t.Errorf("%d persons, want %d", n, persons)
	}
}

// TestSimHoldsItsShares draws enough persons that a share of the assumptions
// that is not drawn from, or drawn wrongly, shows: within five standard
// deviations.
func TestSimHoldsItsShares(t *testing.T) {
	const persons = 60_000
	a := BuiltIn()
	s, seen, byMode := newSim(t, persons, 3), map[string]map[string]float64{}, map[string]float64{}
	count := func(table, key string) {
		if seen[table] == nil {
			seen[table] = map[string]float64{}
		}
		seen[table][key]++
	}
	var row Row
	var q policy.Question
	for s.Next(&row) == nil {
		if err := row.Question(&q); err != nil {
			t.Fatal(err)
		}
		count("mode", string(q.Mode))
		count("direction", string(q.Direction))
		count("month", row.Cells[On][5:7])
		count("port/"+string(q.Mode), string(q.Port))
		count("status/"+string(q.Mode), statusOf(&q))
		byMode[string(q.Mode)]++
		if statusOf(&q) == statusCitizen && !q.Birth.IsZero() {
			count("age/home", ageBand(a, "age/home", travel.AgeOn(q.Birth, q.Day)))
		}
	}
	checked := 0
	for _, share := range a.List() {
		kind, of, _ := strings.Cut(share.Table, "/")
		n := float64(persons)
		switch {
		case kind == "mode" || kind == "direction" || kind == "month":
		case kind == "port" || kind == "status":
			n = byMode[of]
		case share.Table == "age/home":
			n = 0
			for _, c := range seen[share.Table] {
				n += c
			}
		default:
			continue
		}
		checked++
		p := share.Percent / 100
		// Half a percent of facts is unknown on purpose; 3 is for rare ones.
		if got, want := seen[share.Table][share.Key], n*p; math.Abs(got-want) > 5*math.Sqrt(want*(1-p))+want*0.006+3 {
			t.Errorf("%s %s: %.0f of %.0f drawn, the share is %g percent", share.Table, share.Key, got, n, share.Percent)
		}
	}
	if checked < 80 {
		t.Errorf("only %d shares were looked at", checked)
	}
}

// statusOf tells from the facts alone under what somebody crosses.
func statusOf(q *policy.Question) string {
	switch {
	case len(q.Citizenships) > 0 && q.Citizenships[0] == home:
		return statusCitizen
	case q.Class == "LPR":
		return statusResident
	case q.Document == policy.BorderCrossingCard:
		return statusBorderCard
	case q.I94Issued != policy.Yes:
		return statusCanadian
	}
	return statusNonimmigrant
}

func ageBand(a *Assumptions, table string, age int) string {
	for _, key := range a.tables[table].keys {
		if from, to := ages(key); age >= from && age <= to {
			return key
		}
	}
	return strconv.Itoa(age)
}

// frequent is the assumptions with all that is rare as frequent as the rest, so
// that few persons show all kinds of them.
func frequent() *Assumptions {
	a := BuiltIn()
	for name := range a.rates {
		a.rates[name] = 20
	}
	for name, t := range a.tables {
		if strings.HasPrefix(name, "class/") || name == "mode" {
			for i := range t.upTo {
				t.upTo[i] = uint64(i + 1)
			}
		}
	}
	return a
}

// TestSimHasEveryKindOfPerson: each exemption of the law, and each fact that
// may be unknown, comes up, or the diff would be silent about it.
func TestSimHasEveryKindOfPerson(t *testing.T) {
	s, err := NewSim(Sim{Assumptions: frequent(), Persons: 30_000, Year: 2026, Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]func(q *policy.Question) bool{
		"13 years old":                  func(q *policy.Question) bool { return !q.Birth.IsZero() && travel.AgeOn(q.Birth, q.Day) == 13 },
		"14 years old":                  func(q *policy.Question) bool { return !q.Birth.IsZero() && travel.AgeOn(q.Birth, q.Day) == 14 },
		"79 years old":                  func(q *policy.Question) bool { return !q.Birth.IsZero() && travel.AgeOn(q.Birth, q.Day) == 79 },
		"80 years old":                  func(q *policy.Question) bool { return !q.Birth.IsZero() && travel.AgeOn(q.Birth, q.Day) == 80 },
		"diplomat":                      func(q *policy.Question) bool { return q.Class == "A-1" },
		"official whose status ended":   func(q *policy.Question) bool { return q.StatusEnded == policy.Yes },
		"NATO":                          func(q *policy.Question) bool { return q.Class == "NATO-2" },
		"attendant":                     func(q *policy.Question) bool { return q.Attendant == policy.Yes },
		"Taiwan official":               func(q *policy.Question) bool { return q.TaiwanOfficial == policy.Yes },
		"exempted alone":                func(q *policy.Question) bool { return q.ExemptionGranted },
		"claims an exemption":           func(q *policy.Question) bool { return q.ExemptionClaimed },
		"declines":                      func(q *policy.Question) bool { return q.Refused },
		"dual national, as US citizen":  func(q *policy.Question) bool { return len(q.Citizenships) == 2 && q.PresentsAs == home },
		"Canadian without Form I-94":    func(q *policy.Question) bool { return statusOf(q) == statusCanadian && q.I94Issued == policy.No },
		"Canadian, Form I-94 not known": func(q *policy.Question) bool { return statusOf(q) == statusCanadian && q.I94Issued == policy.Unknown },
		"resident":                      func(q *policy.Question) bool { return q.Resident == policy.Yes },
		"no class":                      func(q *policy.Question) bool { return q.Class == "" && statusOf(q) == statusNonimmigrant },
		"no birth date":                 func(q *policy.Question) bool { return q.Birth.IsZero() },
		"no citizenship":                func(q *policy.Question) bool { return len(q.Citizenships) == 0 },
		"no port":                       func(q *policy.Question) bool { return q.Port == "" },
		"exit in a pilot program":       func(q *policy.Question) bool { return q.PilotPort == policy.Yes && q.Direction == travel.Exit },
		"private aircraft":              func(q *policy.Question) bool { return q.Mode == policy.PrivateAircraft },
		"crew":                          func(q *policy.Question) bool { return q.Class == "D" },
	}
	var row Row
	var q policy.Question
	for s.Next(&row) == nil && len(missing) > 0 {
		if err := row.Question(&q); err != nil {
			t.Fatal(err)
		}
		for name, is := range missing {
			if is(&q) {
				delete(missing, name)
			}
		}
	}
	for name := range missing {
		t.Errorf("nobody is: %s", name)
	}
}

func TestSimLimits(t *testing.T) {
	for _, s := range []Sim{{Persons: -1, Year: 2026}, {Persons: MaxPersons + 1, Year: 2026}, {Persons: 1, Year: 0}, {Persons: 1, Year: 9999}} {
		s.Assumptions = BuiltIn()
		if _, err := NewSim(s); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%d persons in %d: %v", s.Persons, s.Year, err)
		}
	}
	for _, year := range []int{minYear, 2024, maxYear} { // the last day of a year, and February 29
		s, err := NewSim(Sim{Assumptions: BuiltIn(), Persons: 5000, Year: year})
		if err != nil {
			t.Fatal(err)
		}
		var row Row
		var q policy.Question
		for s.Next(&row) == nil {
			if err := row.Question(&q); err != nil || int(q.Day.Year) != year {
				t.Fatalf("year %d: %v, %v", year, q.Day, err)
			}
		}
	}
}
