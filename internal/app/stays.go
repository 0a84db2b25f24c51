package app

import (
	"limen/audit"
	"limen/crossing"
	"limen/internal/store"
	"limen/manifest"
	"limen/report"
	"limen/stay"
	"limen/travel"
)

// modeOf is how people travel on a voyage: a voyage's id is made of an airline's
// code and a flight number, so as yet there are no others.
func modeOf(travel.VoyageID) string { return string(report.Air) }

// citizenship is the country as whose citizen a passenger presents, by what is
// listed; "" if nothing says.
func (a *App) citizenship(v *store.Voyage, listed manifest.Passenger) travel.Country {
	law, err := a.Policy.On(a.Jurisdiction, v.Day)
	if err != nil {
		return listed.Nationality // scope says what is wrong
	}
	_, as := citizenships(law, listed)
	return as
}

// follow opens the stay that was granted at an entry, or closes the open one at
// an exit. Citizens and residents have none.
func (a *App) follow(tx *store.Tx, by string, c crossing.Crossing, p *store.Passenger, granted *stay.Admission) error {
	if c.Void {
		return a.unfollow(tx, by, c)
	}
	if granted != nil {
		g := *granted
		g.ID, g.Traveler, g.Day, g.Crossing = newID(), c.Traveler, c.Day, c.ID
		return a.openStay(tx, by, store.Stay{Stay: stay.Stay{Admission: g}, Port: c.Port, Mode: modeOf(c.Voyage), Country: p.Country})
	}
	if c.Direction != travel.Exit || p.Citizen() || resident(p) {
		return nil
	}
	open, err := a.openOf(tx, c.Traveler)
	if err != nil {
		return err
	}
	if open == nil {
		_, lead := stay.Depart(nil, c.Traveler, c.ID, c.Day)
		return a.raise(tx, by, store.Lead{Lead: *lead, Port: c.Port})
	}
	return a.end(tx, by, *open, c)
}

// openOf returns the open stay of a traveler, or of one whose file was merged
// with theirs; nil if there is none. Of two the later counts.
func (a *App) openOf(tx *store.Tx, id travel.TravelerID) (open *store.Stay, err error) {
	if open, err = tx.OpenStay(id); err != nil || open != nil {
		return open, err
	}
	f, err := filesOf(tx, id)
	if err != nil {
		return nil, err
	}
	for _, other := range f.members(id) {
		s, err := tx.OpenStay(other)
		if err != nil {
			return nil, err
		}
		if s != nil && (open == nil || s.Day.After(open.Day)) {
			open = s
		}
	}
	return open, nil
}

// end closes an open stay with the last departure, and says on leads what follows of it.
func (a *App) end(tx *store.Tx, by string, s store.Stay, c crossing.Crossing) error {
	day, err := departureDay(tx, s, c)
	if err != nil {
		return err
	}
	flagged := a.over(s) // then a lead may say that nobody left
	closed, lead := stay.Depart(&s.Stay, s.Traveler, c.ID, day, s.Changes...)
	if closed == nil {
		return a.raise(tx, by, store.Lead{Lead: *lead, Port: c.Port})
	}
	s.Stay = *closed
	if err := a.putStay(tx, by, s); err != nil || lead == nil && !flagged {
		return err
	}
	return a.settle(tx, by, s, store.ExitFound, string(c.ID))
}

// departureDay is the day on which a departure ends a stay.
func departureDay(tx *store.Tx, s store.Stay, c crossing.Crossing) (travel.Day, error) {
	if !c.Day.Before(s.Day) || s.Crossing == "" {
		return c.Day, nil
	}
	entry, err := tx.Crossing(s.Crossing)
	if err != nil || entry == nil {
		return c.Day, err
	}
	return stay.DepartureDay(s.Day, entry.At, c.Day, c.At), nil
}

// openStay records an admission, or a parole. Where it may change how another
// stay of the file ended, that follows from all records anew.
func (a *App) openStay(tx *store.Tx, by string, g store.Stay) error {
	if err := g.Check(); err != nil {
		return err
	}
	if g.Crossing != "" { // it is the last that happened
		open, err := a.openOf(tx, g.Traveler)
		if err != nil {
			return err
		}
		if open == nil {
			if err := a.putStay(tx, by, g); err != nil || !a.over(g) {
				return err
			}
			return a.settle(tx, by, g, store.Corrected, g.ID)
		}
	}
	f, err := filesOf(tx, g.Traveler)
	if err != nil {
		return err
	}
	return a.recount(tx, by, f, g.Traveler, store.EntryFound, g.ID, g)
}

// putStay writes a stay as it now is, and the same to the audit log: overstays
// rest on it, and a stay that was altered since is not the last entry about it.
// The entry names nobody and is not sealed; what opens it goes after the
// traveler's record.
func (a *App) putStay(tx *store.Tx, by string, s store.Stay) error {
	if err := tx.PutStay(s); err != nil {
		return err
	}
	return tx.Audit(audit.Entry{At: a.Now(), Actor: by, Action: "stay", Subject: s.ID, Purpose: "authorized stay", Detail: s.Detail()})
}

// unfollow counts the stays of a file anew, without a crossing that was voided.
func (a *App) unfollow(tx *store.Tx, by string, c crossing.Crossing) error {
	if err := a.clearAt(tx, by, c.Corrects, store.Corrected, string(c.ID), unmatchedKinds...); err != nil {
		return err
	}
	f, err := filesOf(tx, c.Traveler)
	if err != nil {
		return err
	}
	return a.recount(tx, by, f, c.Traveler, store.Corrected, string(c.ID))
}

// changed writes a stay that is not what it was, with its leads.
func (a *App) changed(tx *store.Tx, by string, s store.Stay, how store.How, found string) error {
	if err := a.putStay(tx, by, s); err != nil {
		return err
	}
	return a.settle(tx, by, s, how, found)
}
