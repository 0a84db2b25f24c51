package policydiff

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"slices"
	"strings"
)

//go:embed page.html
var pageHTML string

//go:embed page.css
var pageCSS string

var pageTemplate = template.Must(template.New("page").Funcs(template.FuncMap{
	"join":   func(s []string) string { return strings.Join(s, ", ") },
	"spaced": func(s string) string { return strings.ReplaceAll(s, "_", " ") },
}).Parse(pageHTML))

// About is what a page says of itself.
type About struct {
	Date    string // the day it was made
	Command string // the command that made it
	Version string // of limen
}

// WriteHTML writes one page that needs nothing beside it: styles and plots are
// within, no script, no address is fetched.
func (r *Diff) WriteHTML(w io.Writer, about About) error {
	p := page{Diff: r, About: about, Style: template.CSS(pageCSS), Legend: r.legend(), RuleSets: []RuleSet{r.From, r.To}}
	if s := r.Traffic.Simulated; s != nil {
		p.Sources, p.Tables = sources(s.Assumptions), tables(s.Assumptions)
	}
	p.PersonsInAll, p.Scope = persons(r.Traffic.Persons), r.scope()
	for i := range r.Duties {
		d := r.view(&r.Duties[i])
		p.Duties = append(p.Duties, d)
		if !slices.Contains(p.Leads, d.Headline) {
			p.Leads = append(p.Leads, d.Headline)
		}
	}
	return pageTemplate.Execute(w, p)
}

// page is what the template reads.
type page struct {
	*Diff
	About
	Style        template.CSS
	Scope        string
	PersonsInAll string
	Legend       []segment
	RuleSets     []RuleSet
	Sources      []sourceView
	Tables       []tableView
	Leads        []sentence // the headlines, the same one once
	Duties       []dutyView // hides Diff.Duties
}

type dutyView struct {
	ID, Title, FromID, ToID string
	Headline                sentence
	Empty, Still            bool // nobody crosses; nobody's outcome changes
	Tiles                   []figure
	Plot                    plotView
	Sum                     string
	Steps                   []stepView
	Movers                  []moversView
	Groups                  []groupView
	WhyCaption              string
	Reasons                 []reasonView
}

// figure is a number with its share, ready to be read.
type figure struct{ Name, Figure, Share string }

// stepView is one band of the flow plot as a row of the table beside it.
type stepView struct {
	From, To, Persons, Share string
	Changed                  bool
}

type plotView struct {
	Bands []band
	Nodes []nodeView
}

type nodeView struct {
	node
	Share  string
	SmallY float64
}

// scope says in one line what was compared with what, on whose crossings.
func (r *Diff) scope() string {
	if r.Traffic.Persons == 0 {
		return fmt.Sprintf("%s against %s. %s has no person in it.", r.From.ID, r.To.ID, r.Traffic.Name)
	}
	return fmt.Sprintf("%s against %s, for %s crossing from %s to %s (%s).", r.From.ID, r.To.ID,
		persons(r.Traffic.Persons), r.Traffic.First, r.Traffic.Last, r.Traffic.Name)
}

func (r *Diff) view(d *Duty) dutyView {
	f, n := &d.Total, d.Total.Persons()
	v := dutyView{ID: d.ID, Title: d.Title(), Headline: r.headline(d), FromID: r.From.ID, ToID: r.To.ID, Empty: n == 0, Still: f.Same() == n}
	for _, t := range r.tiles(f) {
		v.Tiles = append(v.Tiles, figure{t.name, count(t.n), share(t.n, n) + " of all"})
	}
	v.Plot = newPlotView(flowPlot(f), n)
	for _, from := range Outcomes {
		for _, to := range Outcomes {
			if x := f[from][to]; x > 0 {
				v.Steps = append(v.Steps, stepView{from.Words(), to.Words(), count(x), share(x, n), from != to})
			}
		}
	}
	v.Sum, v.Movers = count(n), r.moverViews(d)
	columns := changesIn(f)
	for _, x := range d.By {
		v.Groups = append(v.Groups, newGroupView(x, columns))
	}
	v.WhyCaption, v.Reasons = r.reasons(d)
	return v
}

// tile is a sum at the head of a duty.
type tile struct {
	name string
	n    int64
}

// tiles split the persons: each is in one of them.
func (r *Diff) tiles(f *Flow) []tile {
	out := []tile{{"newly required", f.In()}, {"no longer required", f.Out()},
		{"need an officer's question under " + r.To.ID, f.After(NeedsOfficer)}}
	if n := f.FromOfficer(); n > 0 {
		out = append(out, tile{"no longer need an officer's question", n})
	}
	rest := f.Persons()
	for _, t := range out {
		rest -= t.n
	}
	return append(out, tile{"no change of duty", rest})
}

func newPlotView(p plot, n int64) plotView {
	v := plotView{Bands: p.Bands}
	for _, x := range p.Nodes {
		v.Nodes = append(v.Nodes, nodeView{x, share(x.Persons, n), x.LabelY + 14})
	}
	return v
}

// legend returns the segments that anybody is in.
func (r *Diff) legend() (out []segment) {
	for _, s := range segments {
		for i := range r.Duties {
			if s.of(&r.Duties[i].Total) > 0 {
				out = append(out, s)
				break
			}
		}
	}
	return out
}
