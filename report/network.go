package report

import (
	"container/heap"
	"math"
)

// A move is another table that has the same printed figures: one part of each
// cell on a closed walk goes up or down, and a second part, or the cell's sum,
// takes it up. That a move is possible proves that a withheld figure can have
// another value; nothing is assumed about how an attacker reckons.
type move struct {
	a int // the part that changes
	b int // the part that takes it up; outside if the sum does
}

const outside = -1

const unbounded = int64(1) << 40

// network is the equations of a table as a graph: a node is one sum (a row of
// one place, a column of one sum of places), an edge is a cell, which stands in
// exactly two sums. So every change that keeps all sums is a circulation.
type network struct {
	t        *table
	from, to []int // of each edge; an edge is place × columns + column
	touching [][]int
	weight   []float64 // what a reader loses with the cell
	flow     []int64   // of the plan that push is at
	reached  []reach   // of the search that path is at
	round    int       // of that search
	open     frontier  // of that search
}

func newNetwork(t *table) *network {
	// Nodes: for each place and column a sum of the places below, for each place
	// a sum of its columns; few of the first kind have edges.
	row := func(place int) int { return len(t.cells) + place + 1 }
	nodes := len(t.cells) + len(t.parent) + 1
	n := &network{t: t, touching: make([][]int, nodes), reached: make([]reach, nodes), flow: make([]int64, len(t.cells))}
	leaf := t.leaves()
	for e, c := range t.cells {
		place, column := e/t.columns, e%t.columns
		// Below: the sum that makes the cell. Above: the sum it is part of.
		below, above := e, row(-1)
		if leaf[place] {
			below = row(place)
		}
		if t.parent[place] >= 0 {
			above = t.parent[place]*t.columns + column
		}
		if column == 0 { // the sums of all groups run the other way
			below, above = above, below
		}
		n.from, n.to = append(n.from, below), append(n.to, above)
		n.touching[below] = append(n.touching[below], e)
		n.touching[above] = append(n.touching[above], e)
		n.weight = append(n.weight, weight(c.sum(), column == 0, !leaf[place]))
	}
	return n
}

// weight is what a reader loses with a cell: sums of columns and of places are
// worth more than cells, great counts more than small ones.
func weight(sum int64, ofColumns, ofPlaces bool) float64 {
	w := 1 + math.Log2(float64(1+sum))
	if ofColumns {
		w *= 8
	}
	if ofPlaces {
		w *= 32
	}
	return w
}

// price is what it costs to withhold a cell at a level.
func (n *network) price(e int, at level) float64 {
	if n.t.levels[e] >= at {
		return 0
	}
	return n.weight[e] * float64(at-n.t.levels[e])
}

// room is how far a cell's part can go up (or down) in a move, at the value the
// table has. A cell of 0 is printed as 0, and one that is withheld is known not
// to be 0.
func (n *network) room(e int, m move, up bool) int64 {
	cell := n.t.cells[e]
	switch {
	case cell.sum() == 0:
		return 0
	case !up && m.b == outside:
		return min(cell[m.a], cell.sum()-1)
	case !up:
		return cell[m.a]
	case m.b == outside:
		return unbounded
	}
	return cell[m.b]
}

// change is by how much the part of an edge's cell goes up.
type change struct {
	edge int
	by   int64
}

// plan is a circulation, how far it moves the figure it was made for, and what
// it costs to withhold the cells that it needs.
type plan struct {
	changes []change
	got     int64
	cost    float64
}

// push looks for a circulation in which the part of cell e goes up (or down) by
// need, cheapest paths first, for less than limit. With raise false it uses only
// cells that are withheld already.
func (n *network) push(e int, m move, up bool, need int64, raise bool, limit float64) (p plan) {
	need = min(need, n.room(e, m, up))
	source, sink := n.to[e], n.from[e]
	if !up {
		source, sink = sink, source
	}
	used := []int{e}
	for p.got < need {
		s := search{network: n, move: m, without: e, raise: raise}
		path, cost := s.path(source, sink)
		if path == nil || p.cost+cost >= limit {
			break
		}
		amount := need - p.got
		for _, s := range path {
			amount = min(amount, n.left(s, m))
		}
		for _, s := range path {
			n.flow[s.edge] += s.sign() * amount
			used = append(used, s.edge)
		}
		p.got += amount
		p.cost += cost
	}
	n.flow[e] = step{e, up}.sign() * p.got
	for _, u := range used {
		if by := n.flow[u]; by != 0 {
			p.changes = append(p.changes, change{u, by})
			n.flow[u] = 0
		}
	}
	return p
}

// step is an edge, gone along (its part goes up) or against.
type step struct {
	edge  int
	along bool
}

func (s step) sign() int64 {
	if s.along {
		return 1
	}
	return -1
}

// left is how much more a step can carry, after what the plan has on it.
func (n *network) left(s step, m move) int64 {
	return n.room(s.edge, m, s.along) - s.sign()*n.flow[s.edge]
}

// search looks for the cheapest path that can carry something (Dijkstra).
type search struct {
	*network
	move    move
	without int
	raise   bool
}

// path returns the way from source to sink, or nil.
func (s *search) path(source, sink int) ([]step, float64) {
	s.round++
	s.open = s.open[:0]
	s.reached[source] = reach{node: source, round: s.round}
	heap.Push(&s.open, s.reached[source])
	for s.open.Len() > 0 {
		at := heap.Pop(&s.open).(reach)
		if at.cost > s.reached[at.node].cost {
			continue
		}
		if at.node == sink {
			return s.back(source, sink), at.cost
		}
		for _, e := range s.touching[at.node] {
			next, ok := s.over(e, at)
			if old := s.reached[next.node]; ok && (old.round != s.round || next.cost < old.cost) {
				s.reached[next.node] = next
				heap.Push(&s.open, next)
			}
		}
	}
	return nil, 0
}

// over goes over an edge from where the search is.
func (s *search) over(e int, at reach) (reach, bool) {
	by := step{e, s.from[e] == at.node}
	next := reach{node: s.to[e], cost: at.cost, via: by, round: s.round}
	if !by.along {
		next.node = s.from[e]
	}
	if e == s.without || s.left(by, s.move) <= 0 {
		return next, false
	}
	if s.flow[e] == 0 {
		price := s.price(e, s.move.level())
		if price > 0 && !s.raise {
			return next, false
		}
		next.cost += price
	}
	return next, true
}

func (s *search) back(source, sink int) (path []step) {
	for at := sink; at != source; {
		via := s.reached[at].via
		path = append(path, via)
		if at = s.from[via.edge]; !via.along {
			at = s.to[via.edge]
		}
	}
	return path
}

// reach is a node, what it costs to come there, and over which edge.
type reach struct {
	node int
	cost float64
	via  step
	// round is that of the search that came there.
	round int
}

// frontier is a heap of nodes by cost.
type frontier []reach

func (f frontier) Len() int           { return len(f) }
func (f frontier) Less(i, j int) bool { return f[i].cost < f[j].cost }
func (f frontier) Swap(i, j int)      { f[i], f[j] = f[j], f[i] }
func (f *frontier) Push(x any)        { *f = append(*f, x.(reach)) }
func (f *frontier) Pop() any {
	last := (*f)[len(*f)-1]
	*f = (*f)[:len(*f)-1]
	return last
}
