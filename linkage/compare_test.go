package linkage_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"limen/biometric"
	"limen/errs"
	"limen/linkage"
	"limen/travel"
)

func level(all []linkage.Evidence, f linkage.Field) linkage.Level {
	for _, e := range all {
		if e.Field == f {
			return e.Level
		}
	}
	return ""
}

func bitsOf(all []linkage.Evidence, f linkage.Field) float64 {
	for _, e := range all {
		if e.Field == f {
			return e.Bits
		}
	}
	return math.NaN()
}

// Names laid against each other, worked by hand.
func TestNames(t *testing.T) {
	for _, c := range []struct {
		a, b           [2]string
		surname, given linkage.Level
		order          linkage.Level
	}{
		{[2]string{"SMITH", "JOHN"}, [2]string{"SMITH", "JOHN"}, linkage.Same, linkage.Same, ""},
		{[2]string{"SMITH", "JOHN"}, [2]string{"JOHN", "SMITH"}, linkage.Same, linkage.Same, linkage.Swapped},
		{[2]string{"SMITH", "JOHN PAUL"}, [2]string{"SMITH", "PAUL"}, linkage.Same, linkage.Fewer, ""},
		{[2]string{"SMITH", "JOHN PAUL"}, [2]string{"SMITH", "J PAUL"}, linkage.Same, linkage.Initial, ""},
		{[2]string{"SMITH", "JOHN PAUL"}, [2]string{"SMITH", "JOHN MARK"}, linkage.Same, linkage.Partly, ""},
		{[2]string{"SMITH", "JOHN"}, [2]string{"SMITH", "EVERARD"}, linkage.Same, linkage.Different, ""},
		{[2]string{"SMITH JONES", "JOHN"}, [2]string{"SMITH", "JOHN JONES"}, linkage.Same, linkage.Same, linkage.Mixed},
		{[2]string{"SMITH", ""}, [2]string{"SMITH", "JOHN"}, linkage.Same, linkage.Unknown, ""},
		{[2]string{"", ""}, [2]string{"SMITH", "JOHN"}, linkage.Unknown, linkage.Unknown, ""},
		{[2]string{"THORNBURY", "ALEXANDRA"}, [2]string{"THORNBURY", "ALEXAN"}, linkage.Same, linkage.Cut, ""},
		{[2]string{"THORNBURY", "ALEX"}, [2]string{"THORNBURY", "ALE"}, linkage.Same, linkage.Different, ""},
		{[2]string{"ANNA", "LEE"}, [2]string{"ANNE", "LEA"}, linkage.Typo, linkage.Different, ""},
		{[2]string{"DAS CHATTERJEE", "PRIYA"}, [2]string{"CHATTERJEE", "PRIYA"}, linkage.Fewer, linkage.Same, ""},
		{[2]string{"DE LA CRUZ", "ANA"}, [2]string{"CRUZ", "ANA"}, linkage.Same, linkage.Same, ""},
		{[2]string{"LEE", "JI BIN"}, [2]string{"LEE", "JI"}, linkage.Same, linkage.Fewer, ""},
	} {
		a, b := person(c.a[0], c.a[1], 1980, 5, 17), person(c.b[0], c.b[1], 1980, 5, 17)
		all, _ := linkage.Compare(a, b, nil)
		if s, g, o := level(all, linkage.SurnameField), level(all, linkage.GivenNamesField), level(all, linkage.NameOrderField); s != c.surname || g != c.given || o != c.order {
			t.Errorf("%v and %v: surname %s, given names %s, order %q; want %s, %s, %q", c.a, c.b, s, g, o, c.surname, c.given, c.order)
		}
	}
}

