package report

import (
	"limen/errs"
	"limen/travel"
)

// Count is the expected departures of one country and group, each in exactly
// one of the fields.
type Count struct {
	// InTime: the matched departure is not after the last authorized day.
	InTime int64
	// Settled: no departure before it, but adjusted, changed or paroled after
	// the last day and by the day of the report. No overstay any more.
	Settled int64
	// Undecided: no departure in time, but an application filed by the last day
	// is not decided on the day of the report. No overstay as yet.
	Undecided int64
	// Unseen: left without a recorded departure, before a later admission;
	// whether that was in time nobody knows.
	Unseen int64
	// OutOfCountry: out-of-country overstays. The matched departure is after
	// the last authorized day, and not after the day of the report.
	OutOfCountry int64
	// InCountry: suspected in-country overstays. The last authorized day is
	// past and no departure was found by the day of the report.
	InCountry int64
}

// Expected is the expected departures: stays whose last authorized day lies in
// the period and is past on the day of the report, and that nothing else ended
// by then.
//
// Source: DHS Entry/Exit Overstay Reports, "expected departures"; 8 USC 1376(a).
func (c Count) Expected() int64 { return c.None() + c.Total() }

// None is the expected departures that are no overstays.
func (c Count) None() int64 { return c.InTime + c.Settled + c.Undecided + c.Unseen }

// Total is the total overstays, out-of-country and suspected in-country. It is
// also the number for which no departure was matched by the end of the
// authorized stay.
//
// Source: 8 USC 1365a(e)(1)(C) and (D).
func (c Count) Total() int64 { return c.OutOfCountry + c.InCountry }

// Flow is the departures of one country and group within the period.
//
// Source: 8 USC 1365a(e)(1)(A) all; (B) matched to an arrival.
type Flow struct{ Matched, Unmatched int64 }

// All is every departure, matched or not.
func (f Flow) All() int64 { return f.Matched + f.Unmatched }

// Country is the counts of one country of citizenship, by group. The place of
// AllGroups is empty.
type Country struct {
	Code       travel.Country
	Stays      [groups]Count
	Departures [groups]Flow
}

// AsOf is how many of the period's stays were suspected in-country overstays
// on a day after its end, by what is known on the day of the report. Stays whose
// application is undecided are not among them.
type AsOf struct {
	Day       travel.Day
	InCountry [groups]int64
}

// NotCounted is what the report was given and does not count, by reason.
type NotCounted struct {
	DurationOfStatus int64 // D/S: no last day, so nothing to overstay
	Land             int64 // admitted by land, unless asked for
	EndedOtherwise   int64 // adjusted, changed or paroled by the last authorized day
	Citizens         int64 // stays and departures of citizens of the reporting country
	NoDate           int64 // neither a last day nor D/S is on record
	NotYetDue        int64 // last day in the period, but not past on the day of the report
}

// Tally is the exact counts of a period. It holds no row of any person.
type Tally struct {
	Options
	// Countries are those with any count, by code.
	Countries []Country
	// Series begins on the day after the period's end, has the last day of each
	// month after it, and ends on the day of the report; at most MaxSeries of
	// them. It is empty if the period is not over.
	Series     []AsOf
	NotCounted NotCounted
}

// MaxSeries is the most points of Tally.Series.
const MaxSeries = 60

// Options say what a report is about.
type Options struct {
	Period Period
	// On is the day of the report: what happened later is not known to it. It
	// is after the first day of the period.
	On travel.Day
	// Land also counts who was admitted at a land port.
	Land bool
	// Home is the reporting country; its citizens are not counted.
	Home travel.Country
}

// Check returns an Invalid error (code "report-options") for options without
// period, day or reporting country, or with a day not after the period's first.
func (o Options) Check() error {
	switch {
	case o.Period.First.IsZero() || o.Period.Last.IsZero() || o.On.IsZero() || o.Home == "":
		return errs.New(errs.Invalid, "report-options", "a report needs its period, its day and the reporting country")
	case ordinal(o.On) <= ordinal(o.Period.First):
		return errs.New(errs.Invalid, "report-options", "a report of the %s cannot be of %s: no stay of that year is over yet", o.Period.Name, o.On)
	}
	return nil
}
