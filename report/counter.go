package report

import (
	"cmp"
	"iter"
	"slices"

	"limen/stay"
	"limen/travel"
)

// Counter tallies rows one by one in memory bounded by countries × groups.
// It is for one goroutine.
type Counter struct {
	tally     Tally
	first     int32
	last      int32
	on        int32
	series    []int32
	countries map[travel.Country]*Country
	groups    map[stay.ClassOfAdmission]Group // of classes as they are written
}

// NewCounter returns a counter. Errors are those of Options.Check.
func NewCounter(o Options) (*Counter, error) {
	if err := o.Check(); err != nil {
		return nil, err
	}
	c := &Counter{tally: Tally{Options: o}, first: ordinal(o.Period.First), last: ordinal(o.Period.Last), on: ordinal(o.On),
		countries: map[travel.Country]*Country{}, groups: map[stay.ClassOfAdmission]Group{}}
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
	case s.Until.IsZero():
		n.NoDate++
	case until < c.first || until > c.last:
	case s.Mode == Land && !c.tally.Land:
		n.Land++
	case settledOn(s) <= min(until, c.on):
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
	left, settled := leftOn(s), settledOn(s)
	g := c.group(s.Class)
	n := &c.country(s.Citizenship).Stays[g]
	switch {
	case left <= until:
		n.InTime++
		return
	case s.Undecided:
		n.Undecided++
		return
	case settled <= c.on:
		n.Settled++
	case left <= c.on && s.Unseen:
		n.Unseen++
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

// never is later than every day.
const never = int32(1) << 30

func leftOn(s Stay) int32 {
	if s.Departed.IsZero() {
		return never
	}
	return ordinal(s.Departed)
}

// settledOn is the day of the status, unless the person had left before it.
func settledOn(s Stay) int32 {
	if s.Status == Running || ordinal(s.StatusOn) > leftOn(s) {
		return never
	}
	return ordinal(s.StatusOn)
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
		g = c.group(d.Class)
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

// group is GroupOf, remembered for as many spellings as a record has.
func (c *Counter) group(class stay.ClassOfAdmission) Group {
	g, known := c.groups[class]
	if !known {
		if g = GroupOf(class); len(c.groups) < 1000 {
			c.groups[class] = g
		}
	}
	return g
}

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
