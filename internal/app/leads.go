package app

import (
	"context"
	"slices"
	"strings"

	"github.com/google/uuid"

	"limen/audit"
	"limen/internal/store"
	"limen/stay"
	"limen/travel"
)

// raise records a lead, and the same in the audit log. It is never an action by
// itself.
func (a *App) raise(tx *store.Tx, by string, l store.Lead) error {
	if l.ID == "" {
		l.ID = newID()
	}
	l.Raised = a.Now()
	return a.putLead(tx, by, l)
}

// putLead writes a lead as it now is, and the same to the audit log: one that
// was altered or taken out since is not the last entry about it.
func (a *App) putLead(tx *store.Tx, by string, l store.Lead) error {
	if err := tx.PutLead(l); err != nil {
		return err
	}
	return tx.Audit(audit.Entry{At: a.Now(), Actor: by, Action: "lead", Subject: l.ID, Purpose: "lead for an officer", Detail: l.Detail()})
}

// leadsLogged is the setting that says that every lead stands in the audit log.
const leadsLogged = "leads-logged"

// logOldLeads writes the leads of an earlier version to the audit log, once.
func (a *App) logOldLeads(ctx context.Context) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		done, err := tx.Setting(leadsLogged)
		if err != nil || done != "" {
			return err
		}
		old, err := tx.OldLeads()
		if err != nil {
			return err
		}
		for _, l := range old {
			if err := a.putLead(tx, "limen", l); err != nil {
				return err
			}
		}
		return tx.PutSetting(leadsLogged, "1")
	})
}

// clear notes what explains an open lead; found is the record that does.
func (a *App) clear(tx *store.Tx, by string, l store.Lead, how store.How, found string) error {
	l.Clearing = store.Clearing{Cleared: a.Now(), How: how, Found: found, By: by}
	return a.putLead(tx, by, l)
}

// clearAt clears the open leads of some kinds about a crossing.
func (a *App) clearAt(tx *store.Tx, by string, x travel.CrossingID, how store.How, found string, kinds ...stay.LeadKind) error {
	leads, err := tx.LeadsAt(x)
	if err != nil {
		return err
	}
	for _, l := range leads {
		if l.Open() && slices.Contains(kinds, l.Kind) {
			if err := a.clear(tx, by, l, how, found); err != nil {
				return err
			}
		}
	}
	return nil
}

// byPerson reports whether a person cleared a lead: no rule opens it again.
func byPerson(l store.Lead) bool { return l.How == store.ByOfficer || l.How == store.ByOfficerError }

// settle brings the leads about one stay in line with what the records on it
// say today: one that holds no more is cleared by what was found, one that holds
// is raised, or opened again unless an officer cleared it. It looks at nothing
// but that stay.
func (a *App) settle(tx *store.Tx, by string, s store.Stay, how store.How, found string) error {
	want, err := a.overstay(tx, s)
	if err != nil {
		return err
	}
	leads, err := tx.LeadsAbout(s.ID)
	if err != nil {
		return err
	}
	for _, l := range leads {
		holds := l.Kind == stay.MissingExit && !s.Open() && s.ClosedBy == "" || want != nil && l.ID == want.ID
		if want != nil && l.ID == want.ID {
			want = nil // it is there
		}
		switch {
		case !ofStay(l.Kind) || holds == l.Open():
		case !holds:
			err = a.clear(tx, by, l, how, found)
		case !byPerson(l):
			l.Clearing = store.Clearing{}
			err = a.putLead(tx, by, l)
		}
		if err != nil {
			return err
		}
	}
	if want == nil {
		return nil
	}
	return a.raise(tx, by, *want)
}

// ofStay reports whether the leads of a kind follow from one stay alone.
func ofStay(k stay.LeadKind) bool {
	switch k {
	case stay.OverstayInCountry, stay.OverstayOutOfCountry, stay.ApplicationPending, stay.MissingExit:
		return true
	}
	return false
}

// overstay returns the lead that a stay gives rise to today, or nil. Its id
// follows from what it is about, so that whoever raises it raises the same.
func (a *App) overstay(tx *store.Tx, s store.Stay) (*store.Lead, error) {
	day, port := a.todayFor(s), s.Port
	var lead *stay.Lead
	switch {
	case s.Open():
		lead = stay.Overdue(s.Stay, day, s.Changes...)
	case s.ClosedBy != "":
		open := s.Stay
		open.Closed, open.ClosedBy = travel.Day{}, ""
		day = s.Closed
		_, lead = stay.Depart(&open, s.Traveler, s.ClosedBy, day, s.Changes...)
	}
	if lead == nil {
		return nil, nil
	}
	out := &store.Lead{Lead: *lead, Until: stay.Authorized(s.Admission, day, s.Changes...).Until, Port: port}
	if lead.Crossing != "" {
		x, err := tx.Crossing(lead.Crossing)
		if err != nil {
			return nil, err
		}
		if x != nil {
			out.Port = x.Port
		}
	} else { // as it is on the first day, whenever somebody looks
		out.Day, out.Days = out.Until.AddDays(1), 1
	}
	out.ID = uuid.NewSHA1(leadSpace, []byte(strings.Join([]string{string(out.Kind), s.ID, string(out.Crossing), out.Change, out.Until.String()}, "\n"))).String()
	return out, nil
}

// leadSpace is where the ids of overstay leads come from.
var leadSpace = uuid.MustParse("6f7e2f38-6a0b-4c55-9d0e-0b1a3f0f6c11")
