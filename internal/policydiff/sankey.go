package policydiff

import (
	"fmt"
	"math"
)

// Sizes of the flow plot, in the units of its viewBox: narrow enough to be
// read at its own size on a telephone.
const (
	plotWidth  = 400
	plotHeight = 330
	nodeLeft   = 126 // its right border is nodeWidth further
	nodeRight  = 262
	nodeWidth  = 12
	nodeGap    = 28
	labelGap   = 32
)

// node is an outcome in one of the two columns.
type node struct {
	X, Y, H float64
	LabelX  float64
	LabelY  float64
	Anchor  string
	Class   string
	Name    string
	Persons int64
}

// band is a group of persons that flows from one node to another.
type band struct {
	Path    string
	Class   string
	Title   string
	Persons int64
	// Label stands on a band that has room for it.
	Label          string
	LabelX, LabelY float64
}

// plot is a flow plot, ready to be drawn.
type plot struct {
	Nodes []node
	Bands []band
}

// class names the style of an outcome.
func (o Outcome) class() string {
	return [...]string{"", "kept", "ask", "exempt", "free"}[o]
}

// bandClass names the style of a flow between two outcomes.
func bandClass(from, to Outcome) string {
	owes := func(o Outcome) bool { return o == Required }
	switch {
	case from == to:
		return "same"
	case to == NeedsOfficer || from == NeedsOfficer:
		return "ask"
	case owes(to):
		return "in"
	case owes(from):
		return "out"
	}
	return "same"
}

// flowPlot lays out who goes from which outcome to which.
func flowPlot(f *Flow) plot {
	var p plot
	total := f.Persons()
	if total == 0 {
		return p
	}
	left, right := column(f.Before), column(f.After)
	scale := func(nodes int) float64 { return (plotHeight - 28 - float64(nodeGap*(nodes-1))) / float64(total) }
	unit := min(scale(len(left)), scale(len(right)))
	from := p.stack(left, nodeLeft, unit, f.Before)
	to := p.stack(right, nodeRight, unit, f.After)
	for _, o := range Outcomes {
		for _, d := range Outcomes {
			if n := f[o][d]; n > 0 {
				h := float64(n) * unit
				p.Bands = append(p.Bands, newBand(o, d, n, total, from[o], to[d], h))
				from[o], to[d] = from[o]+h, to[d]+h
			}
		}
	}
	return p
}

func column(of func(Outcome) int64) (out []Outcome) {
	for _, o := range Outcomes {
		if of(o) > 0 {
			out = append(out, o)
		}
	}
	return out
}

// stack adds the nodes of a column and returns where each begins.
func (p *plot) stack(list []Outcome, x, unit float64, of func(Outcome) int64) (at [outcomes]float64) {
	y, label := 20.0, 0.0
	for _, o := range list {
		n := node{X: x, Y: y, H: math.Max(float64(of(o))*unit, 1.5), Class: o.class(), Name: o.Words(), Persons: of(o)}
		at[o] = y
		label = math.Max(label, y+n.H/2)
		n.LabelY = label
		n.LabelX, n.Anchor = x-8, "end"
		if x > plotWidth/2 {
			n.LabelX, n.Anchor = x+nodeWidth+8, "start"
		}
		p.Nodes = append(p.Nodes, n)
		y += n.H + nodeGap
		label += labelGap
	}
	return at
}

func newBand(from, to Outcome, n, total int64, y0, y1, h float64) band {
	x0, x1 := float64(nodeLeft+nodeWidth), float64(nodeRight)
	mid := (x0 + x1) / 2
	h = math.Max(h, 1)
	b := band{Class: bandClass(from, to), Persons: n,
		Title: fmt.Sprintf("%s → %s: %s (%s)", from.Words(), to.Words(), persons(n), share(n, total)),
		Path: fmt.Sprintf("M%.1f %.2fC%.1f %.2f %.1f %.2f %.1f %.2fV%.2fC%.1f %.2f %.1f %.2f %.1f %.2fZ",
			x0, y0, mid, y0, mid, y1, x1, y1, y1+h, mid, y1+h, mid, y0+h, x0, y0+h)}
	if h >= 18 { // at 30 % of the curve, where bands have not crossed yet
		b.Label, b.LabelX, b.LabelY = share(n, total), x0+0.342*(x1-x0), y0+0.216*(y1-y0)+h/2+4.5
	}
	return b
}