func TestBirth(t *testing.T) {
	for _, c := range []struct {
		a, b  string
		level linkage.Level
	}{
		{"1980-05-17", "1980-05-17", linkage.Same}, {"1980-05-12", "1980-12-05", linkage.Swapped}, {"1980-05-17", "1981-05-17", linkage.NextYear},
		{"1979-05-17", "1980-05-17", linkage.NextYear}, {"1980-05-17", "1980-05-18", linkage.OneDigit}, {"1980-05-17", "1960-05-17", linkage.OneDigit},
		{"1980-05-17", "1980-06-18", linkage.Different}, {"1980-05", "1980-05-17", linkage.Partly}, {"1980-05", "1980-06-17", linkage.Different},
		{"1980", "1980-05-17", linkage.YearOnly}, {"1980", "1980", linkage.YearOnly}, {"1980", "1981-05-17", linkage.Different}, {"", "1980-05-17", linkage.Unknown}, {"", "", linkage.Unknown},
	} {
		a, b := person("X", "Y", 0, 0, 0), person("X", "Y", 0, 0, 0)
		var err error
		if a.Birth, err = linkage.ParseBirth(c.a); err != nil {
			t.Fatal(err)
		}
		b.Birth, _ = linkage.ParseBirth(c.b)
		if all, _ := linkage.Compare(a, b, nil); level(all, linkage.BirthField) != c.level {
			t.Errorf("%s and %s: %s, want %s", c.a, c.b, level(all, linkage.BirthField), c.level)
		}
	}
	for _, bad := range []string{"198", "1980-5", "1980-02-30", "1980-13", "x", "1980-05-17T", "17.05.1980", "1980-", "1980-05-"} {
		if b, err := linkage.ParseBirth(bad); errs.CodeOf(err) != "birth-date" || b != (linkage.BirthDate{}) {
			t.Errorf("%q: %v, %v", bad, b, err)
		}
	}
}

// A rarer name says more, and one that nobody counted says what a common one
// does.
func TestRarity(t *testing.T) {
	bits := func(share float64, shares linkage.Shares) float64 {
		if shares == nil && share > 0 {
			shares = func(string) float64 { return share }
		}
		all, _ := linkage.Compare(person("SMITH", "", 1980, 5, 17), person("SMITH", "", 1980, 5, 17), shares)
		return bitsOf(all, linkage.SurnameField)
	}
	if a, b := bits(.1, nil), bits(.001, nil); a >= b {
		t.Errorf("a common name has %g bits, a rare one %g", a, b)
	}
	if a, b := bits(0, nil), bits(1.0/16, nil); a != b {
		t.Errorf("an uncounted name has %g bits, one of 16 %g", a, b)
	}
	for _, broken := range []float64{-1, 0, 2, math.NaN(), math.Inf(1)} {
		if got := bits(0, func(string) float64 { return broken }); got != bits(1.0/16, nil) {
			t.Errorf("a share of %g gives %g bits", broken, got)
		}
	}
	var census linkage.Census
	for i := range 5000 {
		given := "JOHN"
		if i%50 == 0 {
			given = "ERASMUS"
		}
		census.Add(person("SMITH", given, 1980, 5, 17))
	}
	if c, r := census.Share("n IOHN"), census.Share("n ERASMUS"); c < .75 || r > .03 || r < .01 {
		t.Errorf("of 5,000 people 98 %% and 2 %% bear names, counted %g and %g", c, r)
	}
	if n := census.Share("n NOBODY"); n <= 0 || n > .001 {
		t.Errorf("a name that nobody bears has a share of %g", n)
	}
}

// Every weight that is looked up is in the table, once, with a reason where it
// weighs something.
func TestWeights(t *testing.T) {
	seen := map[string]bool{}
	for _, w := range linkage.Weights {
		at := string(w.Field) + " " + string(w.Level)
		if seen[at] {
			t.Errorf("%s stands twice", at)
		}
		seen[at] = true
		if w.Bits != 0 && w.Reason == "" {
			t.Errorf("%s has no reason", at)
		}
	}
	for _, f := range []linkage.Field{linkage.SurnameField, linkage.GivenNamesField} {
		for _, l := range []linkage.Level{linkage.Different, linkage.Partly} {
			if !seen[string(f)+" "+string(l)] {
				t.Errorf("%s %s has no weight", f, l)
			}
		}
	}
}

