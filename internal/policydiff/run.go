package policydiff

import (
	"cmp"
	"context"
	"errors"
	"io"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"limen/internal/traffic"
	"limen/policy"
)

// batchRows is how many rows go to a worker at a time.
const batchRows = 256

type batch struct {
	rows [batchRows]traffic.Row
	n    int
}

// Run asks both rule sets about every person of a stream, on every core, and
// counts what each says. Memory does not grow with the stream. Each rule set
// is asked as if it were in force on the day of the crossing. The first row
// that cannot be read ends it with that row's error, whatever the number of
// cores. progress, which may be nil, is told how many rows were read so far.
func Run(ctx context.Context, from, to Side, in traffic.Source, progress func(rows int64)) (*Diff, error) {
	workers := runtime.GOMAXPROCS(0)
	free, full := make(chan *batch, 2*workers), make(chan *batch, 2*workers)
	for range 2 * workers {
		free <- &batch{}
	}
	var bad first
	var wg sync.WaitGroup
	tallies := make([]*tally, workers)
	for i := range tallies {
		tallies[i] = newTally(from, to)
		wg.Go(func() {
			for b := range full {
				bad.keep(tallies[i].takeAll(b))
				free <- b
			}
		})
	}
	err := feed(ctx, in, free, full, &bad, progress)
	close(full)
	wg.Wait()
	if bad.err != nil {
		return nil, bad.err // its line stands before what stopped the reading
	}
	if err != nil {
		return nil, err
	}
	for _, t := range tallies[1:] {
		if err := tallies[0].add(t); err != nil {
			return nil, err
		}
	}
	return tallies[0].diff(), nil
}

// feed reads rows into batches until the end, an error, or a bad row.
func feed(ctx context.Context, in traffic.Source, free, full chan *batch, bad *first, progress func(int64)) error {
	for rows := int64(0); !bad.seen.Load(); {
		if err := ctx.Err(); err != nil {
			return err
		}
		b := <-free
		var err error
		for b.n = 0; b.n < batchRows && err == nil; {
			if err = in.Next(&b.rows[b.n]); err == nil {
				b.n++
			}
		}
		rows += int64(b.n)
		full <- b
		if progress != nil {
			progress(rows)
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// takeAll counts a batch up to the first row that cannot be read.
func (t *tally) takeAll(b *batch) (line int, err error) {
	for i := range b.rows[:b.n] {
		if err := t.take(&b.rows[i]); err != nil {
			return b.rows[i].Line, err
		}
	}
	return 0, nil
}

// first keeps the error of the earliest line that workers found.
type first struct {
	mu   sync.Mutex
	seen atomic.Bool
	line int
	err  error
}

func (f *first) keep(line int, err error) {
	if err == nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.err == nil || line < f.line {
		f.line, f.err = line, err
	}
	f.seen.Store(true)
}

// diff makes the answer of what was counted.
func (t *tally) diff() *Diff {
	d := &Diff{From: newRuleSet(t.from), To: newRuleSet(t.to)}
	d.Traffic.Persons, d.Traffic.First, d.Traffic.Last = t.total[0].Persons(), t.first, t.last
	d.AsIf = asIf(t.from, t.to, t.first, t.last)
	for i, id := range []string{Photo, OtherBiometrics} {
		duty := Duty{ID: id, Total: t.total[i], Why: t.reasons(uint8(i))}
		duty.InBy, duty.OutBy = inBy(duty.Why), outBy(duty.Why)
		for _, x := range dimensions {
			duty.By = append(duty.By, Dimension{x.name, t.values(x.name, i)})
		}
		d.Duties = append(d.Duties, duty)
	}
	return d
}

// values lists the groups of a dimension: bands by age, others by persons.
func (t *tally) values(dimension string, duty int) []Value {
	out := []Value{}
	for name, b := range t.by[dimension] {
		out = append(out, Value{name, b[duty]})
	}
	slices.SortFunc(out, func(a, b Value) int {
		if ordered(dimension) {
			return cmp.Compare(bandRank(a.Name), bandRank(b.Name))
		}
		return cmp.Or(cmp.Compare(b.Flow.Persons(), a.Flow.Persons()), cmp.Compare(a.Name, b.Name))
	})
	return out
}

func (t *tally) reasons(duty uint8) []Reason {
	out := []Reason{}
	for key, r := range t.why {
		if key.duty == duty {
			out = append(out, Reason{ground(&r.from), ground(&r.to), r.persons})
		}
	}
	slices.SortFunc(out, func(a, b Reason) int {
		return cmp.Or(cmp.Compare(b.Persons, a.Persons), a.From.compare(b.From), a.To.compare(b.To))
	})
	return out
}

func ground(d *policy.Decision) Ground {
	return Ground{Outcome: string(d.Result), Rule: d.Rule, Clause: d.Clause, Citation: d.Citation, Text: d.Text, Note: d.Note, Ask: d.Ask}
}

func (g Ground) compare(o Ground) int {
	return cmp.Or(cmp.Compare(g.Outcome, o.Outcome), cmp.Compare(g.Rule, o.Rule), cmp.Compare(g.Clause, o.Clause), cmp.Compare(g.Ask, o.Ask))
}
