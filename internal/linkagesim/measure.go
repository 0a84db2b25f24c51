package linkagesim

import (
	"context"
	"runtime"
	"slices"
	"strconv"
	"time"

	"limen/linkage"
	"limen/travel"
)

// Tally counts departures and what became of them. Mated ones are of people
// whose arrival is on file.
type Tally struct {
	Departures int `json:"departures"`
	Mated      int `json:"mated"`
	// Unmated are of people whose arrival is not on file; Merged are those of them
	// that were matched all the same: false merges, which Wrong has, too.
	Unmated int `json:"unmated"`
	Merged  int `json:"unmated_merged"`
	// Right and Wrong were matched by rule: strong, or confirmed. Wrong are of
	// another person's arrival, whether or not there is one of their own.
	Right int `json:"right"`
	Wrong int `json:"wrong"`
	// Leads are departures left to an officer with at least one candidate;
	// LeadsRight have the person among them.
	Leads      int `json:"leads"`
	LeadsRight int `json:"leads_right"`
	// Seen are mated ones whose arrival was among the candidates at all.
	Seen int `json:"seen"`
}

// Precision is of the departures matched by rule.
func (t Tally) Precision() Proportion { return Wilson(t.Right, t.Right+t.Wrong) }

// Recall is the share of mated departures that were matched to their arrival.
func (t Tally) Recall() Proportion { return Wilson(t.Right, t.Mated) }

// FalseMerges is the share of departures without an arrival on file that were
// matched to somebody's.
func (t Tally) FalseMerges() Proportion { return Wilson(t.Merged, t.Unmated) }

// PrecisionAt is what precision would be if a share of the departures were of
// people whose arrival is not on file, by the shares of this tally. Low and High
// are what follows if all these shares stand at the worse, or better, end of
// their intervals.
func (t Tally) PrecisionAt(unmated float64) Proportion {
	right, wrong, merged := Wilson(t.Right, t.Mated), Wilson(t.Wrong-t.Merged, t.Mated), t.FalseMerges()
	of := func(right, wrong, merged float64) float64 {
		r := (1 - unmated) * right
		if r == 0 {
			return 0
		}
		return r / (r + (1-unmated)*wrong + unmated*merged)
	}
	return Proportion{of(right.Value, wrong.Value, merged.Value), of(right.Low, wrong.High, merged.High), of(right.High, wrong.Low, merged.Low)}
}

// KindTally is the tally of departures with one corruption.
type KindTally struct {
	Kind Kind `json:"kind"`
	Tally
}

// Quality is what matching departures to arrivals came to, on one file, without
// biometrics and without a document in common.
type Quality struct {
	Arrivals int         `json:"arrivals"`
	Seed     uint64      `json:"seed"`
	All      Tally       `json:"all"`
	Kinds    []KindTally `json:"kinds"`
	// Candidates is the sum over all departures; TooLarge counts departures with
	// a block that was too large to be read.
	Candidates int64 `json:"candidates"`
	TooLarge   int   `json:"blocks_too_large"`
}

// Kinds of departure in the order of a report.
func kindsInOrder() []Kind {
	kinds := []Kind{Clean}
	for _, r := range Rates {
		kinds = append(kinds, r.Kind)
	}
	return append(kinds, Several)
}

func kindOf(d Departure) Kind {
	switch len(d.Kinds) {
	case 0:
		return Clean
	case 1:
		return d.Kinds[0]
	}
	return Several
}

// File is a file of arrivals as the record has it: people, an index of their
// keys, a census of their names.
type File struct {
	World  *World
	Index  *linkage.Index
	Census linkage.Census
	// Making is the processor time that index and census took.
	Making time.Duration
}

// NewFile makes a file of so many arrivals.
func NewFile(arrivals int, seed uint64) *File {
	f := &File{World: New(arrivals, seed)}
	f.make()
	return f
}

func (f *File) make() {
	start := processorTime()
	f.Census = linkage.Census{}
	for _, p := range f.World.Arrivals {
		f.Census.Add(p)
	}
	f.Index = linkage.NewIndex(slices.Values(f.World.Arrivals))
	f.Making = processorTime() - start
}

// Quality matches all departures to the file. progress is told now and then how
// far it is. It returns ctx's error when that ends.
func (f *File) Quality(ctx context.Context, progress func(done, total int64)) (*Quality, error) {
	q := &Quality{Arrivals: len(f.World.Arrivals), Seed: f.World.seed}
	kinds := map[Kind]*Tally{}
	for _, k := range kindsInOrder() {
		kinds[k] = &Tally{}
	}
	m, n := f.matcher(), 0
	for d := range f.World.Departures() {
		if n++; n%1000 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			progress(int64(n), int64(f.World.Count()))
		}
		matches, seen := m.match(d)
		q.All.count(d, matches, seen)
		kinds[kindOf(d)].count(d, matches, seen)
	}
	q.Candidates, q.TooLarge = m.candidates, m.tooLarge
	for _, k := range kindsInOrder() {
		q.Kinds = append(q.Kinds, KindTally{k, *kinds[k]})
	}
	return q, nil
}

// Memory is what this process has in use, in bytes, after a collection.
func Memory() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Match decides whose arrival a departure may be.
func (f *File) Match(d Departure) []linkage.Match {
	matches, _ := f.matcher().match(d)
	return matches
}

// matcher matches departures in memory, with linkage.Gather and linkage.Decide as
// the record does; TestRecordMatchesAsMeasured (internal/app) holds both to the
// same answers on some thousands of people. It differs in this: everybody on
// file may leave, nobody who departs is on file by the departure, and all names
// were counted just now.
type matcher struct {
	file       *File
	candidates int64
	tooLarge   int
	found      []int32
	list       []linkage.Candidate
}

func (f *File) matcher() *matcher { return &matcher{file: f} }

func (m *matcher) match(d Departure) (matches []linkage.Match, seen bool) {
	var notAllSeen bool
	m.found, notAllSeen = m.file.Index.Candidates(d.Person, m.found[:0])
	m.list = m.list[:0]
	for _, at := range m.found {
		seen = seen || int(at) == d.Arrival
		m.list = append(m.list, linkage.Candidate{Traveler: TravelerID(int(at)), Person: m.file.World.Arrivals[at]})
	}
	m.candidates += int64(len(m.found))
	if notAllSeen {
		m.tooLarge++
	}
	setting := linkage.Setting{People: len(m.file.World.Arrivals), Shares: m.file.Census.Share, NotAllSeen: notAllSeen}
	return linkage.Decide(d.Person, m.list, setting), seen
}

// TravelerID is that of an arrival, by its position: in the same order.
func TravelerID(at int) travel.TravelerID { return travel.TravelerID(strconv.Itoa(1_000_000_000 + at)) }

func (t *Tally) count(d Departure, matches []linkage.Match, seen bool) {
	t.Departures++
	if d.Arrival >= 0 {
		t.Mated++
	} else {
		t.Unmated++
	}
	if seen {
		t.Seen++
	}
	right := TravelerID(d.Arrival)
	if id, ok := linkage.Mergeable(matches); ok {
		if id == right {
			t.Right++
		} else {
			t.Wrong++
			if d.Arrival < 0 {
				t.Merged++
			}
		}
		return
	}
	if len(matches) > 0 {
		t.Leads++
		if slices.ContainsFunc(matches, func(m linkage.Match) bool { return m.Candidate == right }) {
			t.LeadsRight++
		}
	}
}
