package report

import (
	"math"
	"slices"

	"limen/errs"
)

// level says how much of a cell is withheld.
type level uint8

const (
	shown level = iota
	parts       // the sum is printed, its parts are not
	whole       // nothing is printed
)

func (m move) level() level {
	if m.b == outside {
		return whole
	}
	return parts
}

// cell is the parts of one count, in the order of the table's parts.
type cell []int64

func (c cell) sum() (s int64) {
	for _, n := range c {
		s += n
	}
	return s
}

// table is places × columns of cells. Places are a tree: a place that is the
// parent of others is their sum; the first is the root. Column 0 is the sum of
// the others.
type table struct {
	parent  []int // of each place; -1 for the root
	columns int
	cells   []cell // place × columns + column
	levels  []level
	// figures are what is printed or follows from what is printed, each as the
	// parts that it is the sum of.
	figures [][]int
}

// leaves says which places are no sum of others.
func (t *table) leaves() []bool {
	leaf := make([]bool, len(t.parent))
	for p := range leaf {
		leaf[p] = true
	}
	for _, parent := range t.parent {
		if parent >= 0 {
			leaf[parent] = false
		}
	}
	return leaf
}

// value returns a figure of a cell.
func (t *table) value(e int, figure []int) (v int64) {
	for _, part := range figure {
		v += t.cells[e][part]
	}
	return v
}

// primary returns the level that a cell needs for its own sake: a figure from 1
// to one less than threshold is not printed, and neither is one of its parts.
func (t *table) primary(e int, threshold int64) level {
	small := func(v int64) bool { return 0 < v && v < threshold }
	if small(t.cells[e].sum()) {
		return whole
	}
	for _, f := range t.figures {
		if small(t.value(e, f)) {
			return parts
		}
	}
	return shown
}

// figuresOf are the figures of a cell that must not be found: all of them, and
// the sum if it is withheld.
func (t *table) figuresOf(e int) [][]int {
	if t.levels[e] < whole {
		return t.figures
	}
	all := make([]int, len(t.cells[e]))
	for i := range all {
		all[i] = i
	}
	return append(append([][]int{}, t.figures...), all)
}

// movesOf are the moves that change a figure, which is a sum of parts: one part
// changes, and what takes it up is not in the sum.
func (t *table) movesOf(e int, figure []int) (moves []move) {
	in := map[int]bool{}
	for _, part := range figure {
		in[part] = true
	}
	for _, a := range figure {
		for b := range t.cells[e] {
			if !in[b] {
				moves = append(moves, move{a, b})
			}
		}
	}
	for _, a := range figure {
		moves = append(moves, move{a, outside})
	}
	return moves
}

// withhold sets the levels: what is too small to print, and then, cell by cell,
// the cheapest others without which some withheld figure could be found to
// within less than what needed says. A table for which that cannot be shown is
// a Broken error (code "report-withhold"): nothing is published.
//
// Source: the network method for cell suppression in two-way tables with one
// hierarchy (Cox 1995; Castro 2012), with integer flows as proofs.
func (t *table) withhold(threshold int64) error {
	t.levels = make([]level, len(t.cells))
	n := newNetwork(t)
	ranges := make([]span, len(t.cells)*(len(t.figures)+1))
	var queue []int
	raise := func(e int, to level) {
		if t.levels[e] < to {
			t.levels[e] = to
			queue = append(queue, e)
		}
	}
	for e := range t.cells {
		raise(e, t.primary(e, threshold))
	}
	for len(queue) > 0 {
		e := queue[0]
		queue = queue[1:]
		for i, f := range t.figuresOf(e) {
			need := n.needed(e, f, threshold)
			if ranges[e*(len(t.figures)+1)+i].width() >= need {
				continue
			}
			m, best := n.protect(e, f, need)
			if best == nil {
				return errs.New(errs.Broken, "report-withhold", "no set of withheld figures was found that hides every small count")
			}
			for _, p := range best {
				for _, c := range p.changes {
					raise(c.edge, m.level())
					t.widen(ranges, c, m)
				}
			}
		}
	}
	return nil
}

// span is how far a figure is known to be able to go down and up.
type span struct{ down, up int64 }

func (s span) width() int64 { return s.down + s.up }

// widen notes what a change does to the figures of its cell.
func (t *table) widen(ranges []span, c change, m move) {
	for i := range len(t.figures) + 1 {
		by := c.by
		if i < len(t.figures) {
			a, b := slices.Contains(t.figures[i], m.a), slices.Contains(t.figures[i], m.b)
			switch {
			case a == b:
				by = 0
			case b:
				by = -by
			}
		} else if m.b != outside {
			by = 0
		}
		r := &ranges[c.edge*(len(t.figures)+1)+i]
		r.up, r.down = max(r.up, by), max(r.down, -by)
	}
}

// needed is the range that a withheld figure must have: threshold for a cell's
// sum; for its parts as much of it as two of them leave room for, which is at
// least half of it, or half of a smaller sum, and never nothing.
func (n *network) needed(e int, figure []int, threshold int64) int64 {
	if len(figure) == len(n.t.cells[e]) {
		return threshold
	}
	most := int64(0)
	for _, m := range n.t.movesOf(e, figure) {
		if m.level() == parts {
			most = max(most, n.room(e, m, true)+n.room(e, m, false))
		}
	}
	return min(most, threshold)
}

// protect returns the cheapest move, as circulations up and down, by which a
// figure of a withheld cell has a range of at least width; nil if there is none.
func (n *network) protect(e int, figure []int, width int64) (m move, best []plan) {
	for _, raise := range []bool{false, true} {
		cost := math.Inf(1)
		for _, candidate := range n.t.movesOf(e, figure) {
			if !raise && candidate.level() > n.t.levels[e] {
				continue
			}
			for _, up := range []bool{true, false} {
				own := n.price(e, candidate.level())
				first := n.push(e, candidate, up, width, raise, cost-own)
				second := n.push(e, candidate, !up, width-first.got, raise, cost-own-first.cost)
				c := own + first.cost + second.cost
				if first.got+second.got >= width && c < cost {
					m, best, cost = candidate, []plan{first, second}, c
				}
			}
			if best != nil && !raise {
				return m, best
			}
		}
		if best != nil {
			return m, best
		}
	}
	return m, nil
}