func TestDecide(t *testing.T) {
	d := person("TAKAHASHI", "KEIKO", 1972, 2, 20)
	d.Documents[0].Number = "98CD76543"
	arrived := func(id, surname, given string, day uint8) linkage.Candidate {
		return linkage.Candidate{Traveler: travel.TravelerID(id), Person: person(surname, given, 1972, 2, day)}
	}
	rare := linkage.Setting{People: 1_000_000, Shares: func(string) float64 { return 1.0 / 5000 }}
	got := linkage.Decide(d, []linkage.Candidate{arrived("b", "OKONKWO", "EMEKA", 3), arrived("a", "TAKAHASHI", "KEIKO", 20)}, rare)
	if len(got) != 1 || got[0].Candidate != "a" || got[0].Strength != linkage.Strong || got[0].Why != "" {
		t.Errorf("%+v", got)
	}
	if id, ok := linkage.Mergeable(got); id != "a" || !ok {
		t.Errorf("mergeable: %s, %t", id, ok)
	}
	if got := linkage.Decide(d, []linkage.Candidate{arrived("a", "TAKAHASHI", "KEIKO", 20)}, linkage.Setting{People: 1_000_000}); len(got) != 1 || got[0].Strength != linkage.Weak {
		t.Errorf("without shares a name counts as common, and is weak: %+v", got)
	}
	two := linkage.Decide(d, []linkage.Candidate{arrived("b", "TAKAHASHI", "KEIKO", 20), arrived("a", "TAKAHASHI", "KEIKO", 20)}, rare)
	if len(two) != 2 || two[0].Candidate != "a" || two[0].Why != linkage.Rival || two[1].Why != linkage.Rival {
		t.Errorf("two alike: %+v", two)
	}
	if id, ok := linkage.Mergeable(two); ok {
		t.Errorf("%s is merged", id)
	}
	if _, ok := linkage.Mergeable(nil); ok {
		t.Error("nobody is merged")
	}
	near := arrived("a", "TAKAHASHI", "KEIKO", 20)
	near.Verification = &linkage.Verification{Encounter: "e", Model: biometric.ModelID{Name: "m"}, Accepted: true, FMR: 1e-30}
	if got := linkage.Decide(d, []linkage.Candidate{near}, rare); got[0].Strength != linkage.Confirmed || bitsOf(got[0].Evidence, linkage.BiometricField) > 20 || got[0].Evidence[len(got[0].Evidence)-1].Model == "" {
		t.Errorf("a verification: %+v", got)
	}
	for _, fmr := range []float64{0, -1, 1, 2, math.NaN()} {
		near.Verification.FMR = fmr
		if got := linkage.Decide(d, []linkage.Candidate{near}, rare); bitsOf(got[0].Evidence, linkage.BiometricField) != 0 {
			t.Errorf("a false match rate of %g says something: %+v", fmr, got)
		}
	}
}

// Evidence holds kinds and levels, never a value of a person.
func TestEvidenceHasNoPerson(t *testing.T) {
	d := person("TAKAHASHI", "KEIKO", 1972, 2, 20)
	got := linkage.Decide(d, []linkage.Candidate{{Traveler: "t1", Person: d}}, linkage.Setting{})
	for _, value := range []string{"TAKAHASHI", "KEIKO", "1972", "12AB34567", "FRA"} {
		if s := fmt.Sprintf("%+v", got); strings.Contains(s, value) {
			t.Errorf("%q is in %s", value, s)
		}
	}
}

func drawPerson(r *rapid.T, label string) linkage.Person {
	name := rapid.SampledFrom([]string{"", "A", "SMITH", "SMITH JONES", "Müller", "MUELLER", "JOHN", "JOHN PAUL", "JON", "MOHAMMED", "محمد", "ABDUL RAHMAN", "ABDURRAHMAN", "Щукин", "山田", "DE LA CRUZ", "J P", "JOHN JOHN PAUL MARIA"})
	return linkage.Person{
		Surname: name.Draw(r, label+" surname"), GivenNames: name.Draw(r, label+" given"),
		Birth:       linkage.BirthDate{Year: rapid.SampledFrom([]int16{0, 1980, 1981}).Draw(r, label+" year"), Month: uint8(rapid.IntRange(0, 12).Draw(r, label+" month")), Date: uint8(rapid.IntRange(0, 12).Draw(r, label+" date"))},
		Sex:         rapid.SampledFrom([]travel.Sex{"", "F", "M", "X"}).Draw(r, label+" sex"),
		Nationality: rapid.SampledFrom([]travel.Country{"", "FRA", "D"}).Draw(r, label+" nationality"),
	}
}

