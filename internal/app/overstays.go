package app

import (
	"cmp"
	"context"
	"slices"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/report"
	"limen/stay"
	"limen/travel"
)

// overstayReport is what the report is called in the audit log.
const overstayReport = "overstay-report"

// Overstays counts the record for the overstay report, for a stated purpose,
// which is in the audit log before anything is read. It reads every stay once,
// as one unchanging state, and keeps none: memory is bounded by countries and
// classes. Errors: those of report.Take; a row of the record that contradicts
// itself is Broken (code "report-record").
func (a *Admin) Overstays(ctx context.Context, purpose audit.Purpose, o report.Options) (tally *report.Tally, err error) {
	counter, err := report.NewCounter(o)
	if err != nil {
		return nil, err
	}
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		return tx.Audit(audit.Entry{At: a.now(), Actor: operator, Action: overstayReport, Subject: o.Period.Name, Purpose: purpose})
	})
	if err != nil {
		return nil, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		if err := tx.EachStay(func(s store.Stay) error { return countStay(counter, s, o.On) }); err != nil {
			return err
		}
		return tx.EachDeparture(o.Period.First, o.Period.Last, func(d store.Departure) error { return counter.Departure(departureRow(d)) })
	})
	return counter.Tally(), err
}

func countStay(c *report.Counter, s store.Stay, on travel.Day) error {
	for _, r := range stayRows(s, on) {
		if err := c.Stay(r); err != nil {
			return errs.New(errs.Broken, "report-record", "the stay %s cannot be counted: run limen store check: %w", s.ID, err)
		}
	}
	return nil
}

// stayRows returns what the report counts of a stay, by what holds on a day:
// one row, and one more for each change of status or adjustment, which ends a
// stay in one class before its last day.
func stayRows(s store.Stay, on travel.Day) (rows []report.Stay) {
	if s.Day.After(on) {
		return nil
	}
	end := on
	if !s.Open() && !s.Closed.After(on) {
		end = s.Closed
	}
	row := report.Stay{Citizenship: s.Country, Mode: report.Mode(cmp.Or(s.Mode, modeOf(""))), Arrived: s.Day, Status: report.Running}
	if s.Parole { // let in without an admission: there is no class to overstay
		row.Status, row.StatusOn = report.Paroled, s.Day
	}
	for _, c := range endings(s, end) {
		before := authorized(row, stay.Authorized(s.Admission, c.Day.AddDays(-1), s.Changes...))
		if c.Day.After(s.Day) && !s.Parole {
			before.Status, before.StatusOn = report.Changed, c.Day
			if c.Kind == stay.Adjustment {
				before.Status = report.Adjusted
			}
			rows = append(rows, before)
		}
		row.Arrived = c.Day
		if c.Kind == stay.Adjustment {
			return rows // a permanent resident's stay does not end
		}
	}
	p := stay.Authorized(s.Admission, end, s.Changes...)
	row = authorized(row, p)
	row.Undecided = p.Application != ""
	row.Departed, row.Unseen = s.Closed, !s.Open() && s.ClosedBy == ""
	return append(rows, row)
}

// authorized puts in a row what is authorized.
func authorized(row report.Stay, p stay.Period) report.Stay {
	row.Class, row.Until, row.DurationOfStatus = p.Class, p.Until, p.DurationOfStatus
	return row
}

// endings are the granted changes that end a stay in one class by a day, in the
// order of their days.
func endings(s store.Stay, by travel.Day) (out []stay.Change) {
	for _, c := range s.Changes {
		if c.Outcome == stay.Granted && (c.Kind == stay.ChangeOfStatus || c.Kind == stay.Adjustment) && !c.Day.After(by) {
			out = append(out, c)
		}
	}
	slices.SortStableFunc(out, func(a, b stay.Change) int { return b.Day.DaysUntil(a.Day) })
	return out
}

// departureRow returns what the report counts of a departure. Who is kept as a
// resident, but whose citizenship nobody knows, may be a citizen.
func departureRow(d store.Departure) report.Departure {
	row := report.Departure{Citizenship: d.Country, Category: report.CategoryUnknown, Class: d.Class, Day: d.Day, Matched: d.Matched}
	switch {
	case d.Resident && d.Country != "":
		row.Category = report.Immigrant
	case d.Matched:
		row.Category = report.Nonimmigrant
	}
	return row
}
