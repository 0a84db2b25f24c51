package matrix

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"

	"limen/biometric"
	"limen/errs"
)

// MaxHits bounds the list that Top returns.
const MaxHits = 100

// WorkerRows is the least number of rows worth a processor of their own: Top
// splits a matrix of twice as many and more. Handing work over costs some 5 to
// 20 µs, as long as it takes to scan a thousand rows.
const WorkerRows = 8192

// Hit is a row and its score with the probe: the dot product of two
// unit-length templates, -1 to 1 but for rounding, higher is more alike.
type Hit struct {
	Row   int
	Score float32
}

// Top returns the k rows with the highest scores, highest first and equal
// scores by row, out of those for which keep returns true; all of them if
// keep is nil, fewer than k if there are fewer. The list is exact: scores and
// order are those of comparing the probe with every row, the same to the bit
// on every machine.
//
// keep is asked only about rows that would enter the list, from several
// goroutines at once in a large matrix; it must be quick and must not panic.
//
// Top returns an Invalid error with code "template-model" for a probe of
// another model or length, an Invalid error with code "top-k" for k outside 1
// to MaxHits, and a Broken error with code "matrix-changed" if it saw that the
// matrix was changed meanwhile, against the rule of the package.
func (m *Matrix) Top(t biometric.Template, k int, keep func(row int) bool) ([]Hit, error) {
	if k < 1 || k > MaxHits {
		return nil, errs.New(errs.Invalid, "top-k", "a search returns 1 to %d rows, not %d", MaxHits, k)
	}
	if err := m.check(t); err != nil {
		return nil, err
	}
	before := m.changes
	p, ok := m.probes.Get().(*probe)
	if !ok {
		p = newProbe(m.stride)
	}
	defer m.probes.Put(p)
	defer p.erase()
	p.set(t)
	workers := min(runtime.GOMAXPROCS(0), m.end/WorkerRows)
	hits := m.search(p, k, keep, max(workers, 1))
	if m.changes != before {
		return nil, errs.New(errs.Broken, "matrix-changed", "a matrix was changed during a search")
	}
	return hits, nil
}

// Score returns the score of two templates, the same to the bit as Top gives
// for one of them as a row and the other as the probe. It returns an Invalid
// error with code "template-model" if they differ in model or length or are
// no templates.
func Score(a, b biometric.Template) (float32, error) {
	m, err := New(a.Model(), a.Len())
	if err != nil {
		return 0, err
	}
	if err := m.check(b); err != nil {
		return 0, err
	}
	pair := make([]float32, 2*m.stride)
	defer clear(pair)
	x, y := pair[:m.stride], pair[m.stride:]
	a.AppendFeatures(x[:0])
	b.AppendFeatures(y[:0])
	return m.kernels.dot(x, y), nil
}

// search splits the chunks among workers, the caller being one of them, and
// merges their lists. A row's score and the order do not depend on the split.
func (m *Matrix) search(p *probe, k int, keep func(int) bool, workers int) []Hit {
	lists := make([]list, workers)
	scan := func(w int) {
		lists[w] = newList(k)
		m.scan(&lists[w], p, keep, len(m.chunks)*w/workers, len(m.chunks)*(w+1)/workers)
	}
	var wg sync.WaitGroup
	for w := 1; w < workers; w++ {
		wg.Go(func() { scan(w) })
	}
	scan(0)
	wg.Wait()
	hits := lists[0].hits
	for _, l := range lists[1:] {
		hits = append(hits, l.hits...)
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.Row, b.Row))
	})
	return hits[:min(k, len(hits))]
}

// scan offers the list every row of chunks from to to-1 that its bound does
// not rule out.
func (m *Matrix) scan(l *list, p *probe, keep func(int) bool, from, to int) {
	dots := make([]int32, chunkRows)
	for n := from; n < to; n++ {
		c, first := m.chunks[n], n*chunkRows
		rows := min(chunkRows, m.end-first)
		m.kernels.dots(dots, c.codes, p.codes, (rows+3)/4)
		for i, d := range dots[:rows] {
			bound := float32(d)*(c.scale[i]*p.scale) + c.slack[i] + p.slack
			if bound <= l.floor {
				continue
			}
			score := m.kernels.dot(c.row(i, m.stride), p.features)
			if score > l.floor && (keep == nil || keep(first+i)) {
				l.insert(Hit{first + i, score})
			}
		}
	}
}

// list is the k best hits so far, best first.
type list struct {
	k     int
	hits  []Hit
	floor float32 // a score must exceed it to enter
}

func newList(k int) list {
	return list{k: k, hits: make([]Hit, 0, k), floor: float32(math.Inf(-1))}
}

// insert puts h, whose row is above all in the list and whose score exceeds
// the floor, behind its equals.
func (l *list) insert(h Hit) {
	if len(l.hits) < l.k {
		l.hits = append(l.hits, h)
	}
	i := len(l.hits) - 1
	for ; i > 0 && l.hits[i-1].Score < h.Score; i-- {
		l.hits[i] = l.hits[i-1]
	}
	l.hits[i] = h
	if len(l.hits) == l.k {
		l.floor = l.hits[l.k-1].Score
	}
}
