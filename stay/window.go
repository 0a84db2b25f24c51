package stay

import "limen/travel"

// Mark says what a day of a window was. Its zero value is unspecified.
type Mark string

// The marks.
const (
	Away        Mark = "away"
	Stayed      Mark = "stayed"       // counts
	Uncertain   Mark = "uncertain"    // counts, but rests on a crossing that is missing
	UnderPermit Mark = "under-permit" // does not count
	Overstayed  Mark = "overstayed"   // counts, and passed the limit
)

// Marks returns what each day of the window that ends on a day was, in order:
// what a person sees who wants to see why.
func (r Rule) Marks(h History, on travel.Day) []Mark {
	marks := make([]Mark, 0, r.Window)
	last := number(on)
	for n := last - int32(r.Window) + 1; n <= last; n++ {
		marks = append(marks, r.mark(h, n))
	}
	return marks
}

func (r Rule) mark(h History, n int32) Mark {
	p := presence{h.counted, n}
	at := p.trim(h.visits)
	if !p.has(n) {
		if at >= 0 && h.visits[at].last >= n {
			return UnderPermit
		}
		return Away
	}
	sure := presence{h.certain, n}
	sure.trim(nil)
	switch {
	case (bound{rule: r}).used(p, n) > int32(r.Limit):
		return Overstayed
	case !sure.has(n):
		return Uncertain
	}
	return Stayed
}
