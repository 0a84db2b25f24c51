package stay

import "limen/travel"

// Mark says what a day of a window was. Its zero value is unspecified.
type Mark string

// The marks.
const (
	Away        Mark = "away"
	Stayed      Mark = "stayed"       // counts
	Uncertain   Mark = "uncertain"    // counts, or passes the limit, only if a missing crossing was as it may have been
	UnderPermit Mark = "under-permit" // does not count
	Overstayed  Mark = "overstayed"   // counts, and passed the limit of the rule or of the visa
)

// marks returns what each day of the window that ends on a day was, in order:
// what a person sees who wants to see why.
func (r Rule) marks(h History, v *Visa, on travel.Day) []Mark {
	t, bounds := noVisa, []bound{{rule: r}}
	if v != nil {
		var own bound
		t, own = v.bounds(r)
		bounds = append(bounds, own)
	}
	marks := make([]Mark, 0, r.Window)
	last := number(on)
	for n := last - int32(r.Window) + 1; n <= last; n++ {
		marks = append(marks, mark(h, n, t, bounds))
	}
	return marks
}

func mark(h History, n int32, t term, bounds []bound) Mark {
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
	visit := h.visits[at]
	late := n >= t.ends(visit.first, t.entered(h.visits[:at+1]))
	switch {
	case sure.has(n) && (late || passes(bounds, sure, visit.first, n)):
		return Overstayed
	case !sure.has(n) || late || passes(bounds, p, visit.first, n):
		return Uncertain
	}
	return Stayed
}

// passes reports whether a day of presence, of a visit that began on entry,
// passes one of the bounds. A stay is not judged by a visa that came later.
func passes(bounds []bound, p presence, entry, day int32) bool {
	for _, b := range bounds {
		if b.floor <= entry && b.used(p, day) > int32(b.rule.Limit) {
			return true
		}
	}
	return false
}
