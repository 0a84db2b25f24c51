package stay_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"limen/errs"
	"limen/stay"
	"limen/travel"
)

// granted is an extension of the stay of admitted until a day.
func granted(t testing.TB, id, from, until string) stay.Change {
	t.Helper()
	return stay.Change{ID: id, Traveler: "t1", Admission: "a1", Kind: stay.Extension, Outcome: stay.Granted, Day: day(t, from), AdmitUntil: day(t, until)}
}

func TestChangeCheck(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*stay.Change)
		ok     bool
	}{
		"an extension":              {func(*stay.Change) {}, true},
		"for a day":                 {func(c *stay.Change) { c.AdmitUntil = c.Day }, true},
		"to D/S":                    {func(c *stay.Change) { c.AdmitUntil, c.DurationOfStatus = travel.Day{}, true }, true},
		"pending":                   {func(c *stay.Change) { c.Outcome, c.Filed, c.Day = stay.Pending, c.Day, travel.Day{} }, true},
		"denied":                    {func(c *stay.Change) { c.Outcome, c.Filed = stay.Denied, c.Day }, true},
		"no id":                     {func(c *stay.Change) { c.ID = "" }, false},
		"no traveler":               {func(c *stay.Change) { c.Traveler = "" }, false},
		"no kind":                   {func(c *stay.Change) { c.Kind = "" }, false},
		"another kind":              {func(c *stay.Change) { c.Kind = "renewal" }, false},
		"no outcome":                {func(c *stay.Change) { c.Outcome = "" }, false},
		"another outcome":           {func(c *stay.Change) { c.Outcome = "approved" }, false},
		"no admission":              {func(c *stay.Change) { c.Admission = "" }, false},
		"granted without a day":     {func(c *stay.Change) { c.Day = travel.Day{} }, false},
		"pending since nobody says": {func(c *stay.Change) { c.Outcome, c.Day = stay.Pending, travel.Day{} }, false},
		"pending and decided":       {func(c *stay.Change) { c.Outcome, c.Filed = stay.Pending, c.Day }, false},
		"denied before it is filed": {func(c *stay.Change) { c.Outcome, c.Filed = stay.Denied, c.Day.AddDays(1) }, false},
		"over before it begins":     {func(c *stay.Change) { c.AdmitUntil = c.Day.AddDays(-1) }, false},
		"neither date nor D/S":      {func(c *stay.Change) { c.AdmitUntil = travel.Day{} }, false},
		"date and D/S":              {func(c *stay.Change) { c.DurationOfStatus = true }, false},
		"a status without a class":  {func(c *stay.Change) { c.Kind = stay.ChangeOfStatus }, false},
		"a resident with a date":    {func(c *stay.Change) { c.Kind = stay.Adjustment }, false},
		"a resident":                {func(c *stay.Change) { c.Kind, c.AdmitUntil = stay.Adjustment, travel.Day{} }, true},
		"a parole at entry":         {func(c *stay.Change) { c.Kind, c.Admission, c.Class = stay.Parole, "", "PAR" }, true},
		"a parole at entry, denied": {func(c *stay.Change) { c.Kind, c.Admission, c.Class, c.Outcome = stay.Parole, "", "PAR", stay.Denied }, false},
		"a parole without a class":  {func(c *stay.Change) { c.Kind, c.Admission = stay.Parole, "" }, false},
	} {
		x := granted(t, "c1", "2026-07-01", "2026-12-31")
		c.change(&x)
		if err := x.Check(); (err == nil) != c.ok || err != nil && (errs.CodeOf(err) != "stay-change" || errs.KindOf(err) != errs.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A parole opens a stay of its own; nothing else does.
func TestOpens(t *testing.T) {
	p := stay.Change{ID: "p1", Traveler: "t1", Kind: stay.Parole, Outcome: stay.Granted, Day: day(t, "2026-01-01"), Class: "PAR", AdmitUntil: day(t, "2026-12-31"), Crossing: "x1"}
	want := stay.Stay{Admission: stay.Admission{ID: "p1", Traveler: "t1", Day: p.Day, Class: "PAR", AdmitUntil: p.AdmitUntil, Parole: true, Crossing: "x1"}}
	if s, err := p.Opens(); err != nil || s != want || s.Check() != nil {
		t.Errorf("%+v, %v", s, err)
	}
	for name, c := range map[string]stay.Change{"an extension": granted(t, "c1", "2026-07-01", "2026-12-31"), "a parole that prolongs": func() stay.Change { c := p; c.Admission = "a1"; return c }(), "nothing": {}} {
		if s, err := c.Opens(); errs.CodeOf(err) != "stay-change" || s != (stay.Stay{}) {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
}

// The changes decide what Depart and Overdue say.
func TestLeadsRestOnChanges(t *testing.T) {
	s := admitted(t, "2026-01-01", "2026-06-30")
	longer := granted(t, "c1", "2026-07-01", "2026-12-31")
	other := granted(t, "c2", "2026-07-01", "2027-12-31")
	other.Admission = "a9"
	pending := stay.Change{ID: "c3", Traveler: "t1", Admission: "a1", Kind: stay.Extension, Outcome: stay.Pending, Filed: day(t, "2026-06-30")}
	lead := func(kind stay.LeadKind, days int, change string) stay.Lead {
		return stay.Lead{Kind: kind, Traveler: "t1", Admission: "a1", Days: days, Change: change}
	}
	for name, c := range map[string]struct {
		changes []stay.Change
		day     string
		want    stay.Lead // without day and crossing; the kind is Overdue's
	}{
		"without them":                     {nil, "2026-10-01", lead(stay.OverstayInCountry, 93, "")},
		"of another admission":             {[]stay.Change{other}, "2026-10-01", lead(stay.OverstayInCountry, 93, "")},
		"extended":                         {[]stay.Change{longer}, "2026-10-01", stay.Lead{}},
		"extended, and over":               {[]stay.Change{longer}, "2027-01-02", lead(stay.OverstayInCountry, 2, "c1")},
		"extended twice, the later first":  {[]stay.Change{granted(t, "c4", "2027-01-01", "2027-06-30"), longer}, "2027-06-30", stay.Lead{}},
		"two of one day: the later listed": {[]stay.Change{longer, granted(t, "c5", "2026-07-01", "2026-11-30")}, "2026-12-01", lead(stay.OverstayInCountry, 1, "c5")},
		"pending":                          {[]stay.Change{pending}, "2026-10-01", lead(stay.ApplicationPending, 93, "c3")},
	} {
		on := day(t, c.day)
		got := stay.Overdue(s, on, c.changes...)
		if got == nil {
			got = &stay.Lead{}
		} else {
			got.Day = travel.Day{}
		}
		if *got != c.want {
			t.Errorf("%s: in, %+v, want %+v", name, *got, c.want)
		}
		closed, left := stay.Depart(&s, "t1", "x1", on, c.changes...)
		if closed == nil || (left == nil) != (c.want.Kind == "") {
			t.Errorf("%s: left, %+v, %+v", name, closed, left)
			continue
		}
		if left != nil && (left.Days != c.want.Days || left.Change != c.want.Change || left.Crossing != "x1" || (left.Kind == stay.OverstayOutOfCountry) != (c.want.Kind == stay.OverstayInCountry)) {
			t.Errorf("%s: left, %+v", name, left)
		}
	}
}

// A departure before the admission closes nothing; across the date line the
// instants say that it came after.
func TestEarlyDeparture(t *testing.T) {
	s := admitted(t, "2026-11-24", "2027-05-23")
	closed, lead := stay.Depart(&s, "t1", "x1", day(t, "2026-11-23"))
	want := stay.Lead{Kind: stay.EarlyDeparture, Traveler: "t1", Admission: "a1", Crossing: "x1", Day: day(t, "2026-11-23")}
	if closed != nil || lead == nil || *lead != want {
		t.Errorf("%+v, %+v", closed, lead)
	}
	in, out := time.Date(2026, 11, 23, 20, 30, 0, 0, time.UTC), time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	if d := stay.DepartureDay(s.Day, in, day(t, "2026-11-23"), out); d != s.Day {
		t.Errorf("later across the date line: %s", d)
	}
	if d := stay.DepartureDay(s.Day, out, day(t, "2026-11-23"), in); d != day(t, "2026-11-23") {
		t.Errorf("earlier indeed: %s", d)
	}
	if d := stay.DepartureDay(s.Day, in, day(t, "2026-11-25"), out); d != day(t, "2026-11-25") {
		t.Errorf("a later day: %s", d)
	}
}

// TestExtensionsNeverShorten: with extensions that join, in any order on record,
// the last of them says until when, and no day before it is an overstay.
func TestExtensionsNeverShorten(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		s := admitted(t, "2026-01-01", "2026-06-30")
		var changes []stay.Change
		until := s.AdmitUntil
		for i := range rapid.IntRange(0, 5).Draw(r, "extensions") {
			c := granted(t, string(rune('b'+i)), "2026-07-01", "2026-07-01")
			c.Day = until.AddDays(rapid.IntRange(1, 60).Draw(r, "granted late"))
			until = c.Day.AddDays(rapid.IntRange(0, 200).Draw(r, "until"))
			c.AdmitUntil = until
			changes = append(changes, c)
		}
		if err := stay.CheckAll(s.Admission, changes); err != nil {
			r.Fatal(err)
		}
		changes = rapid.Permutation(changes).Draw(r, "on record")
		on := s.Day.AddDays(rapid.IntRange(0, 2000).Draw(r, "day"))
		if got, want := stay.Authorized(s.Admission, on, changes...).DaysOver(on), max(0, until.DaysUntil(on)); got != want {
			r.Fatalf("%d days over on %s, want %d: until %s, %+v", got, on, want, until, changes)
		}
	})
}

// What nobody knows is asked, and is no overstay.
func TestStatusAsks(t *testing.T) {
	missed := admitted(t, "2026-01-01", "2026-06-30")
	missed.Closed = day(t, "2026-09-01") // by a later admission
	early := missed
	early.Closed = day(t, "2026-06-30")
	undated := admitted(t, "2026-01-01", "2026-06-30")
	undated.AdmitUntil = travel.Day{}
	for name, c := range map[string]struct {
		stay  stay.Stay
		on    string
		state stay.State
		days  int
		asks  bool
	}{
		"a missed exit, and the date had passed":  {missed, "2026-10-01", stay.UnknownExit, 0, true},
		"the same, while nobody knew of the exit": {missed, "2026-07-10", stay.SuspectedInCountry, 10, false},
		"a missed exit, before the date":          {early, "2026-10-01", stay.InTime, 0, false},
		"no date on record":                       {undated, "2026-10-01", stay.UnknownDate, 0, true},
	} {
		got := stay.StatusOn(c.stay, day(t, c.on))
		if got.State != c.state || got.Days != c.days || got.NeedsOfficer() != c.asks || got.Clause == "" || got.Citation == "" {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
