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

// Tally counts departures and what became of them. Mated ones are of
// people whose arrival is on file.
type Tally struct {
	Departures int `json:"departures"`
	Mated      int `json:"mated"`
	// Right and Wrong were matched by rule: strong, or confirmed. Wrong are of
	// another person's arrival, whether or not there is one.
	Right int `json:"right"`
	Wrong int `json:"wrong"`
	// Leads are departures left to an officer with at least one candidate;
	// LeadsRight have the person among them.
	Leads      int `json:"leads"`
	LeadsRight int `json:"leads_right"`
	// Seen are mated ones whose arrival was among the candidates at all.
	Seen int `json:"seen"`
}

// Precision is of the departures matched by rule, Recall of the mated ones.
func (t Tally) Precision() Proportion { return Wilson(t.Right, t.Right+t.Wrong) }

// Recall is the share of mated departures that were matched to their arrival.
func (t Tally) Recall() Proportion { return Wilson(t.Right, t.Mated) }

// KindTally is the tally of departures with one corruption.
type KindTally struct {
	Kind Kind `json:"kind"`
	Tally
}

// Quality is what matching departures to arrivals came to, on one file.
type Quality struct {
	Arrivals int         `json:"arrivals"`
	Seed     uint64      `json:"seed"`
	All      Tally       `json:"all"`
	Kinds    []KindTally `json:"kinds"`
	// Candidates and Keys are sums over all departures.
	Candidates int64 `json:"candidates"`
	Skipped    int   `json:"blocks_too_large"` // departures with one
	// Making is the time to make the index, of Arrivals people; Matching that of
	// all departures, one after the other.
	Making      time.Duration `json:"making_ns"`
	Matching    time.Duration `json:"matching_ns"`
	IndexKeys   int           `json:"index_keys"`
	MemoryBytes int64         `json:"memory_bytes"` // in use at the end, with the people themselves
}

// Order of the kinds in a report.
func kindsInOrder() []Kind {
	kinds := []Kind{Clean}
	for _, r := range Rates {
		kinds = append(kinds, r.Kind)
	}
	return append(kinds, Several)
}

// Measure makes a file of arrivals and matches all departures to it,
// without biometrics. progress is told now and then how far it is. It returns
// ctx's error when that ends.
func Measure(ctx context.Context, arrivals int, seed uint64, progress func(done, of int)) (*Quality, error) {
	world := New(arrivals, seed)
	l := &Quality{Arrivals: arrivals, Seed: seed}
	var census linkage.Census
	start := time.Now()
	for _, p := range world.Arrivals {
		census.Add(p)
	}
	index := linkage.NewIndex(slices.Values(world.Arrivals))
	l.Making, l.IndexKeys = time.Since(start), index.Keys()
	kinds := map[Kind]*Tally{}
	for _, k := range kindsInOrder() {
		kinds[k] = &Tally{}
	}
	m := matcher{arrivals: world.Arrivals, index: index, shares: census.Share}
	n := 0
	for d := range world.Departures() {
		if n%1000 == 0 {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			progress(n, world.Count())
		}
		n++
		start := time.Now()
		matches, seen := m.match(d)
		l.Matching += time.Since(start)
		l.All.count(d, matches, seen)
		kinds[kindOf(d)].count(d, matches, seen)
	}
	progress(n, n)
	l.Candidates, l.Skipped = m.candidates, m.skipped
	for _, k := range kindsInOrder() {
		l.Kinds = append(l.Kinds, KindTally{k, *kinds[k]})
	}
	l.MemoryBytes = inUse()
	runtime.KeepAlive(world)
	return l, nil
}

func inUse() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
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

// matcher matches departures as the record does: candidates by their keys, a
// decision on all of them.
type matcher struct {
	arrivals   []linkage.Person
	index      *linkage.Index
	shares     linkage.Shares
	candidates int64
	skipped    int
	found      []int32
	list       []linkage.Candidate
}

func (m *matcher) match(d Departure) (matches []linkage.Match, seen bool) {
	var notAllSeen bool
	m.found, notAllSeen = m.index.Candidates(d.Person, m.found[:0])
	m.list = m.list[:0]
	for _, at := range m.found {
		seen = seen || int(at) == d.Arrival
		m.list = append(m.list, linkage.Candidate{Traveler: travelerID(int(at)), Person: m.arrivals[at]})
	}
	m.candidates += int64(len(m.found))
	if notAllSeen {
		m.skipped++
	}
	return linkage.Decide(d.Person, m.list, linkage.Setting{People: len(m.arrivals), Shares: m.shares, NotAllSeen: notAllSeen}), seen
}

func travelerID(at int) travel.TravelerID { return travel.TravelerID(strconv.Itoa(at)) }

func (t *Tally) count(d Departure, matches []linkage.Match, seen bool) {
	t.Departures++
	if d.Arrival >= 0 {
		t.Mated++
	}
	if seen {
		t.Seen++
	}
	right := travelerID(d.Arrival)
	if id, ok := linkage.Mergeable(matches); ok {
		if id == right {
			t.Right++
		} else {
			t.Wrong++
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
