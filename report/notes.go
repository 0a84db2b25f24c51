package report

import "fmt"

// points returns the series of all groups. The public form leaves out a day
// where a count, or a difference that follows from two counts or from a count
// and the table, would be from 1 to threshold-1.
func (t *Tally) points(all Line, threshold int64) (out []Point) {
	if all.InCountry.Withheld {
		return nil
	}
	small := func(n int64) bool { return n != 0 && n < threshold && -n < threshold }
	last := all.InCountry.N
	for i := len(t.Series) - 1; i >= 0; i-- {
		n := int64(0)
		for _, in := range t.Series[i].InCountry {
			n += in
		}
		leftByThen := all.Total.N - n
		notThere := all.Expected.N - n // it bounds what else leftByThen could be made of
		if !small(n) && !small(n-last) && !small(leftByThen) && !small(notThere) {
			out = append([]Point{{t.Series[i].Day, n}}, out...)
			last = n
		}
	}
	return out
}

// notes says in sentences what the figures are, and what is not in them.
func (t *Tally) notes(s *Sheet) []string {
	n, count := t.NotCounted, func(n int64) string {
		if n > 0 && n < s.Threshold {
			return fmt.Sprintf("fewer than %d", s.Threshold)
		}
		return fmt.Sprint(n)
	}
	notes := []string{
		fmt.Sprintf("Expected departures are authorized stays whose last day, extensions included, lies from %s to %s and is past on %s.", t.Period.First, t.Period.Last, t.On),
		"An out-of-country overstay left after that day. A suspected in-country overstay has no recorded departure: the person may have left unrecorded. Both are records, not findings about a person. A person with two stays is counted twice.",
		"Rates are shares of expected departures. Intervals are Wilson's at 95 %: chance only, not missing records.",
		fmt.Sprintf("Not counted: stays for duration of status (D/S), which have no last day (%s); stays of which no last day is on record (%s); stays that adjustment, change of status or parole ended by their last day (%s); citizens of %s (%s rows). Lawful permanent residents have no authorized stay that ends; they are in the table of departures.",
			count(n.DurationOfStatus), count(n.NoDate), count(n.EndedOtherwise), CountryName(t.Home), count(n.Citizens)),
		t.noOverstays(s.Public),
	}
	switch {
	case !t.Land:
		notes = append(notes, fmt.Sprintf("Air and sea only. Stays of persons admitted at land ports are left out (%s), since departures by land are not all recorded.", count(n.Land)))
	default:
		notes = append(notes, "Admissions at land ports are counted. Departures by land are not all recorded: rates are too high by an unknown amount.")
	}
	if ordinal(t.On) <= ordinal(t.Period.Last) {
		notes = append(notes, fmt.Sprintf("The year is not over: %s stays that end in it are not yet due.", count(n.NotYetDue)))
	}
	if s.Public {
		notes = append(notes, fmt.Sprintf("Counts from 1 to %d are withheld (marked %s), and others without which they could be computed. A withheld count may be larger. Days are left out of the series for the same reason.", s.Threshold-1, WithheldMark))
	}
	return notes
}

// noOverstays says who is expected and no overstay without having left in time.
// The public form gives no numbers: they are parts of figures of the table, not
// protected with it, so one of them could be what shows a small count.
func (t *Tally) noOverstays(public bool) string {
	var settled, undecided, unseen string
	if !public {
		var all Count
		for _, c := range t.Countries {
			for _, x := range c.Stays {
				all.Settled += x.Settled
				all.Undecided += x.Undecided
				all.Unseen += x.Unseen
			}
		}
		settled, undecided, unseen = fmt.Sprintf(" (%d)", all.Settled), fmt.Sprintf(" (%d)", all.Undecided), fmt.Sprintf(" (%d)", all.Unseen)
	}
	note := fmt.Sprintf("Expected, but no overstays: stays settled after their last day by adjustment, change of status or parole%s; an application filed in time is undecided%s; a later admission shows that the person had left, nobody knows when%s.", settled, undecided, unseen)
	if public {
		note += " The public form does not say how many of each."
	}
	return note
}

// WithheldMark is what stands for a withheld figure wherever figures are
// printed as text.
const WithheldMark = "(s)"
