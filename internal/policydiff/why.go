package policydiff

import (
	"cmp"
	"slices"
	"strings"
)

// Mover is a rule, and how many persons move into a duty because they lose it,
// or out of the duty because they gain it. Of several rules that would free a
// person the first one counts, as it does when a rule set decides.
type Mover struct {
	Rule    string   `json:"rule"`
	Text    string   `json:"text"`
	Clauses []string `json:"clauses"`
	Note    string   `json:"note,omitempty"`
	Persons int64    `json:"persons"`
}

// inBy lists the rules of the first set that freed those for whom the duty is
// new, the most persons first.
func inBy(why []Reason) []Mover {
	return movers(why, func(r Reason) (Ground, bool) { return r.From, r.To.Outcome == Required.String() && free(r.From) })
}

// outBy lists the rules of the second set that free those for whom the duty
// ends, the most persons first.
func outBy(why []Reason) []Mover {
	return movers(why, func(r Reason) (Ground, bool) { return r.To, r.From.Outcome == Required.String() && free(r.To) })
}

func free(g Ground) bool { return g.Outcome == Exempt.String() || g.Outcome == NotInScope.String() }

func movers(why []Reason, pick func(Reason) (Ground, bool)) []Mover {
	out := []Mover{}
	for _, r := range why {
		g, moves := pick(r)
		if !moves {
			continue
		}
		i := slices.IndexFunc(out, func(m Mover) bool { return m.Rule == g.Rule })
		if i < 0 {
			i, out = len(out), append(out, Mover{Rule: g.Rule, Text: g.Text, Note: g.Note})
		}
		out[i].Persons += r.Persons
		if g.Clause != "" && !slices.Contains(out[i].Clauses, g.Clause) {
			out[i].Clauses = append(out[i].Clauses, g.Clause)
		}
	}
	slices.SortFunc(out, func(a, b Mover) int {
		return cmp.Or(cmp.Compare(b.Persons, a.Persons), cmp.Compare(a.Rule, b.Rule))
	})
	return out
}

// moverView is a rule in a table with a bar.
type moverView struct {
	Rule, Text, Clauses, Note, Persons, Share string
	Width                                     float64
}

// moversView says what a list of movers is, and shows it.
type moversView struct {
	Caption, Class string
	Rows           []moverView
}

func (r *Diff) moverViews(d *Duty) (out []moversView) {
	for _, x := range []struct {
		list           []Mover
		all            int64
		class, caption string
	}{
		{d.InBy, d.Total.In(), "in", "For whom it is new: " + persons(d.Total.In()) + ", by the rule of " + r.From.ID + " that freed them until then"},
		{d.OutBy, d.Total.Out(), "out", "For whom it ends: " + persons(d.Total.Out()) + ", by the rule of " + r.To.ID + " that frees them"},
	} {
		if len(x.list) == 0 {
			continue
		}
		v := moversView{Caption: x.caption, Class: x.class}
		for _, m := range x.list {
			v.Rows = append(v.Rows, moverView{m.Rule, m.Text, strings.Join(m.Clauses, "; "), m.Note, count(m.Persons), share(m.Persons, x.all), percent(m.Persons, x.all)})
		}
		out = append(out, v)
	}
	return out
}
