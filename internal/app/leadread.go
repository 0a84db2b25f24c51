package app

import (
	"context"

	"limen/audit"
	"limen/crossing"
	"limen/errs"
	"limen/internal/store"
	"limen/linkage"
	"limen/stay"
	"limen/travel"
)

// LeadEvidence is a lead with what it rests on and who it is about.
type LeadEvidence struct {
	Lead     store.Lead
	Person   travel.Person
	Stay     *store.Stay // with its changes; nil if the lead is about none
	Status   *stay.Status
	Crossing *crossing.Crossing
	// Candidates are whose arrival a departure may belong to, with what was
	// compared.
	Candidates []Candidate
	// More says that there were more candidates than are compared.
	More bool
}

// Candidate is somebody whose arrival a departure may belong to.
type Candidate struct {
	linkage.Match
	Person travel.Person
	Stay   *store.Stay
}

// Lead returns a lead with its evidence for an officer, who states a purpose:
// the access to it, to its traveler and to each candidate is in the audit log before anything
// is shown. NotFound (code "lead-unknown") if there is none.
func (a *App) Lead(ctx context.Context, by Actor, purpose audit.Purpose, id string) (ev LeadEvidence, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		ev = LeadEvidence{}
		l, err := leadOf(tx, id)
		if err != nil {
			return err
		}
		ev.Lead = *l
		return a.saw(tx, by, purpose, id, string(l.Traveler))
	})
	if err != nil {
		return ev, err
	}
	found, err := matchesOf(ev.Lead)
	if err != nil {
		return ev, err
	}
	ev.More = found.More
	for _, m := range found.Matches {
		if err := a.access(ctx, by, "access", string(m.Candidate), purpose, func(*store.Tx) error { return nil }); err != nil {
			return ev, err
		}
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error { return a.evidence(tx, &ev, found.Matches) })
	return ev, err
}

func leadOf(tx *store.Tx, id string) (*store.Lead, error) {
	l, err := tx.Lead(id)
	if err == nil && l == nil {
		err = errs.New(errs.NotFound, "lead-unknown", "there is no lead with this id")
	}
	return l, err
}

// evidence reads what a lead rests on.
func (a *App) evidence(tx *store.Tx, ev *LeadEvidence, matches []linkage.Match) (err error) {
	if ev.Person, err = personOf(tx, ev.Lead.Traveler); err != nil {
		return err
	}
	if ev.Lead.Admission != "" {
		if ev.Stay, err = tx.Admission(ev.Lead.Admission); err != nil {
			return err
		}
	}
	if ev.Stay != nil {
		status := ev.Stay.StatusOn(a.todayFor(*ev.Stay))
		ev.Status = &status
	}
	if ev.Lead.Crossing != "" {
		if ev.Crossing, err = tx.Crossing(ev.Lead.Crossing); err != nil {
			return err
		}
	}
	for _, m := range matches {
		c := Candidate{Match: m}
		if c.Person, err = personOf(tx, m.Candidate); err != nil {
			return err
		}
		if c.Stay, err = endable(tx, m.Candidate, ev.Lead.Day); err != nil {
			return err
		}
		ev.Candidates = append(ev.Candidates, c)
	}
	return nil
}

// personOf returns who a traveler is; nobody if the record is gone.
func personOf(tx *store.Tx, id travel.TravelerID) (travel.Person, error) {
	t, err := tx.Traveler(id)
	return deref(t).Person, err
}

// StayStatus is a stay with what can be said of it today.
type StayStatus struct {
	Stay    store.Stay
	Status  stay.Status
	Today   travel.Day
	Records []store.StayChange // corrected ones and corrections included
	Leads   []store.Lead
}

// Stay returns a stay with its changes, its leads and its status today for an
// officer, who states a purpose; the access to it and to its traveler is in the
// audit log before anything is shown. NotFound (code "admission-unknown") if there is none.
func (a *App) Stay(ctx context.Context, by Actor, purpose audit.Purpose, id string) (out StayStatus, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Admission(id)
		if err != nil {
			return err
		}
		if s == nil {
			return errs.New(errs.NotFound, "admission-unknown", "there is no admission with this id")
		}
		out = StayStatus{Stay: *s, Today: a.todayFor(*s)}
		out.Status = s.StatusOn(out.Today)
		if out.Records, err = tx.ChangesOf(id); err != nil {
			return err
		}
		if out.Leads, err = tx.LeadsAbout(id); err != nil {
			return err
		}
		return a.saw(tx, by, purpose, id, string(s.Traveler))
	})
	return out, err
}

// saw writes that an officer sees what is on record under some ids: who asks
// who saw a traveler's data finds each access under the traveler's.
func (a *App) saw(tx *store.Tx, by Actor, purpose audit.Purpose, ids ...string) error {
	for _, id := range ids {
		if err := tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "access", Subject: id, Purpose: purpose}); err != nil {
			return err
		}
	}
	return nil
}
