package travel_test

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"

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

// TestEveryDay walks all days of the years that travelers and their documents
// have, against the calendar of package time.
func TestEveryDay(t *testing.T) {
	first := time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC)
	epoch := day(t, "1990-01-01")
	var before travel.Day
	n := 0
	for at := first; at.Year() <= 2050; at = at.AddDate(0, 0, 1) {
		d, ok := travel.NewDay(at.Year(), int(at.Month()), at.Day())
		if !ok || d != travel.DayOf(at) || d.String() != at.Format(time.DateOnly) {
			t.Fatalf("%s is %v", at.Format(time.DateOnly), d)
		}
		if got := epoch.AddDays(n); got != d {
			t.Fatalf("%d days on it is %s, want %s", n, got, d)
		}
		if got := epoch.DaysUntil(d); got != n {
			t.Fatalf("%d days until %s, want %d", got, d, n)
		}
		if n > 0 && (!before.Before(d) || !d.After(before) || d.Before(before) || before.After(d) || d.AddDays(-1) != before) {
			t.Fatalf("%s and %s are out of order", before, d)
		}
		before, n = d, n+1
	}
	// 61 years, 15 of them leap years (1992, 1996 … 2048).
	if n != 61*365+15 {
		t.Errorf("%d days were walked", n)
	}
}

func anyDay(r *rapid.T, label string) travel.Day {
	return travel.DayOf(time.Date(1, 1, 1+rapid.IntRange(0, 3652058).Draw(r, label), 0, 0, 0, 0, time.UTC))
}

func TestDayArithmetic(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		a, b := anyDay(r, "a"), anyDay(r, "b")
		n := a.DaysUntil(b)
		if a.AddDays(n) != b || b.AddDays(-n) != a || b.DaysUntil(a) != -n {
			r.Fatalf("%s to %s is %d days, and back it is not", a, b, n)
		}
		if a.Before(b) != (n > 0) || a.After(b) != (n < 0) {
			r.Fatalf("%s and %s: order and distance %d disagree", a, b, n)
		}
		var back travel.Day
		text, err := a.MarshalText()
		if err != nil || back.UnmarshalText(text) != nil || back != a {
			r.Fatalf("%s came back as %s", text, back)
		}
	})
}

func TestNoSuchDay(t *testing.T) {
	for _, d := range [][3]int{{2025, 2, 29}, {2026, 2, 29}, {1900, 2, 29}, {2026, 4, 31}, {2026, 0, 1}, {2026, 13, 1}, {2026, 1, 0}, {2026, 1, 32}, {0, 1, 1}, {10000, 1, 1}, {-4, 1, 1}} {
		if got, ok := travel.NewDay(d[0], d[1], d[2]); ok || !got.IsZero() {
			t.Errorf("%v is taken for the day %v", d, got)
		}
	}
	if _, ok := travel.NewDay(2000, 2, 29); !ok { // a century that is a leap year
		t.Error("2000-02-29 is refused")
	}
	for _, s := range []string{"", "2026-2-3", "20260203", "2026-02-30", "2026-02-03T00:00", " 2026-02-03", "03.02.2026"} {
		if d, err := travel.ParseDay(s); err == nil {
			t.Errorf("%q is read as %s", s, d)
		}
	}
}

func TestNoDayIsNoDay(t *testing.T) {
	var d travel.Day
	if !d.IsZero() || d.String() != "" {
		t.Errorf("the zero day is %q", d)
	}
	b, err := json.Marshal(struct{ Day travel.Day }{})
	if err != nil || string(b) != `{"Day":""}` {
		t.Errorf("%s %v", b, err)
	}
	d = day(t, "2026-11-23")
	if err := json.Unmarshal([]byte(`""`), &d); err != nil || !d.IsZero() {
		t.Errorf("an empty text gives %s, %v", d, err)
	}
}

// TestDayOfPort: a flight that leaves Honolulu late on the 22nd leaves on the
// 22nd, though in London it is the 23rd by then.
func TestDayOfPort(t *testing.T) {
	at := time.Date(2026, 11, 23, 8, 30, 0, 0, time.UTC)
	if got := travel.DayOf(at.In(time.FixedZone("HST", -10*3600))); got != day(t, "2026-11-22") {
		t.Errorf("the local day is %s", got)
	}
	if got := travel.DayOf(at); got != day(t, "2026-11-23") {
		t.Errorf("the day in UTC is %s", got)
	}
}

func TestAgeOn(t *testing.T) {
	for _, c := range []struct {
		birth, on string
		age       int
		why       string
	}{
		{"2012-12-26", "2026-12-25", 13, "the day before the 14th birthday"},
		{"2012-12-26", "2026-12-26", 14, "on the 14th birthday: no longer younger than 14"},
		{"1946-12-26", "2026-12-25", 79, "the last day of 79"},
		{"1946-12-26", "2026-12-26", 80, "older than 79 from this day"},
		{"2012-02-29", "2026-02-28", 13, "born on a leap day: not yet on February 28 of a common year"},
		{"2012-02-29", "2026-03-01", 14, "but on March 1"},
		{"2012-02-29", "2028-02-28", 15, "in a leap year the birthday is there: the day before"},
		{"2012-02-29", "2028-02-29", 16, "and on it"},
		{"2026-11-23", "2026-11-23", 0, "born on board"},
		{"2026-11-24", "2026-11-23", -1, "a birth date in the future is not 0"},
	} {
		if got := travel.AgeOn(day(t, c.birth), day(t, c.on)); got != c.age {
			t.Errorf("%s: %d, want %d", c.why, got, c.age)
		}
	}
}

func TestLocalTime(t *testing.T) {
	var at travel.LocalTime
	if err := at.UnmarshalText([]byte("2026-11-23T18:05")); err != nil || at.Minute != 18*60+5 || at.String() != "2026-11-23T18:05" {
		t.Fatalf("%v %v", at, err)
	}
	// 18:05 at UTC-5 is 23:05 UTC.
	if got := at.In(time.FixedZone("EST", -5*3600)).UTC().Format("2006-01-02T15:04"); got != "2026-11-23T23:05" {
		t.Errorf("the instant is %s", got)
	}
	for _, s := range []string{"2026-11-23", "2026-11-23 18:05", "2026-11-23T24:00", "2026-11-23T18:05Z"} {
		if err := new(travel.LocalTime).UnmarshalText([]byte(s)); err == nil {
			t.Errorf("%q is read as a local time", s)
		}
	}
	if err := at.UnmarshalText(nil); err != nil || !at.IsZero() || at.String() != "" {
		t.Errorf("an empty text gives %v, %v", at, err)
	}
	// Midnight is a time; no day is none.
	if midnight := (travel.LocalTime{Day: day(t, "2026-11-23")}); midnight.IsZero() || midnight.String() != "2026-11-23T00:00" {
		t.Errorf("midnight is %q", midnight)
	}
}

func BenchmarkDayText(b *testing.B) {
	b.ReportAllocs()
	d := day(b, "2026-11-23")
	for b.Loop() {
		if got, err := travel.ParseDay(d.String()); err != nil || got != d {
			b.Fatal(got, err)
		}
	}
}
