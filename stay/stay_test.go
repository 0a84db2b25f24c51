package stay_test

import (
	"testing"

	"pgregory.net/rapid"

	"limen/errs"
	"limen/stay"
	"limen/travel"
)

func day(t testing.TB, s string) travel.Day {
	t.Helper()
	if s == "" {
		return travel.Day{}
	}
	d, err := travel.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func admitted(t testing.TB, on, until string) stay.Stay {
	t.Helper()
	return stay.Stay{Admission: stay.Admission{ID: "a1", Traveler: "t1", Day: day(t, on), Class: "B-2", AdmitUntil: day(t, until), DurationOfStatus: until == ""}}
}

// Worked by hand on the calendar: the admit-until date is the last day of the
// stay, the day after it is one day over.
func TestDaysOver(t *testing.T) {
	for _, c := range []struct {
		name      string
		on, until string
		day       string
		days      int // 0 for no lead
	}{
		{"leaves on the day of admission", "2026-11-23", "2027-05-22", "2026-11-23", 0},
		{"admitted for the day, leaves that day", "2026-11-23", "2026-11-23", "2026-11-23", 0},
		{"admitted for the day, leaves after midnight", "2026-11-23", "2026-11-23", "2026-11-24", 1},
		{"on the last day", "2026-11-23", "2027-05-22", "2027-05-22", 0},
		{"the day after", "2026-11-23", "2027-05-22", "2027-05-23", 1},
		{"over the year's end", "2026-06-01", "2026-12-31", "2027-01-01", 1},
		{"until February 28 of a leap year, on the 29th", "2027-09-01", "2028-02-28", "2028-02-29", 1},
		{"until February 28 of a leap year, on March 1", "2027-09-01", "2028-02-28", "2028-03-01", 2},
		{"until February 28 of a common year, on March 1", "2026-09-01", "2027-02-28", "2027-03-01", 1},
		{"a leap year over", "2027-09-01", "2028-02-28", "2029-02-28", 366},
		{"until the leap day", "2027-09-01", "2028-02-29", "2028-02-29", 0},
		{"D/S, years later", "2016-09-01", "", "2026-11-23", 0},
	} {
		s := admitted(t, c.on, c.until)
		closed, lead := stay.Depart(&s, "t1", "x1", day(t, c.day))
		if closed == nil || closed.Open() || closed.Closed != day(t, c.day) || closed.ClosedBy != "x1" || closed.Admission != s.Admission {
			t.Errorf("%s: the stay is %+v", c.name, closed)
		}
		if !s.Open() {
			t.Errorf("%s: the caller's stay was changed", c.name)
		}
		overdue := stay.Overdue(s, day(t, c.day))
		if c.days == 0 {
			if lead != nil || overdue != nil {
				t.Errorf("%s: leads %+v and %+v", c.name, lead, overdue)
			}
			continue
		}
		if want := (stay.Lead{Kind: stay.OverstayOutOfCountry, Traveler: "t1", Admission: "a1", Crossing: "x1", Days: c.days, Day: day(t, c.day)}); lead == nil || *lead != want {
			t.Errorf("%s: left, lead %+v, want %+v", c.name, lead, want)
		}
		if want := (stay.Lead{Kind: stay.OverstayInCountry, Traveler: "t1", Admission: "a1", Days: c.days, Day: day(t, c.day)}); overdue == nil || *overdue != want {
			t.Errorf("%s: not left, lead %+v, want %+v", c.name, overdue, want)
		}
	}
}

// A departure without an admission neither clears nor makes an overstay.
func TestUnmatchedDeparture(t *testing.T) {
	closed, lead := stay.Depart(nil, "t1", "x1", day(t, "2026-11-23"))
	if closed != nil || lead == nil || *lead != (stay.Lead{Kind: stay.UnmatchedDeparture, Traveler: "t1", Crossing: "x1", Day: day(t, "2026-11-23")}) {
		t.Errorf("%+v, %+v", closed, lead)
	}
}

// Who has left is not overdue, however late it was.
func TestClosedIsNotOverdue(t *testing.T) {
	s := admitted(t, "2026-01-01", "2026-06-30")
	closed, _ := stay.Depart(&s, "t1", "x1", day(t, "2026-12-01"))
	if lead := stay.Overdue(*closed, day(t, "2027-01-01")); lead != nil {
		t.Errorf("%+v", lead)
	}
}

// A stay whose date nobody knows is no overstay: unknown is never zero.
func TestUnknownDateIsNoOverstay(t *testing.T) {
	s := stay.Stay{Admission: stay.Admission{ID: "a1", Traveler: "t1", Day: day(t, "2026-01-01"), Class: "B-2"}}
	if lead := stay.Overdue(s, day(t, "2026-11-23")); lead != nil {
		t.Errorf("in country: %+v", lead)
	}
	if _, lead := stay.Depart(&s, "t1", "x1", day(t, "2026-11-23")); lead != nil {
		t.Errorf("left: %+v", lead)
	}
	if st := stay.StatusOn(stay.Stay{Admission: s.Admission, Closed: day(t, "2026-11-23"), ClosedBy: "x1"}, day(t, "2026-12-01")); st.State != stay.UnknownDate || !st.NeedsOfficer() {
		t.Errorf("left, and nobody knows whether in time: %+v", st)
	}
}

// The leads count the same days as the calendar, and leaving a day later is
// never better.
func TestLeadsCountDays(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		first := travel.Day{Year: 2026, Month: 1, Date: 1}
		s := stay.Stay{Admission: stay.Admission{ID: "a1", Traveler: "t1", Class: "B-2", Day: first,
			AdmitUntil: first.AddDays(rapid.IntRange(0, 4000).Draw(r, "stay"))}}
		on := first.AddDays(rapid.IntRange(0, 8000).Draw(r, "leaves"))
		want := 0
		for d := s.AdmitUntil; d.Before(on); d = d.AddDays(1) {
			want++
		}
		got := 0
		if _, lead := stay.Depart(&s, "t1", "x1", on); lead != nil {
			got = lead.Days
		}
		if got != want {
			r.Fatalf("until %s, left %s: %d days over, want %d", s.AdmitUntil, on, got, want)
		}
	})
}

func TestAdmissionCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*stay.Admission)
		ok     bool
	}{
		"with a date":       {func(*stay.Admission) {}, true},
		"for the day":       {func(a *stay.Admission) { a.AdmitUntil = a.Day }, true},
		"D/S":               {func(a *stay.Admission) { a.AdmitUntil, a.DurationOfStatus = travel.Day{}, true }, true},
		"no id":             {func(a *stay.Admission) { a.ID = "" }, false},
		"no traveler":       {func(a *stay.Admission) { a.Traveler = "" }, false},
		"no day":            {func(a *stay.Admission) { a.Day = travel.Day{} }, false},
		"no class":          {func(a *stay.Admission) { a.Class = "" }, false},
		"neither":           {func(a *stay.Admission) { a.AdmitUntil = travel.Day{} }, false},
		"date and D/S":      {func(a *stay.Admission) { a.DurationOfStatus = true }, false},
		"over before it is": {func(a *stay.Admission) { a.AdmitUntil = a.Day.AddDays(-1) }, false},
	} {
		a := admitted(t, "2026-11-23", "2027-05-22").Admission
		c.change(&a)
		if err := a.Check(); (err == nil) != c.ok || err != nil && errs.CodeOf(err) != "admission" {
			t.Errorf("%s: %v", name, err)
		}
	}
}
