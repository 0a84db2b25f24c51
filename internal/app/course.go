package app

import (
	"slices"

	"limen/crossing"
	"limen/internal/store"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// course is what the records of one file make of its stays.
type course struct {
	fresh    string              // the stay that is told just now
	exits    []crossing.Crossing // that stand
	nothing  []travel.CrossingID // exits that end no stay
	ends     map[string]stay.Ending
	changed  []store.Stay // as they must be and are not, closed ones first
	arrivals []stay.Arrived
	departs  []stay.Departed
	stays    []store.Stay
}

// unmatched reports whether an exit ends no stay.
func (c *course) unmatched(x travel.CrossingID) bool { return slices.Contains(c.nothing, x) }

// finds reports whether an exit ends a stay now that none had ended before.
func (c *course) finds(x travel.CrossingID) bool {
	return slices.ContainsFunc(c.stays, func(s store.Stay) bool { return c.ends[s.ID].By == x && s.ClosedBy == "" })
}

// courseOf reads all that a traveler's file has, with a stay that is not on
// record yet, and says how each stay ended. It writes nothing.
func (a *App) courseOf(tx *store.Tx, f *files, id travel.TravelerID, fresh ...store.Stay) (*course, error) {
	c := &course{stays: slices.Clone(fresh)}
	for _, s := range fresh {
		c.fresh = s.ID
	}
	for _, member := range append(f.members(id), id) {
		stays, err := tx.StaysOf(member)
		if err != nil {
			return nil, err
		}
		c.stays = append(c.stays, stays...)
		exits, err := tx.Exits(member)
		if err != nil {
			return nil, err
		}
		c.exits = append(c.exits, exits...)
	}
	if err := c.sift(tx); err != nil {
		return nil, err
	}
	voids := map[string]travel.CrossingID{}
	for _, s := range c.stays {
		if err := c.arrive(tx, s, voids); err != nil {
			return nil, err
		}
	}
	c.ends, c.nothing = stay.Course(c.arrivals, c.departs)
	c.compare(voids)
	return c, nil
}

// sift leaves exits of citizens and residents out: they end no stay. One that
// ended a stay is taken as it was.
func (c *course) sift(tx *store.Tx) (err error) {
	c.exits = slices.DeleteFunc(c.exits, func(x crossing.Crossing) bool {
		if err != nil || slices.ContainsFunc(c.stays, func(s store.Stay) bool { return s.ClosedBy == x.ID }) {
			return false
		}
		var p *store.Passenger
		if p, err = tx.Passenger(x.Passenger); p == nil {
			return x.Retention != retention.CrossingNonimmigrant
		}
		return p.Citizen() || resident(p)
	})
	for _, x := range c.exits {
		c.departs = append(c.departs, stay.Departed{Crossing: x.ID, Day: x.Day, At: x.At})
	}
	return err
}

// arrive adds a stay's entry, unless it was voided, and its exit if that is no
// more on record than on the stay.
func (c *course) arrive(tx *store.Tx, s store.Stay, voids map[string]travel.CrossingID) error {
	in := stay.Arrived{Admission: s.ID, Day: s.Day, Crossing: s.Crossing}
	if s.Crossing != "" {
		void, err := tx.VoidOf(s.Crossing)
		if err != nil {
			return err
		}
		if void != nil {
			voids[s.ID] = void.ID
			return nil
		}
		x, err := tx.Crossing(s.Crossing)
		if err != nil {
			return err
		}
		if x != nil {
			in.At = x.At
		}
	}
	c.arrivals = append(c.arrivals, in)
	if s.ClosedBy == "" {
		return nil
	}
	x, err := tx.Crossing(s.ClosedBy)
	if err == nil && x == nil {
		c.departs = append(c.departs, stay.Departed{Crossing: s.ClosedBy, Day: s.Closed})
	}
	return err
}

// compare finds the stays that are not as they must be. A stay whose entry was
// voided ends on its own day, with what voided it.
func (c *course) compare(voids map[string]travel.CrossingID) {
	var open []store.Stay
	for _, s := range c.stays {
		was := s.Stay
		if by := voids[s.ID]; by != "" {
			s.Closed, s.ClosedBy = s.Day, by
		} else {
			s.Closed, s.ClosedBy = c.ends[s.ID].Day, c.ends[s.ID].By
		}
		switch {
		case s.Stay == was && s.ID != c.fresh:
		case s.Open():
			open = append(open, s)
		default:
			c.changed = append(c.changed, s)
		}
	}
	c.changed = append(c.changed, open...) // a traveler has one open stay at any time
}

// recount brings stays and leads of a traveler's file in line with what its
// records say. how and found say what made that necessary.
func (a *App) recount(tx *store.Tx, by string, f *files, id travel.TravelerID, how store.How, found string, fresh ...store.Stay) error {
	c, err := a.courseOf(tx, f, id, fresh...)
	if err != nil {
		return err
	}
	return a.bring(tx, by, c, how, found)
}

// bring writes what a course says.
func (a *App) bring(tx *store.Tx, by string, c *course, how store.How, found string) error {
	for _, s := range c.changed {
		if err := a.putStay(tx, by, s); err != nil {
			return err
		}
	}
	for _, s := range c.changed {
		how, found := how, found
		end := c.ends[s.ID]
		switch {
		case end.By != "":
			how, found = store.ExitFound, string(end.By)
		case end.Next != "":
			how, found = store.EntryFound, end.Next
			if s.ID == c.fresh {
				break // told late: history
			}
			if err := a.missed(tx, by, c, s, end); err != nil {
				return err
			}
		}
		if err := a.settle(tx, by, s, how, found); err != nil {
			return err
		}
	}
	for _, x := range c.exits {
		if err := a.departure(tx, by, x, c.unmatched(x.ID), found); err != nil {
			return err
		}
	}
	return nil
}

// missed raises a lead that a departure was missed, unless there is one.
func (a *App) missed(tx *store.Tx, by string, c *course, s store.Stay, end stay.Ending) error {
	leads, err := tx.LeadsAbout(s.ID)
	if err != nil || slices.ContainsFunc(leads, func(l store.Lead) bool { return l.Kind == stay.MissingExit }) {
		return err
	}
	l := store.Lead{Lead: stay.Lead{Kind: stay.MissingExit, Traveler: s.Traveler, Admission: s.ID, Day: end.Day}}
	for _, next := range c.stays {
		if next.ID == end.Next {
			l.Crossing, l.Port = next.Crossing, next.Port
		}
	}
	return a.raise(tx, by, l)
}

// unmatchedKinds are the leads about an exit that ended no stay.
var unmatchedKinds = []stay.LeadKind{stay.UnmatchedDeparture, stay.EarlyDeparture, stay.PossibleMatch}

// departure clears the leads that a stay was found for an exit, or opens them
// again where there is none any more; what an officer cleared stays so.
func (a *App) departure(tx *store.Tx, by string, x crossing.Crossing, unmatched bool, found string) error {
	if !unmatched {
		return a.clearAt(tx, by, x.ID, store.EntryFound, found, unmatchedKinds...)
	}
	leads, err := tx.LeadsAt(x.ID)
	if err != nil {
		return err
	}
	said := false
	for _, l := range leads {
		said = said || l.Kind == stay.UnmatchedDeparture || l.Kind == stay.EarlyDeparture
		if !slices.Contains(unmatchedKinds, l.Kind) || l.How != store.EntryFound {
			continue
		}
		l.Clearing = store.Clearing{}
		if err := a.putLead(tx, by, l); err != nil {
			return err
		}
	}
	if said {
		return nil
	}
	_, lead := stay.Depart(nil, x.Traveler, x.ID, x.Day)
	return a.raise(tx, by, store.Lead{Lead: *lead, Port: x.Port})
}
