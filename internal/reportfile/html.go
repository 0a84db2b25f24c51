package reportfile

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
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
