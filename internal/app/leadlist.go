package app

import (
	"context"
	"slices"
	"strings"

	"limen/audit"
	"limen/crossing"
	"limen/errs"
	"limen/internal/store"
	"limen/linkage"
	"limen/stay"
	"limen/travel"
)

// leadsList is what the list of leads is called in the audit log.
const leadsList = "leads"

// LeadKinds are the kinds of lead, in the order in which they are listed.
var LeadKinds = []stay.LeadKind{stay.OverstayInCountry, stay.OverstayOutOfCountry, stay.ApplicationPending, stay.PossibleMatch, stay.UnmatchedDeparture,
	stay.EarlyDeparture, stay.MissingExit, stay.OffLoaded, stay.SharedDocument, stay.Voided}

// LeadQuery says which leads are listed; the zero value is the first of the
// open ones.
type LeadQuery struct {
	Kind     stay.LeadKind // "" is every kind, one after the other
	Cleared  bool
	Port     travel.Port // "" is any
	From, To travel.Day  // days the leads are about; none is any
	After    string      // what the page before said is next
	Limit    int         // at most MaxLeads; 0 is that
}

// MaxLeads is how many leads are listed at a time.
const MaxLeads = 500

// Leads returns leads without names, and where to go on ("" at the end): the
// officer states a purpose, which is in the audit log before anything is shown.
// Overstays are on it from local midnight on, whether the worker came or not.
// An Invalid error (code "lead-query") is a kind that is none, or a place to go
// on from that is none.
func (a *App) Leads(ctx context.Context, by Actor, purpose audit.Purpose, q LeadQuery) (out []store.Lead, next string, err error) {
	kinds, after, err := q.place()
	if err != nil {
		return nil, "", err
	}
	if err := a.access(ctx, by, "access", leadsList, purpose, func(*store.Tx) error { return nil }); err != nil {
		return nil, "", err
	}
	if err := a.Flag(ctx); err != nil {
		return nil, "", err
	}
	n := q.Limit
	if n <= 0 || n > MaxLeads {
		n = MaxLeads
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		for _, kind := range kinds {
			page, err := tx.Leads(store.LeadFilter{Kind: kind, Cleared: q.Cleared, Port: q.Port, From: q.From, To: q.To}, after, n+1-len(out))
			if err != nil {
				return err
			}
			out, after = append(out, page...), store.Lead{}
			if len(out) > n {
				break
			}
		}
		return nil
	})
	if len(out) > n {
		out = out[:n]
		last := out[n-1]
		next = strings.Join([]string{string(last.Kind), last.Day.String(), last.ID}, ".")
	}
	return out, next, err
}

// place returns the kinds to list and the lead to go on after.
func (q LeadQuery) place() (kinds []stay.LeadKind, after store.Lead, err error) {
	kinds = LeadKinds
	if q.Kind != "" {
		kinds = []stay.LeadKind{q.Kind}
	}
	if q.Kind != "" && !slices.Contains(LeadKinds, q.Kind) {
		return nil, after, errs.New(errs.Invalid, "lead-query", "there is no such kind of lead")
	}
	if q.After == "" {
		return kinds, after, nil
	}
	words := strings.SplitN(q.After, ".", 3)
	at := slices.Index(kinds, stay.LeadKind(words[0]))
	if len(words) == 3 {
		after.ID = words[2]
		after.Day, err = travel.ParseDay(words[1])
	}
	if at < 0 || len(words) != 3 || err != nil {
		return nil, after, errs.New(errs.Invalid, "lead-query", "after is what the page before said is next")
	}
	return kinds[at:], after, nil
}

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
// the access to it, and to each candidate, is in the audit log before anything
// is shown. NotFound (code "lead-unknown") if there is none.
func (a *App) Lead(ctx context.Context, by Actor, purpose audit.Purpose, id string) (ev LeadEvidence, err error) {
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		ev = LeadEvidence{}
		l, err := leadOf(tx, id)
		if err != nil {
			return err
		}
		ev.Lead = *l
		return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "access", Subject: id, Purpose: purpose})
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

// ClearLead notes, in the officer's name, that a lead is explained, or rests on
// an error, and why. Of what is on record nothing changes. Clearing it again in
// the same way changes nothing. Errors: NotFound (code "lead-unknown"), Conflict
// ("lead-cleared") if it was cleared otherwise, Invalid ("lead-reason").
func (a *App) ClearLead(ctx context.Context, by Actor, purpose audit.Purpose, id string, how store.How, reason string) error {
	reason, err := inName(by, "lead-reason", "clearing a lead", reason)
	if err != nil {
		return err
	}
	if how != store.ByOfficer && how != store.ByOfficerError {
		return errs.New(errs.Invalid, "lead-how", "an officer clears a lead as explained or as an error")
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		l, err := leadOf(tx, id)
		if err != nil {
			return err
		}
		if !l.Open() {
			if l.How == how && l.Officer == by.Name && l.Reason == reason {
				return nil
			}
			return errs.New(errs.Conflict, "lead-cleared", "this lead was cleared before")
		}
		l.Clearing = store.Clearing{Cleared: a.Now(), How: how, By: by.Key, Officer: by.Name, Reason: reason}
		if err := a.putLead(tx, by.Key, *l); err != nil {
			return err
		}
		return a.auditSaid(tx, audit.Entry{At: l.Cleared, Actor: by.Key, Action: "lead-cleared", Subject: l.ID, Purpose: purpose}, l.Traveler, by.Name, reason)
	})
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
// officer, who states a purpose; the access is in the audit log before anything
// is shown. NotFound (code "admission-unknown") if there is none.
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
		return tx.Audit(audit.Entry{At: a.Now(), Actor: by.Key, Action: "access", Subject: id, Purpose: purpose})
	})
	return out, err
}
