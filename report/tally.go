package report

import (
	"cmp"
	"iter"
	"slices"

	"limen/errs"
	"limen/travel"
)

// Count is the expected departures of one country and group, each in exactly
// one of the four fields.
type Count struct {
	// InTime: the matched departure is not after the last authorized day.
	InTime int64
	// Settled: no departure before it, but adjusted, changed or paroled after
	// the last day and by the day of the report. No overstay any more.
	Settled int64
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
func (c Count) Expected() int64 { return c.InTime + c.Settled + c.Total() }

// Total is the total overstays, out-of-country and suspected in-country. It is
// also the number for which no departure was matched by the end of the
// authorized stay.
//
// Source: 8 USC 1365a(e)(1)(C) and (D).
func (c Count) Total() int64 { return c.OutOfCountry + c.InCountry }

func (c *Count) add(d Count) {
	c.InTime += d.InTime
	c.Settled += d.Settled
	c.OutOfCountry += d.OutOfCountry
	c.InCountry += d.InCountry
}

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
// on a day after its end, by what is known on the day of the report.
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

// Counter tallies rows one by one in memory bounded by countries × groups.
// It is for one goroutine.
type Counter struct {
	tally     Tally
	first     int32
	last      int32
	on        int32
	series    []int32
	countries map[travel.Country]*Country
}

// NewCounter returns a counter. Options without period, day or reporting
// country, or with a day not after the period's first, are an Invalid error
// (code "report-options").
func NewCounter(o Options) (*Counter, error) {
	switch {
	case o.Period.First.IsZero() || o.Period.Last.IsZero() || o.On.IsZero() || o.Home == "":
		return nil, errs.New(errs.Invalid, "report-options", "a report needs its period, its day and the reporting country")
	case ordinal(o.On) <= ordinal(o.Period.First):
		return nil, errs.New(errs.Invalid, "report-options", "a report of the %s cannot be of %s: no stay of that year is over yet", o.Period.Name, o.On)
	}
	c := &Counter{tally: Tally{Options: o}, first: ordinal(o.Period.First), last: ordinal(o.Period.Last), on: ordinal(o.On),
		countries: map[travel.Country]*Country{}}
	for _, d := range seriesDays(o.Period.Last, o.On) {
		c.tally.Series = append(c.tally.Series, AsOf{Day: d})
		c.series = append(c.series, ordinal(d))
	}
	return c, nil
}

// seriesDays returns the days of Tally.Series.
func seriesDays(last, on travel.Day) (days []travel.Day) {
	day := last.AddDays(1)
	if ordinal(day) > ordinal(on) {
		return nil
	}
	for ordinal(day) < ordinal(on) && len(days) < MaxSeries-1 {
		days = append(days, day)
		next := day.AddDays(1)
		if len(days) == 1 {
			next = day
		}
		first, _ := travel.NewDay(int(next.Year), int(next.Month), 1)
		next = first.AddDays(31)
		first, _ = travel.NewDay(int(next.Year), int(next.Month), 1)
		day = first.AddDays(-1)
	}
	return append(days, on)
}

// Take tallies both streams to their end. The first error, of a stream or of a
// row, ends it: a report that left rows out unseen would be worse than none.
func Take(o Options, stays iter.Seq2[Stay, error], departures iter.Seq2[Departure, error]) (*Tally, error) {
	c, err := NewCounter(o)
	if err != nil {
		return nil, err
	}
	for s, err := range stays {
		if err == nil {
			err = c.Stay(s)
		}
		if err != nil {
			return nil, err
		}
	}
	for d, err := range departures {
		if err == nil {
			err = c.Departure(d)
		}
		if err != nil {
			return nil, err
		}
	}
	return c.Tally(), nil
}

// Stay counts one stay. Errors are those of Stay.Check.
func (c *Counter) Stay(s Stay) error {
	if err := s.Check(); err != nil {
		return err
	}
	n := &c.tally.NotCounted
	until := ordinal(s.Until)
	switch {
	case c.citizen(s.Citizenship):
		n.Citizens++
	case s.DurationOfStatus:
		n.DurationOfStatus++
	case until < c.first || until > c.last:
	case s.Mode == Land && !c.tally.Land:
		n.Land++
	case s.Status != Running && ordinal(s.StatusOn) <= min(until, c.on):
		n.EndedOtherwise++
	case until >= c.on:
		n.NotYetDue++
	default:
		c.due(s, until)
	}
	return nil
}

// due counts an expected departure.
func (c *Counter) due(s Stay, until int32) {
	const never = int32(1) << 30
	left, settled := never, never
	if !s.Departed.IsZero() {
		left = ordinal(s.Departed)
	}
	if s.Status != Running && ordinal(s.StatusOn) <= left {
		settled = ordinal(s.StatusOn)
	}
	g := GroupOf(s.Class)
	n := &c.country(s.Citizenship).Stays[g]
	switch {
	case left <= until:
		n.InTime++
		return
	case settled <= c.on:
		n.Settled++
	case left <= c.on:
		n.OutOfCountry++
	default:
		n.InCountry++
	}
	for i, day := range c.series {
		if day >= min(left, settled) {
			break
		}
		c.tally.Series[i].InCountry[g]++
	}
}

// Departure counts one departure, of any mode. Errors are those of
// Departure.Check.
func (c *Counter) Departure(d Departure) error {
	if err := d.Check(); err != nil {
		return err
	}
	day := ordinal(d.Day)
	switch {
	case c.citizen(d.Citizenship):
		c.tally.NotCounted.Citizens++
		return nil
	case day < c.first || day > c.last || day > c.on:
		return nil
	}
	g := ClassUnknown
	switch d.Category {
	case Immigrant:
		g = ImmigrantGroup
	case Nonimmigrant:
		g = GroupOf(d.Class)
	}
	n := &c.country(d.Citizenship).Departures[g]
	if d.Matched {
		n.Matched++
	} else {
		n.Unmatched++
	}
	return nil
}

func (c *Counter) citizen(of travel.Country) bool { return of == c.tally.Home }

func (c *Counter) country(code travel.Country) *Country {
	if n := c.countries[code]; n != nil {
		return n
	}
	code = Nationality(code)
	n := c.countries[code]
	if n == nil {
		n = &Country{Code: code}
		c.countries[code] = n
	}
	return n
}

// Tally returns what was counted.
func (c *Counter) Tally() *Tally {
	t := c.tally
	t.Series = slices.Clone(t.Series)
	for _, n := range c.countries {
		t.Countries = append(t.Countries, *n)
	}
	slices.SortFunc(t.Countries, func(a, b Country) int { return cmp.Compare(a.Code, b.Code) })
	return &t
}
