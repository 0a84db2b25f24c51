package app

import (
	"context"
	"slices"
	"strings"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
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
	n := q.Limit
	if n <= 0 || n > MaxLeads {
		n = MaxLeads
	}
	for _, kind := range kinds {
		page, err := a.leadsOfKind(ctx, store.LeadFilter{Kind: kind, Cleared: q.Cleared, Port: q.Port, From: q.From, To: q.To}, after, n+1-len(out))
		if err != nil {
			return nil, "", err
		}
		if out, after = append(out, page...), (store.Lead{}); len(out) > n {
			out = out[:n]
			last := out[n-1]
			return out, strings.Join([]string{string(last.Kind), last.Day.String(), last.ID}, "."), nil
		}
	}
	return out, "", nil
}

// leadsOfKind returns the first n leads of a filter after one.
func (a *App) leadsOfKind(ctx context.Context, f store.LeadFilter, after store.Lead, n int) (page []store.Lead, err error) {
	if err := a.flagPage(ctx, f, after, n); err != nil {
		return nil, err
	}
	err = a.store.Read(ctx, func(tx *store.Tx) error { page, err = tx.Leads(f, after, n); return err })
	return page, err
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
