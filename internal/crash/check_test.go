package crash

import (
	"fmt"

	"limen/travel"
)

// findings are what a comparison found; all zero is as promised.
type findings struct {
	lost, doubled, bare, orphan, torn int
	first                             []string // some of them, in words
}

func (f *findings) add(count *int, format string, args ...any) {
	if *count++; len(f.first) < 20 {
		f.first = append(f.first, fmt.Sprintf(format, args...))
	}
}

func (f *findings) none() bool { return f.lost+f.doubled+f.bare+f.orphan+f.torn == 0 }

func (f *findings) String() string {
	return fmt.Sprintf("%d lost, %d doubled, %d crossings without their leaf, %d leaves without their crossing, %d torn", f.lost, f.doubled, f.bare, f.orphan, f.torn)
}

// compare holds the store against the ledger, and the store's parts against
// each other.
func compare(s *state, l *ledger) *findings {
	l.mu.Lock()
	defer l.mu.Unlock()
	f := &findings{}
	of := map[string]*crossingRow{} // by passenger, who crosses once
	for i := range s.crossings {
		c := &s.crossings[i]
		if of[c.passenger] != nil {
			f.add(&f.doubled, "passenger %s crossed as %s and as %s", c.passenger, of[c.passenger].id, c.id)
		}
		of[c.passenger] = c
		f.crossing(s, c)
	}
	for _, d := range l.deeds {
		f.deed(s, d, of[string(d.passenger)])
		delete(of, string(d.passenger))
	}
	for _, c := range of {
		f.add(&f.doubled, "crossing %s was asked for by nobody", c.id)
	}
	f.strays(s)
	return f
}

// crossing checks that a crossing has all that belongs to it, once.
func (f *findings) crossing(s *state, c *crossingRow) {
	for what, n := range map[string]int{"leaf": s.leaves[c.id], "leaf of its decision": s.judged[c.decision]} {
		switch {
		case n == 0:
			f.add(&f.bare, "crossing %s has no %s", c.id, what)
		case n > 1:
			f.add(&f.doubled, "crossing %s has %d times a %s", c.id, n, what)
		}
	}
	switch n := s.outbox[c.id]; {
	case n == 0:
		f.add(&f.torn, "crossing %s has no outbox row", c.id)
	case n > 1:
		f.add(&f.doubled, "crossing %s has %d outbox rows", c.id, n)
	}
	keys := 1
	if c.capture != "" {
		keys = 2
	}
	if n := s.once[c.id]; n != keys {
		f.add(&f.torn, "crossing %s holds %d keys, not %d", c.id, n, keys)
	}
	if c.capture != "" && !s.confirmed[c.capture] {
		f.add(&f.torn, "crossing %s has no capture %s", c.id, c.capture)
	}
}

// deed checks one entry of the ledger against its crossing, which is nil if the
// store has none.
func (f *findings) deed(s *state, d *deed, c *crossingRow) {
	by := 0 // tries that the crossing came of
	for _, t := range d.tries {
		decided, ended := s.decisions[string(t.encounter)], s.encounter[string(t.encounter)]
		switch {
		case decided.id == "" && ended == "" && !(d.direction == travel.Exit && s.confirmed[string(t.capture)]):
		case c != nil && decided.id == c.decision && decided.passenger == c.passenger && ended == c.decision && c.capture == string(t.capture):
			by++
		default:
			f.add(&f.torn, "encounter %s has decision %q, ends with %q, and not that crossing", t.encounter, decided.id, ended)
		}
	}
	if c == nil {
		if d.crossing != "" || d.earlier {
			f.add(&f.lost, "crossing %s was acknowledged and is not there", d.crossing)
		}
		return
	}
	if d.crossing != "" && (string(d.crossing) != c.id || d.decision != "" && string(d.decision) != c.decision) ||
		c.voyage != string(d.voyage) || c.direction != string(d.direction) {
		f.add(&f.lost, "crossing %s was acknowledged otherwise than it is there: %+v", d.crossing, *c)
	}
	if by != 1 {
		f.add(&f.torn, "crossing %s comes of %d encounters", c.id, by)
	}
	stays := map[travel.Direction]int{travel.Entry: s.opened[c.id], travel.Exit: s.closed[c.id]}
	want := 0
	if d.alien {
		want = 1
	}
	if n := stays[d.direction]; n != want {
		f.add(&f.torn, "crossing %s changes %d stays", c.id, n)
	}
}

// strays looks for parts of a crossing that belong to none.
func (f *findings) strays(s *state) {
	crossings, decisions := map[string]bool{}, map[string]bool{}
	for _, c := range s.crossings {
		crossings[c.id], decisions[c.decision] = true, true
	}
	for id := range s.leaves {
		if !crossings[id] {
			f.add(&f.orphan, "the leaf of crossing %s has no crossing", id)
		}
	}
	for id := range s.judged {
		if !decisions[id] {
			f.add(&f.orphan, "the leaf of decision %s has no crossing", id)
		}
	}
	for id := range s.once {
		if !crossings[id] {
			f.add(&f.torn, "a key is held by %s, which is no crossing", id)
		}
	}
	for _, b := range s.broken {
		f.add(&f.torn, "%s", b)
	}
	for _, d := range s.decisions {
		if !decisions[d.id] {
			f.add(&f.torn, "decision %s has no crossing", d.id)
		}
	}
	for what, ids := range map[string]map[string]int{"outbox row": s.outbox, "stay opened": s.opened, "stay closed": s.closed} {
		for id, n := range ids {
			if !crossings[id] {
				f.add(&f.torn, "%s by %s, which is no crossing", what, id)
			} else if n > 1 {
				f.add(&f.doubled, "%d times %s by %s", n, what, id)
			}
		}
	}
}

// doubts counts what the store had of the deeds in doubt, once for each.
func (l *ledger) doubts(s *state) {
	l.mu.Lock()
	defer l.mu.Unlock()
	has := map[string]bool{}
	for _, c := range s.crossings {
		has[c.passenger] = true
	}
	for _, d := range l.deeds {
		if d.crossing != "" || d.earlier || d.doubted {
			continue
		}
		d.doubted = true
		if has[string(d.passenger)] {
			l.whole++
		} else {
			l.absent++
		}
	}
}
