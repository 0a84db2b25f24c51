package stay

import (
	"limen/errs"
	"limen/travel"
)

// VisaEntries is how often a short-stay visa lets its holder in. Its zero value
// is unspecified and is refused.
type VisaEntries string

// The numbers of entries.
const (
	SingleEntry   VisaEntries = "single"
	DoubleEntry   VisaEntries = "double"
	MultipleEntry VisaEntries = "multiple"
)

// Visa is a short-stay visa: valid from and until a day, for a number of
// entries and of days. The days are those of all stays on it together; on a
// multiple-entry visa that is valid for longer than the window of the rule, of
// those in each window. A visa's day of entry is a day of it.
//
// Source: Regulation (EC) 810/2009 art. 24(1), (2) and annex VII (how a visa
// sticker is filled in) [check].
type Visa struct {
	Entries VisaEntries `json:"entries"`
	From    travel.Day  `json:"from"`
	Until   travel.Day  `json:"until"`
	Days    int         `json:"days"`
}

// Check returns an Invalid error (code "visa") that names what is missing or
// cannot be.
func (v Visa) Check() error {
	why := ""
	switch {
	case v.Entries != SingleEntry && v.Entries != DoubleEntry && v.Entries != MultipleEntry:
		why = "is for a single, double or multiple entries"
	case v.From.IsZero() || v.Until.IsZero() || v.Until.Before(v.From):
		why = "needs the first day of its validity, and a last one that is not before it"
	case v.Days < 1 || v.Days > 90:
		why = "is for 1 to 90 days"
	default:
		return nil
	}
	return errs.New(errs.Invalid, "visa", "a short-stay visa %s", why)
}

// VisaAnswer is an answer within the rule and within a visa.
type VisaAnswer struct {
	Answer
	// EntriesUsed counts the entries since the visa is valid. UsedUp reports
	// that no further one is allowed.
	EntriesUsed int  `json:"entries_used"`
	UsedUp      bool `json:"entries_used_up"`
}

// ComputeVisa is Compute for who needs the visa: days are left only within its
// validity, its number of days and its number of entries; a day outside them is
// a day of overstay. A stay that began before the visa was valid is not judged
// by it. Rule, visa and day are valid (Check, IsZero).
//
// Source: Regulation (EU) 2017/2226 art. 11(2)(a).
func (r Rule) ComputeVisa(h History, v Visa, on travel.Day) VisaAnswer {
	t, own := v.bounds(r)
	a, used := compute(h.visits, h.counted, number(on), t, bound{rule: r}, own)
	return VisaAnswer{a, used, used >= t.most}
}

// bounds returns when and how often the visa lets its holder in, and for how
// many days.
func (v Visa) bounds(r Rule) (term, bound) {
	t := term{number(v.From), number(v.Until), v.most()}
	own := bound{Rule{v.Days, forever}, t.first}
	if v.Entries == MultipleEntry && int(t.last-t.first)+1 > r.Window {
		own.rule.Window = r.Window
	}
	return t, own
}

func (v Visa) most() int {
	switch v.Entries {
	case SingleEntry:
		return 1
	case DoubleEntry:
		return 2
	}
	return forever
}

// term is when and how often a person may enter.
type term struct {
	first, last int32
	most        int // entries
}

// noVisa is the term of who needs none.
var noVisa = term{-forever, forever, forever}

// entered returns how many entries, of visits in order, were made in the term.
func (t term) entered(visits []Visit) (n int) {
	if t.most == forever && t.first < 0 {
		return 0 // nobody counts them
	}
	for i := len(visits) - 1; i >= 0 && visits[i].first >= t.first; i-- {
		if !visits[i].Permit {
			n++
		}
	}
	return n
}

// room returns how many days the term leaves from a day on, and the first day
// from then on that is in it.
func (t term) room(start int32, in bool, entries int) (left, next int32) {
	next = max(start, t.first)
	if !in && !t.admits(start, entries) || start < t.first {
		return 0, next
	}
	return t.last - start + 1, next
}

// admits reports whether an entry on a day is in the term.
func (t term) admits(day int32, entries int) bool {
	return entries < t.most && day >= t.first && day <= t.last
}

// ends returns the first day on which a visit, begun on a day with the last of a
// number of entries, is not in the term.
func (t term) ends(entry int32, entries int) int32 {
	switch {
	case entry < t.first:
		return forever // not on this visa
	case entries > t.most:
		return entry
	}
	return t.last + 1
}
