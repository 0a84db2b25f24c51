package policydiff

import (
	"fmt"
	"slices"
	"strings"
)

// shown is how many groups of a long dimension a page and the terminal show
// before the rest.
const shown = 15

type groupView struct {
	Caption, Head string
	Columns       []string // beside persons
	Rows, More    []rowView
	MoreTitle     string
}

type rowView struct {
	Name, Meaning, Persons, Spoken string
	Pieces                         []pieceView
	Figures                        []figure
}

type pieceView struct {
	piece
	Tip string
}

// change is a figure beside a bar. One that is nobody in the whole duty has no
// column.
type change struct {
	name string
	of   func(*Flow) int64
}

var changes = []change{
	{"newly required", (*Flow).In},
	{"no longer required", (*Flow).Out},
	{"needs an officer", func(f *Flow) int64 { return f.After(NeedsOfficer) }},
}

// changesIn returns the changes that anybody has.
func changesIn(total *Flow) []change {
	return slices.DeleteFunc(slices.Clone(changes), func(c change) bool { return c.of(total) == 0 })
}

func newGroupView(d Dimension, columns []change) groupView {
	g := groupView{Head: strings.ToUpper(d.Name[:1]) + d.Name[1:], Caption: "By " + d.Name}
	for _, c := range columns {
		g.Columns = append(g.Columns, c.name)
	}
	if len(d.Values) > 1 && !ordered(d.Name) {
		g.Caption += ", the largest groups first"
	}
	for i, v := range d.Values {
		if len(d.Values) > shown+3 && i >= shown {
			g.More = append(g.More, newRow(d.Name, v, columns))
		} else {
			g.Rows = append(g.Rows, newRow(d.Name, v, columns))
		}
	}
	if len(g.More) > 0 {
		var n int64
		for _, v := range d.Values[shown:] {
			n += v.Flow.Persons()
		}
		g.MoreTitle = fmt.Sprintf("By %s: the other %d, with %s", d.Name, len(g.More), persons(n))
	}
	return g
}

func newRow(dimension string, v Value, columns []change) rowView {
	f, n := &v.Flow, v.Flow.Persons()
	row := rowView{Name: strings.ReplaceAll(v.Name, "_", " "), Meaning: meaning(dimension, v.Name), Persons: count(n)}
	var spoken []string
	for _, p := range bar(f) {
		tip := fmt.Sprintf("%s: %s (%s)", p.Name, persons(p.Persons), share(p.Persons, n))
		row.Pieces, spoken = append(row.Pieces, pieceView{p, tip}), append(spoken, tip)
	}
	row.Spoken = strings.Join(spoken, "; ")
	for _, c := range columns {
		fig := figure{c.name, "–", ""}
		if x := c.of(f); x > 0 {
			fig = figure{c.name, count(x), share(x, n)}
		}
		row.Figures = append(row.Figures, fig)
	}
	return row
}

type reasonView struct {
	Persons, Share string
	Grounds        []groundView
}

type groundView struct{ Set, Outcome, Rule, Clause, Ask string }

// reasons lists the grounds on which persons change, the most persons first.
func (r *Diff) reasons(d *Duty) (caption string, out []reasonView) {
	var changed int64
	for _, x := range d.Why {
		if x.From.Outcome == x.To.Outcome {
			continue
		}
		changed += x.Persons
		out = append(out, reasonView{count(x.Persons), share(x.Persons, d.Total.Persons()) + " of all",
			[]groundView{newGround(r.From.ID, x.From), newGround(r.To.ID, x.To)}})
	}
	if len(out) == 0 {
		return "No person changes.", nil
	}
	return fmt.Sprintf("The grounds of the %s whose outcome changes, and the clauses they rest on", persons(changed)), out
}

func newGround(set string, g Ground) groundView {
	clause := g.Clause
	if g.Citation != "" && g.Citation != clause {
		clause = strings.TrimLeft(clause+"; "+g.Citation, "; ")
	}
	return groundView{set, strings.ReplaceAll(g.Outcome, "_", " "), g.Rule, clause, g.Ask}
}
