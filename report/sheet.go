package report

import (
	"limen/errs"
	"limen/travel"
)

// Figure is a printed count, or one that the public form withholds.
type Figure struct {
	N        int64
	Withheld bool
}

// Place is what a row is about: a country of citizenship, or a sum of them.
type Place struct {
	Code travel.Country // "" for a sum
	Name string
	// Sum says that other rows add up to this one.
	Sum bool
	// Of is the name of the sum that the row is part of; "" for all countries.
	Of string
}

// Line is one row of the overstay table.
type Line struct {
	Place
	Group        Group // AllGroups for the sum of the groups
	Expected     Figure
	OutOfCountry Figure
	InCountry    Figure
	Total        Figure
}

// Rate is Total ÷ Expected, the overstay rate; InCountryRate is InCountry ÷
// Expected, the suspected in-country overstay rate. Neither is given where one
// of its figures is withheld or nothing was expected.
//
// Source: DHS Entry/Exit Overstay Reports, columns of the tables by country.
func (l Line) Rate() Rate { return rate(l.Total, l.Expected) }

// InCountryRate is described at Rate.
func (l Line) InCountryRate() Rate { return rate(l.InCountry, l.Expected) }

// DepartureLine is one row of the table of departures.
//
// Source: 8 USC 1365a(e)(1)(A) and (B).
type DepartureLine struct {
	Place
	Group   Group
	All     Figure
	Matched Figure // to an arrival
}

// Rate is Matched ÷ All.
func (l DepartureLine) Rate() Rate { return rate(l.Matched, l.All) }

// Point is how many of the period's stays were suspected in-country overstays
// on a day, of all groups.
type Point struct {
	Day       travel.Day
	InCountry int64
}

// Sheet is the report as it is printed, in every form alike.
type Sheet struct {
	Options
	// Public says that small figures are withheld, those from 1 to one less
	// than Threshold and whatever else would give them away.
	Public    bool
	Threshold int64
	// Synthetic says that the people do not exist.
	Synthetic  bool
	Groups     []Group // columns of the overstay table that are in use, AllGroups first
	Lines      []Line  // by place, then group
	Departures []DepartureLine
	Series     []Point
	Notes      []string
}

// MinThreshold is the lowest threshold of the public form; DefaultThreshold
// withholds 1 to 9.
const (
	MinThreshold     = 5
	DefaultThreshold = 10
)

// Full returns the report with every figure, for those who may see them.
func (t *Tally) Full() *Sheet {
	s, _ := t.sheet(0)
	return s
}

// PublicForm returns the report as it may be published: no figure from 1 to
// threshold-1 is in it, and none can be computed from it, from its sums, rates or
// other tables (docs/adr/0012-small-cells.md says how and where that ends). A
// threshold under MinThreshold is an Invalid error (code "report-threshold").
func (t *Tally) PublicForm(threshold int64) (*Sheet, error) {
	if threshold < MinThreshold || threshold > 1000 {
		return nil, errs.New(errs.Invalid, "report-threshold", "the public form withholds counts under a threshold of %d to 1000", MinThreshold)
	}
	return t.sheet(threshold)
}

// sheet prints the tally; threshold 0 withholds nothing.
func (t *Tally) sheet(threshold int64) (*Sheet, error) {
	s := &Sheet{Options: t.Options, Public: threshold > 0, Threshold: threshold}
	places, parent := t.places()
	groups := t.used(func(c Country, g Group) int64 { return c.Stays[g].Expected() }, BusinessPleasure, StudentExchange, OtherNonimmigrant)
	stays := t.table(parent, groups, stayFigures, func(c Country, g Group) cell {
		n := c.Stays[g]
		return cell{n.None(), n.OutOfCountry, n.InCountry}
	})
	flowGroups := t.used(func(c Country, g Group) int64 { return c.Departures[g].All() }, BusinessPleasure, StudentExchange, OtherNonimmigrant, ImmigrantGroup)
	flows := t.table(parent, flowGroups, flowFigures, func(c Country, g Group) cell {
		n := c.Departures[g]
		return cell{n.Matched, n.Unmatched}
	})
	if threshold > 0 {
		for _, table := range []*table{stays, flows} {
			if err := table.withhold(threshold); err != nil {
				return nil, err
			}
		}
	}
	s.Groups = groups
	for e := range stays.cells {
		whole, total := stays.figure(e, 0, 1, 2), stays.figure(e, 1, 2)
		s.Lines = append(s.Lines, Line{Place: places[e/len(groups)], Group: groups[e%len(groups)], Expected: whole, Total: total,
			OutOfCountry: stays.figure(e, 1), InCountry: stays.figure(e, 2)})
	}
	for e := range flows.cells {
		s.Departures = append(s.Departures, DepartureLine{Place: places[e/len(flowGroups)], Group: flowGroups[e%len(flowGroups)],
			All: flows.figure(e, 0, 1), Matched: flows.figure(e, 0)})
	}
	s.Series = t.points(s.Lines[0], threshold)
	s.Notes = t.notes(s)
	return s, nil
}

// The parts of a cell: no overstay, out-of-country, suspected in-country; and
// matched, unmatched.
var (
	stayFigures = [][]int{{0}, {1}, {2}, {1, 2}}
	flowFigures = [][]int{{0}, {1}}
)

// figure is the sum of parts as the table's levels let it be printed.
func (t *table) figure(e int, of ...int) Figure {
	hidden := whole
	if len(of) < len(t.cells[e]) {
		hidden = parts
	}
	if t.levels[e] >= hidden {
		return Figure{Withheld: true}
	}
	return Figure{N: t.value(e, of)}
}
