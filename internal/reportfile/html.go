package reportfile

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"

	"limen/report"
)

//go:embed page.html
var pageText string

//go:embed page.css
var pageStyle string

var pageTemplate = template.Must(template.New("page").Parse(pageText))

// page is what the template shows.
type page struct {
	Title, AsOf string
	Style       template.CSS
	Synthetic   bool
	Public      bool
	Threshold   int64
	Empty       bool
	Tiles       []tile
	Countries   *rates // nil where there is nothing to draw
	Classes     *rates
	Series      *series
	Groups      []groupTable
	Notes       []string
	Mark        string
}

// tile is one of the figures on top.
type tile struct{ Figure, Name, Detail string }

// groupTable is every figure of one group of classes.
type groupTable struct {
	ID, Name, Classes string
	Stays, Departures bool // which columns there are
	Rows              []groupRow
}

type groupRow struct {
	Name  string
	Sum   bool
	Stays []string // expected, out, in, total, rate, in-country rate
	Flow  []string // departures, matched, rate
}

// writeHTML writes one page that needs nothing else: no script, no font, no
// picture from elsewhere.
func writeHTML(w io.Writer, s *report.Sheet) error {
	return pageTemplate.Execute(w, pageOf(s))
}

func pageOf(s *report.Sheet) page {
	all := s.Lines[0]
	p := page{Title: title(s), AsOf: asOf(s), Style: template.CSS(pageStyle), Synthetic: s.Synthetic, Public: s.Public, Threshold: s.Threshold,
		Empty: !all.Expected.Withheld && all.Expected.N == 0 && !s.Departures[0].All.Withheld && s.Departures[0].All.N == 0,
		Notes: s.Notes, Mark: report.WithheldMark, Countries: countryRates(s), Classes: classRates(s), Series: seriesOf(s), Groups: groupTables(s)}
	matched := s.Departures[0]
	p.Tiles = []tile{
		{figure(all.Expected), "expected departures", ""},
		{figure(all.Total), "total overstays", rateDetail(all.Rate())},
		{figure(all.InCountry), "suspected in-country overstays", rateDetail(all.InCountryRate())},
		{figure(matched.All), "departures recorded", ""},
	}
	if r := matched.Rate(); r.Known {
		p.Tiles[3].Detail = percent(r) + " matched to an arrival"
	}
	return p
}

func rateDetail(r report.Rate) string {
	if !r.Known {
		return ""
	}
	return percent(r) + " of expected departures"
}

// groupTables are the data tables: one for each group, all classes first.
func groupTables(s *report.Sheet) (tables []groupTable) {
	at := map[report.Group]int{}
	for _, r := range records(s) {
		if r.point != nil {
			continue
		}
		i, ok := at[r.group]
		if !ok {
			i = len(tables)
			at[r.group] = i
			tables = append(tables, groupTable{ID: fmt.Sprintf("group-%d", r.group), Name: capital(r.group.String()), Classes: r.group.Classes()})
		}
		t := &tables[i]
		row := groupRow{Name: r.place.Name, Sum: r.place.Sum}
		if l := r.stays; l != nil {
			t.Stays = true
			row.Stays = []string{figure(l.Expected), figure(l.OutOfCountry), figure(l.InCountry), figure(l.Total), percent(l.Rate()), percent(l.InCountryRate())}
		}
		if l := r.departures; l != nil {
			t.Departures = true
			row.Flow = []string{figure(l.All), figure(l.Matched), percent(l.Rate())}
		}
		if !blank(r) || r.place.Sum {
			t.Rows = append(t.Rows, row)
		}
	}
	return tables
}

// blank says that a country has nothing in a group.
func blank(r record) bool {
	zero := func(f report.Figure) bool { return !f.Withheld && f.N == 0 }
	return (r.stays == nil || zero(r.stays.Expected)) && (r.departures == nil || zero(r.departures.All))
}

func capital(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// rates is a dot plot, one row each, that is also a table.
type rates struct {
	Caption string
	Max     float64 // right end of the axis
	Ticks   []tick
	Rows    []rateRow
	Left    int // countries that are not drawn
}

type tick struct{ At, Label string }

type rateRow struct {
	Name               string
	Rate, In, Interval string
	X, Low, High, InX  string // positions, in percent of the axis
}

const mostRows = 40

// countryRates draws the countries with the most expected departures, whose
// rates say most, by falling rate.
func countryRates(s *report.Sheet) *rates {
	var lines []report.Line
	for i, p := range places(s) {
		if l := linesOf(s, i)[0]; !p.Sum && l.Rate().Known {
			lines = append(lines, l)
		}
	}
	slices.SortStableFunc(lines, func(a, b report.Line) int { return int(min(1, max(-1, b.Expected.N-a.Expected.N))) })
	left := max(0, len(lines)-mostRows)
	lines = lines[:len(lines)-left]
	slices.SortStableFunc(lines, func(a, b report.Line) int {
		switch d := b.Rate().Value - a.Rate().Value; {
		case d > 0:
			return 1
		case d < 0:
			return -1
		}
		return 0
	})
	r := ratesOf(lines, func(l report.Line) string { return l.Name })
	if r != nil {
		r.Left = left
	}
	return r
}

// classRates draws the groups of all countries.
func classRates(s *report.Sheet) *rates {
	var lines []report.Line
	for _, l := range linesOf(s, 0) {
		if l.Rate().Known {
			lines = append(lines, l)
		}
	}
	return ratesOf(lines, func(l report.Line) string { return capital(l.Group.String()) })
}

func ratesOf(lines []report.Line, name func(report.Line) string) *rates {
	if len(lines) == 0 {
		return nil
	}
	// The widest interval of a country with few departures would press all others
	// to the left: the axis ends with the highest rate, and intervals are cut.
	highest := 0.0
	for _, l := range lines {
		highest = max(highest, l.Rate().Value)
	}
	r := &rates{Max: 1}
	step := niceStep(highest * 1.15)
	r.Max = min(1, step*ceil(highest*1.15/step))
	for i := 0; float64(i)*step <= r.Max+1e-9; i++ {
		at := float64(i) * step
		r.Ticks = append(r.Ticks, tick{r.at(at), shortPercent(at)})
	}
	for _, l := range lines {
		x := l.Rate()
		r.Rows = append(r.Rows, rateRow{Name: name(l), Rate: percent(x), In: percent(l.InCountryRate()),
			Interval: fmt.Sprintf("%.2f–%.2f %%", 100*x.Lower, 100*x.Upper),
			X:        r.at(x.Value), Low: r.at(x.Lower), High: r.at(min(x.Upper, r.Max)), InX: r.at(l.InCountryRate().Value)})
	}
	return r
}

func (r *rates) at(v float64) string { return fmt.Sprintf("%.3f%%", 100*v/r.Max) }
