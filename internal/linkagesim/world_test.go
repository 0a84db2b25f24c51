package linkagesim

import (
	"math"
	"reflect"
	"slices"
	"strings"
	"testing"

	"limen/linkage"
	"limen/travel"
)

// The same seed makes the same people and departures, another seed others, and
// a departure depends on no other.
func TestSameSeedSameWorld(t *testing.T) {
	a, b, c := New(500, 7), New(500, 7), New(500, 8)
	if len(a.Arrivals) != 500 || !reflect.DeepEqual(a.Arrivals, b.Arrivals) {
		t.Error("one seed made two files")
	}
	if reflect.DeepEqual(a.Arrivals, c.Arrivals) {
		t.Error("two seeds made one file")
	}
	x, y := slices.Collect(a.Departures()), slices.Collect(b.Departures())
	if !reflect.DeepEqual(x, y) || len(x) != a.Count() {
		t.Error("one seed made two sets of departures")
	}
	n := 0
	for d := range a.Departures() {
		if n++; n == 10 && !reflect.DeepEqual(d, x[9]) {
			t.Error("a departure depends on those after it")
		}
		if n == 10 {
			break
		}
	}
}

// The truth is the truth: a departure that nothing was done to is its arrival
// but for the passport, and each arrival departs once.
func TestTruth(t *testing.T) {
	w := New(3000, 3)
	times, unmated := map[int]int{}, 0
	for d := range w.Departures() {
		if d.Arrival < 0 {
			unmated++
			continue
		}
		times[d.Arrival]++
		a, p := w.Arrivals[d.Arrival], d.Person
		if a.Documents[0].Number == p.Documents[0].Number {
			t.Fatal("a departure has the passport of its arrival")
		}
		if p.Documents, a.Documents = nil, nil; len(d.Kinds) == 0 && !reflect.DeepEqual(a, p) {
			t.Fatalf("nothing was done to %+v of %+v", p, a)
		}
	}
	if len(times) != 3000 || slices.Max(slices.Collect(valuesOf(times))) != 1 {
		t.Errorf("%d of 3000 arrivals depart", len(times))
	}
	if share := float64(unmated) / float64(w.Count()); math.Abs(share-unseen) > .02 {
		t.Errorf("%.3f depart without an arrival on file, stated is %g", share, unseen)
	}
}

func valuesOf(m map[int]int) func(func(int) bool) {
	return func(yield func(int) bool) {
		for _, v := range m {
			if !yield(v) {
				return
			}
		}
	}
}

// Every kind of corruption happens, at most as often as stated, changes what it
// says, and leaves a birth date that is one.
func TestCorruptionsHappen(t *testing.T) {
	w, seen := New(20_000, 5), map[Kind]int{}
	for d := range w.Departures() {
		if len(d.Kinds) == 1 {
			seen[d.Kinds[0]]++
		}
		b := d.Person.Birth
		if _, err := travel.ParseDay(travel.Day{Year: b.Year, Month: max(b.Month, 1), Date: max(b.Date, 1)}.String()); err != nil && (b.Month != 2 || b.Date != 29) {
			t.Fatalf("%v: born %v", d.Kinds, b)
		}
		if d.Arrival < 0 || len(d.Kinds) != 1 {
			continue
		}
		a := w.Arrivals[d.Arrival]
		name := a.Surname != d.Person.Surname || a.GivenNames != d.Person.GivenNames
		rest := a.Birth != d.Person.Birth || a.Sex != d.Person.Sex || a.Nationality != d.Person.Nationality
		of := d.Kinds[0]
		if named := slices.Contains([]Kind{Spelling, DropGiven, DropSurname, NoGiven, Letter, Married, Truncation, NameOrder, Divided}, of); name != named && of != Married || rest == named && of != OtherNation {
			t.Fatalf("%s: %+v of %+v", of, d.Person, a)
		}
	}
	for _, r := range Rates {
		if n := float64(seen[r.Kind]); n == 0 || n > 1.2*r.Rate*float64(w.Count())+20 {
			t.Errorf("%s: %g of %d, stated is %g", r.Kind, n, w.Count(), r.Rate)
		}
	}
}

// Names are about as common as they are known to be: few surnames for many in
// Korea and Vietnam, many for few in western Europe.
func TestNamesAreAboutAsCommon(t *testing.T) {
	w := New(60_000, 9)
	byCountry, people := map[travel.Country]map[string]int{}, map[travel.Country]int{}
	for _, p := range w.Arrivals {
		if byCountry[p.Nationality] == nil {
			byCountry[p.Nationality] = map[string]int{}
		}
		byCountry[p.Nationality][p.Surname]++
		people[p.Nationality]++
	}
	for _, c := range []struct {
		of         travel.Country
		n          int
		from, upTo float64 // share of the n most common surnames
	}{{"KOR", 1, .15, .28}, {"KOR", 3, .35, .55}, {"VNM", 1, .2, .42}, {"CHN", 10, .3, .5}, {"DEU", 10, .03, .1}, {"FRA", 10, .02, .08}, {"GBR", 10, .05, .15}, {"JPN", 10, .08, .2}, {"SWE", 10, .1, .25}} {
		var counts []int
		for _, n := range byCountry[c.of] {
			counts = append(counts, n)
		}
		slices.Sort(counts)
		slices.Reverse(counts)
		sum := 0
		for _, n := range counts[:c.n] {
			sum += n
		}
		if share := float64(sum) / float64(people[c.of]); share < c.from || share > c.upTo {
			t.Errorf("%s: the %d most common surnames are borne by %.3f, of %d people", c.of, c.n, share, people[c.of])
		}
	}
}

// What makes the matching hard is there: twins, and fathers and sons of one name.
func TestFamilies(t *testing.T) {
	type line struct {
		surname string
		birth   linkage.BirthDate
	}
	byName, born := map[string]map[linkage.BirthDate]bool{}, map[line]int{}
	for _, p := range New(30_000, 11).Arrivals {
		full := p.Surname + "/" + p.GivenNames
		if byName[full] == nil {
			byName[full] = map[linkage.BirthDate]bool{}
		}
		byName[full][p.Birth] = true
		born[line{p.Surname, p.Birth}]++
	}
	twins, sameName := 0, 0
	for _, n := range born {
		if n > 1 {
			twins++
		}
	}
	for name, dates := range byName {
		if len(dates) > 1 && strings.Contains(name, " ") {
			sameName++
		}
	}
	if twins < 100 || sameName < 100 {
		t.Errorf("%d pairs with one surname and birth date, %d names with several birth dates", twins, sameName)
	}
}