// Whoever is named first, the evidence is the same; and who is compared with
// themselves agrees in all that is known.
func TestSymmetric(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a, b := drawPerson(r, "a"), drawPerson(r, "b")
		x, xs := linkage.Compare(a, b, nil)
		y, ys := linkage.Compare(b, a, nil)
		if xs != ys || !slices.Equal(x, y) {
			r.Fatalf("%v %g\n%v %g", x, xs, y, ys)
		}
		self, _ := linkage.Compare(a, a, nil)
		for _, e := range self {
			if e.Field != linkage.BirthField && e.Level != linkage.Same && e.Level != linkage.Unknown {
				r.Fatalf("compared with themselves: %+v", e)
			}
		}
	})
}

// FuzzCompare: no panic, symmetric, bounded evidence, on names of any bytes.
func FuzzCompare(f *testing.F) {
	f.Add("Müller", "Jörg", "MUELLER", "JORG", uint32(19800304), uint32(19800403))
	f.Add("عبدالرحمن", "محمد", "ABDELRAHMAN", "MOHAMED", uint32(19821205), uint32(0))
	f.Add("Щербаков", "Юрий", "", "\xff\xfe", uint32(99999999), uint32(19800000))
	f.Add(strings.Repeat("XE", 500), strings.Repeat("A B ", 250), strings.Repeat("X", 1000), "ABDUL", uint32(1), uint32(2))
	f.Fuzz(func(t *testing.T, s1, g1, s2, g2 string, b1, b2 uint32) {
		make := func(s, g string, b uint32) linkage.Person {
			return linkage.Person{Surname: s, GivenNames: g, Birth: linkage.BirthDate{Year: int16(b / 10000 % 10000), Month: uint8(b / 100 % 100), Date: uint8(b % 100)},
				Documents: []travel.Document{{Type: travel.DocumentType(g), Number: s, Issuer: travel.Country(g)}}}
		}
		a, b := make(s1, g1, b1), make(s2, g2, b2)
		x, xs := linkage.Compare(a, b, nil)
		y, ys := linkage.Compare(b, a, nil)
		if xs != ys || !slices.Equal(x, y) {
			t.Fatalf("%v %g\n%v %g", x, xs, y, ys)
		}
		if len(x) > 7 || math.IsNaN(xs) || math.Abs(xs) > 100 {
			t.Fatalf("%v %g", x, xs)
		}
		for _, p := range []linkage.Person{a, b} {
			if k := linkage.Keys(p); len(k) > linkage.MaxKeys {
				t.Fatalf("%d keys", len(k))
			}
			for _, n := range linkage.Names(p) {
				if !utf8.ValidString(n) || len(n) > 200 {
					t.Fatalf("a form of %d bytes: %q", len(n), n)
				}
			}
		}
	})
}

// What is looked at of a name is bounded, so its time is: beyond that, nothing
// changes the evidence, the keys or the forms.
func TestLongNamesAreBounded(t *testing.T) {
	other := person("JIHGFEDCBA ABCDEFGHIJ", "X", 1980, 5, 18)
	for _, letters := range []string{"ABCDEFGHIJ ", "ABCDEFGHIJ", "XE", "ABDUL", "\u0429", "\u0639"} {
		bounded, huge := strings.Repeat(letters, 2048/len(letters)+1)[:2048], strings.Repeat(letters, 100_000)
		a, b := person(bounded, bounded, 1980, 5, 17), person(huge, huge, 1980, 5, 17)
		x, _ := linkage.Compare(a, other, nil)
		y, _ := linkage.Compare(b, other, nil)
		if !slices.Equal(x, y) || !slices.Equal(linkage.Keys(a), linkage.Keys(b)) || !slices.Equal(linkage.Names(a), linkage.Names(b)) {
			t.Errorf("%q: what stands after the 2,048th byte counts", letters)
		}
	}
}
