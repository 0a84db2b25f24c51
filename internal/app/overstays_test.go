package app

import (
	"testing"

	"limen/audit"
	"limen/decision"
	"limen/errs"
	"limen/internal/store"
	"limen/report"
	"limen/stay"
	"limen/travel"
)

// TestOverstayReportOfTheRecord counts a record whose every stay is known.
func TestOverstayReportOfTheRecord(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	v, _ := s.board("GBR", "DEU", "FRA", "USA", "CAN")
	tell := func(n int, country travel.Country, class stay.ClassOfAdmission, until travel.Day) {
		t.Helper()
		p := person(n, country)
		a := stay.Admission{ID: "admission-" + p.Surname, Day: today.AddDays(-150), Class: class, AdmitUntil: until, DurationOfStatus: until.IsZero()}
		if _, err := s.record(p, Told{Admission: a}); err != nil {
			t.Fatal(err)
		}
	}
	tell(0, "GBR", "WT", today)               // leaves today, in time
	tell(1, "DEU", "B-2", today.AddDays(-3))  // leaves today, too late
	tell(5, "BRA", "B-2", today.AddDays(-40)) // has not left
	tell(6, "BRA", "H-1B", today.AddDays(20)) // not yet due
	tell(7, "IND", "F-1", travel.Day{})       // D/S
	tell(8, "IND", "J-1", today.AddDays(-60)) // has not left
	tell(9, "MEX", "B-1", today.AddDays(-10)) // has not left
	for n, img := range []string{"face 0 1", "face 1 1", "face 2 1", "face 3 1", "face 4 1"} {
		if a := s.look(s.meet(v), n, img); a.Action != decision.Confirmed {
			t.Fatalf("%d: %+v", n, a)
		}
	}
	office, err := OpenAdmin(t.Context(), s.dir, s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer office.Close()
	period, err := report.CalendarYear(2026)
	if err != nil {
		t.Fatal(err)
	}
	got, err := office.Overstays(t.Context(), "annual report", report.Options{Period: period, On: today.AddDays(1), Home: "USA"})
	if err != nil {
		t.Fatal(err)
	}
	want := map[travel.Country]report.Country{}
	put := func(code travel.Country, g report.Group, n report.Count) {
		c := want[code]
		c.Code, c.Stays[g] = code, n
		want[code] = c
	}
	left := func(code travel.Country, g report.Group, f report.Flow) {
		c := want[code]
		c.Code, c.Departures[g] = code, f
		want[code] = c
	}
	put("GBR", report.BusinessPleasure, report.Count{InTime: 1})
	put("DEU", report.BusinessPleasure, report.Count{OutOfCountry: 1})
	put("BRA", report.BusinessPleasure, report.Count{InCountry: 1})
	put("IND", report.StudentExchange, report.Count{InCountry: 1})
	put("MEX", report.BusinessPleasure, report.Count{InCountry: 1})
	left("GBR", report.BusinessPleasure, report.Flow{Matched: 1})
	left("DEU", report.BusinessPleasure, report.Flow{Matched: 1})
	left("FRA", report.ClassUnknown, report.Flow{Unmatched: 1})
	left("CAN", report.ClassUnknown, report.Flow{Unmatched: 1})
	for _, c := range got.Countries {
		if c != want[c.Code] {
			t.Errorf("%s: %+v, want %+v", c.Code, c, want[c.Code])
		}
		delete(want, c.Code)
	}
	if len(want) > 0 {
		t.Errorf("missing: %v", want)
	}
	if n := (report.NotCounted{DurationOfStatus: 1, NotYetDue: 1, Citizens: 1}); got.NotCounted != n {
		t.Errorf("not counted: %+v, want %+v", got.NotCounted, n)
	}
	entries := read(s, func(tx *store.Tx) ([]audit.Entry, error) { return tx.AuditEntries(0, 1000) })
	if last := entries[len(entries)-1]; last.Action != overstayReport || last.Actor != operator || last.Purpose != "annual report" || last.Subject != "calendar year 2026" {
		t.Errorf("the access is not in the log: %+v", last)
	}
	if _, err := office.Overstays(t.Context(), "x", report.Options{}); errs.CodeOf(err) != "report-options" {
		t.Errorf("no options: %v", err)
	}
}

// TestRowsOfAStay: what changes a stay makes rows that the report tells apart.
func TestRowsOfAStay(t *testing.T) {
	day := func(month, date int) travel.Day { d, _ := travel.NewDay(2026, month, date); return d }
	on := day(12, 31)
	base := store.Stay{Stay: stay.Stay{Admission: stay.Admission{ID: "a", Traveler: "t", Day: day(1, 10), Class: "B-2", AdmitUntil: day(7, 9)}}, Mode: "air", Country: "FRA"}
	change := func(kind stay.ChangeKind, outcome stay.Outcome, filed, from, until travel.Day, class stay.ClassOfAdmission) stay.Change {
		return stay.Change{ID: "c" + from.String() + filed.String(), Traveler: "t", Admission: "a", Kind: kind, Outcome: outcome, Filed: filed, Day: from, AdmitUntil: until, Class: class}
	}
	row := report.Stay{Citizenship: "FRA", Class: "B-2", Mode: report.Air, Arrived: day(1, 10), Until: day(7, 9), Status: report.Running}
	with := func(f func(*report.Stay)) report.Stay { r := row; f(&r); return r }
	student := with(func(r *report.Stay) { r.Class, r.Arrived, r.Until = "F-1", day(6, 1), day(11, 30) })
	for name, c := range map[string]struct {
		edit func(*store.Stay)
		want []report.Stay
	}{
		"as admitted": {func(*store.Stay) {}, []report.Stay{row}},
		"left":        {func(s *store.Stay) { s.Closed, s.ClosedBy = day(8, 1), "x" }, []report.Stay{with(func(r *report.Stay) { r.Departed = day(8, 1) })}},
		"left, nobody saw": {func(s *store.Stay) { s.Closed = day(8, 1) },
			[]report.Stay{with(func(r *report.Stay) { r.Departed, r.Unseen = day(8, 1), true })}},
		"left after the report": {func(s *store.Stay) { s.Closed, s.ClosedBy = on.AddDays(5), "x" }, []report.Stay{with(func(r *report.Stay) { r.Departed = on.AddDays(5) })}},
		"extended": {func(s *store.Stay) {
			s.Changes = []stay.Change{change(stay.Extension, stay.Granted, day(6, 1), day(8, 1), day(12, 1), "")}
		}, []report.Stay{with(func(r *report.Stay) { r.Until = day(12, 1) })}},
		"extension undecided": {func(s *store.Stay) {
			s.Changes = []stay.Change{change(stay.Extension, stay.Pending, day(7, 9), travel.Day{}, day(12, 1), "")}
		}, []report.Stay{with(func(r *report.Stay) { r.Undecided = true })}},
		"extension filed late": {func(s *store.Stay) {
			s.Changes = []stay.Change{change(stay.Extension, stay.Pending, day(7, 10), travel.Day{}, day(12, 1), "")}
		}, []report.Stay{row}},
		"extension denied": {func(s *store.Stay) {
			s.Changes = []stay.Change{change(stay.Extension, stay.Denied, day(7, 1), day(8, 1), travel.Day{}, "")}
		}, []report.Stay{row}},
		"changed": {func(s *store.Stay) {
			s.Changes = []stay.Change{change(stay.ChangeOfStatus, stay.Granted, day(5, 1), day(6, 1), day(11, 30), "F-1")}
		},
			[]report.Stay{with(func(r *report.Stay) { r.Status, r.StatusOn = report.Changed, day(6, 1) }), student}},
		"adjusted": {func(s *store.Stay) {
			s.Changes = []stay.Change{change(stay.Adjustment, stay.Granted, day(5, 1), day(6, 1), travel.Day{}, "")}
		},
			[]report.Stay{with(func(r *report.Stay) { r.Status, r.StatusOn = report.Adjusted, day(6, 1) })}},
		"adjusted after the report": {func(s *store.Stay) {
			s.Changes = []stay.Change{change(stay.Adjustment, stay.Granted, travel.Day{}, on.AddDays(1), travel.Day{}, "")}
		}, []report.Stay{row}},
		"left before it was changed": {func(s *store.Stay) {
			s.Closed, s.ClosedBy = day(5, 20), "x"
			s.Changes = []stay.Change{change(stay.ChangeOfStatus, stay.Granted, day(5, 1), day(6, 1), day(11, 30), "F-1")}
		}, []report.Stay{with(func(r *report.Stay) { r.Departed, r.Undecided = day(5, 20), true })}},
		"paroled":           {func(s *store.Stay) { s.Parole = true }, []report.Stay{with(func(r *report.Stay) { r.Status, r.StatusOn = report.Paroled, day(1, 10) })}},
		"admitted later":    {func(s *store.Stay) { s.Day = on.AddDays(1) }, nil},
		"of before modes":   {func(s *store.Stay) { s.Mode = "" }, []report.Stay{row}},
		"no date on record": {func(s *store.Stay) { s.AdmitUntil = travel.Day{} }, []report.Stay{with(func(r *report.Stay) { r.Until = travel.Day{} })}},
	} {
		s := base
		c.edit(&s)
		got := stayRows(s, on)
		if len(got) != len(c.want) {
			t.Errorf("%s: %+v, want %+v", name, got, c.want)
			continue
		}
		for i := range got {
			if got[i] != c.want[i] || got[i].Check() != nil {
				t.Errorf("%s: row %d is %+v, want %+v (%v)", name, i, got[i], c.want[i], got[i].Check())
			}
		}
	}
}
