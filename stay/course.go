package stay

import (
	"cmp"
	"slices"
	"time"

	"limen/travel"
)

// Arrived is an admission, or a parole, as the course of stays is made of it.
type Arrived struct {
	Admission string
	Day       travel.Day
	// At and Crossing are of the entry; none if another system granted it.
	At       time.Time
	Crossing travel.CrossingID
}

// Departed is an exit that was not voided. At is zero where nothing is known of
// it any more but the stay that it ended.
type Departed struct {
	Crossing travel.CrossingID
	Day      travel.Day
	At       time.Time
}

// Ending is how a stay ended: with an exit (By), or on the day of the next
// admission (Next), which proves that the person had left. The zero value is a
// stay that is open.
type Ending struct {
	Day  travel.Day
	By   travel.CrossingID
	Next string
}

// Course says how each stay of one person ended, by admission, and which exits
// ended none. It follows from the records alone, in whatever order they came:
// an admission ends the open stay, an exit ends it, an exit with no open stay
// ends nothing. At most the last stay is open.
//
// Records are ordered by day. Within a day the clock decides; an admission that
// another system granted has none and comes first. A departure of the calendar
// day before that came later in time counts on the later day (DepartureDay).
func Course(in []Arrived, out []Departed) (ends map[string]Ending, unmatched []travel.CrossingID) {
	ends = make(map[string]Ending, len(in))
	open := ""
	for _, e := range inOrder(in, out) {
		switch {
		case e.admission != "":
			if open != "" {
				ends[open] = Ending{Day: e.day, Next: e.admission}
			}
			open = e.admission
			ends[open] = Ending{}
		case open == "":
			unmatched = append(unmatched, e.crossing)
		default:
			ends[open] = Ending{Day: e.day, By: e.crossing}
			open = ""
		}
	}
	return ends, unmatched
}

// event is an arrival, which has an admission, or a departure.
type event struct {
	day       travel.Day
	at        time.Time
	admission string
	crossing  travel.CrossingID
}

func inOrder(in []Arrived, out []Departed) (all []event) {
	for _, a := range in {
		all = append(all, event{a.Day, a.At, a.Admission, a.Crossing})
	}
	for _, d := range out {
		all = append(all, event{d.Day, d.At, "", d.Crossing})
	}
	slices.SortFunc(all, func(a, b event) int {
		return cmp.Or(a.at.Compare(b.at), cmp.Compare(a.crossing, b.crossing), cmp.Compare(a.admission, b.admission))
	})
	var last travel.Day
	for i, e := range all {
		if e.at.IsZero() {
			continue
		}
		if e.day.Before(last) && e.day.DaysUntil(last) == 1 {
			all[i].day = last // across the date line, eastward
		}
		last = all[i].day
	}
	slices.SortStableFunc(all, func(a, b event) int { return cmp.Or(b.day.DaysUntil(a.day), cmp.Compare(a.rank(), b.rank())) })
	return all
}

// rank orders a day: what has no clock time begins it, or ends it if it is a
// departure.
func (e event) rank() int {
	switch {
	case !e.at.IsZero():
		return 1
	case e.admission != "":
		return 0
	}
	return 2
}
