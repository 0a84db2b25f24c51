package report

import (
	"cmp"
	"slices"

	"limen/travel"
)

// The sums of countries. The report on the United States keeps Canada and
// Mexico apart, whose citizens mostly cross by land.
//
// Source: DHS Entry/Exit Overstay Reports, tables by country.
const (
	allCountries = "All countries"
	allOthers    = "All countries except Canada and Mexico"
	neighbors    = "Canada and Mexico"
)

// places returns the rows and, of each, the row it adds up to, -1 for the
// first: all countries, then sums, then countries by name.
func (t *Tally) places() (places []Place, parent []int) {
	places, parent = []Place{{Name: allCountries, Sum: true}}, []int{-1}
	apart := t.Home == "USA"
	if apart {
		places = append(places, Place{Name: allOthers, Sum: true, Of: allCountries}, Place{Name: neighbors, Sum: true, Of: allCountries})
		parent = append(parent, 0, 0)
	}
	for _, c := range t.byName() {
		of := 0
		switch {
		case apart && isNeighbor(c.Code):
			of = 2
		case apart:
			of = 1
		}
		places = append(places, Place{Code: c.Code, Name: CountryName(c.Code), Of: places[of].Name})
		parent = append(parent, of)
	}
	return places, parent
}

func isNeighbor(c travel.Country) bool { return c == "CAN" || c == "MEX" }

// byName returns the countries in the order of the rows: neighbors first where
// they are apart.
func (t *Tally) byName() []Country {
	list := slices.Clone(t.Countries)
	last := func(c Country) int {
		if t.Home == "USA" && isNeighbor(c.Code) {
			return 0
		}
		if c.Code == NotKnown {
			return 2
		}
		return 1
	}
	slices.SortFunc(list, func(a, b Country) int {
		return cmp.Or(cmp.Compare(last(a), last(b)), cmp.Compare(sortKey(a.Code), sortKey(b.Code)))
	})
	return list
}

// sortKey puts names that begin with a letter beyond ASCII where a reader looks.
func sortKey(c travel.Country) string {
	name := []rune(CountryName(c))
	if len(name) > 0 && name[0] == 'Å' {
		name[0] = 'A'
	}
	return string(name)
}

// used returns the columns: the sum, those that are always there, and those
// that any country has a count in.
func (t *Tally) used(count func(Country, Group) int64, always ...Group) []Group {
	in := []Group{AllGroups}
	for g := AllGroups + 1; g < groups; g++ {
		has := slices.ContainsFunc(t.Countries, func(c Country) bool { return count(c, g) > 0 })
		if has || slices.Contains(always, g) {
			in = append(in, g)
		}
	}
	return in
}

// table makes the cells of the rows and columns, sums included.
func (t *Tally) table(parent []int, columns []Group, figures [][]int, of func(Country, Group) cell) *table {
	out := &table{parent: parent, columns: len(columns), figures: figures}
	out.cells = make([]cell, len(parent)*len(columns))
	out.levels = make([]level, len(out.cells))
	size := len(of(Country{}, AllGroups))
	for e := range out.cells {
		out.cells[e] = make(cell, size)
	}
	countries := t.byName()
	first := len(parent) - len(countries)
	for i, c := range countries {
		for col, g := range columns[1:] {
			for p := first + i; p >= 0; p = parent[p] {
				for part, n := range of(c, g) {
					out.cells[p*len(columns)][part] += n
					out.cells[p*len(columns)+col+1][part] += n
				}
			}
		}
	}
	return out
}
