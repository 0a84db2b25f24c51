package app

import (
	"context"
	"slices"
	"strings"
	"time"

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

// reraise opens the leads again that a record had explained which holds no more.
func (a *App) reraise(tx *store.Tx, by string, leads []store.Lead, found string) error {
	for _, l := range leads {
		if !l.Open() && l.Found == found && l.Found != "" {
			l.Clearing = store.Clearing{}
			if err := a.putLead(tx, by, l); err != nil {
				return err
			}
		}
	}
	return nil
}

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
		case l.How != store.ByOfficer && l.How != store.ByOfficerError:
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

// todayFor is the day that counts for a stay: that of the port of entry, or of
// the port where it is earliest if that is none of this installation's. A stay
// is over only when its day is.
func (a *App) todayFor(s store.Stay) travel.Day {
	if a.Ports[s.Port] != nil {
		return a.today(s.Port)
	}
	return a.earliestToday()
}

// over reports whether the last authorized day of a stay is past.
func (a *App) over(s store.Stay) bool {
	until := s.Until()
	return !until.IsZero() && until.Before(a.todayFor(s))
}

// earliestToday is the earliest day that it still is at one of the ports, and
// latestToday the latest that it is already.
func (a *App) earliestToday() (day travel.Day) {
	for p := range a.Ports {
		if d := a.today(p); day.IsZero() || d.Before(day) {
			day = d
		}
	}
	return day
}

func (a *App) latestToday() (day travel.Day) {
	for p := range a.Ports {
		if d := a.today(p); d.After(day) {
			day = d
		}
	}
	return day
}

// flagged is the setting that says on which day at each port the overstays were
// looked for last.
const flagged = "overstays-flagged"

// flagBatch is how many stays are looked at in one write.
const flagBatch = 128

// Flag raises a lead for each stay that is open the day after its last
// authorized day. The worker calls it every minute, and whoever reads leads
// before reading, so that no list waits for the worker. Only the stays whose
// last day has passed since it was called before are looked at; where no day
// began since then it is one question.
//
// What a crash leaves: leads that are raised, and the rest for the next call.
func (a *App) Flag(ctx context.Context) error {
	unlock, err := a.flagging.lock(ctx, "")
	if err != nil {
		return err
	}
	defer unlock()
	days, to := a.portDays(), a.latestToday()
	var was string
	if err := a.store.Read(ctx, func(tx *store.Tx) (err error) { was, err = tx.Setting(flagged); return err }); err != nil || was == days {
		return err
	}
	from, after := earliestOf(was, days), store.Stay{}
	for {
		var page []store.Stay
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) { page, err = tx.OverdueStays(from, to, after, flagBatch); return err })
		if err != nil {
			return err
		}
		if len(page) > 0 {
			after = page[len(page)-1]
			if err := a.store.Write(ctx, func(tx *store.Tx) error { return a.flag(tx, page) }); err != nil {
				return err
			}
		}
		if len(page) < flagBatch {
			return a.store.Write(ctx, func(tx *store.Tx) error { return tx.PutSetting(flagged, days) })
		}
	}
}

// flag settles stays as they are now: one may have been closed meanwhile.
func (a *App) flag(tx *store.Tx, page []store.Stay) error {
	for _, s := range page {
		now, err := tx.Admission(s.ID)
		if err != nil {
			return err
		}
		if now == nil || !a.over(*now) {
			continue
		}
		if err := a.settle(tx, "limen", *now, store.Corrected, now.ID); err != nil {
			return err
		}
	}
	return nil
}

// portDays writes which day it is at each port.
func (a *App) portDays() string {
	var days []string
	for p := range a.Ports {
		days = append(days, string(p)+"="+a.today(p).String())
	}
	slices.Sort(days)
	return strings.Join(days, " ")
}

// earliestOf returns the earliest of the days written by portDays, no day if a
// port of now was not among them.
func earliestOf(was, now string) (day travel.Day) {
	then := map[string]string{}
	for _, f := range strings.Fields(was) {
		port, d, _ := strings.Cut(f, "=")
		then[port] = d
	}
	for _, f := range strings.Fields(now) {
		port, _, _ := strings.Cut(f, "=")
		d, err := travel.ParseDay(then[port])
		if err != nil {
			return travel.Day{}
		}
		if day.IsZero() || d.Before(day) {
			day = d
		}
	}
	return day
}

// Attend raises overstays and compares unmatched departures until ctx ends: at
// once when somebody leaves, and every minute, which is how soon after a local
// midnight an overstay has its record. What fails is logged and tried again.
func (a *App) Attend(ctx context.Context) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		for _, step := range []func(context.Context) error{a.Flag, a.Link} {
			if err := step(ctx); err != nil && ctx.Err() == nil {
				a.Log.ErrorContext(ctx, "leads are not up to date; tried again in a minute", "error", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		case <-a.departed:
		}
	}
}

// hasDeparted wakes the worker; it may be asleep for all the lanes care.
func (a *App) hasDeparted() {
	select {
	case a.departed <- struct{}{}:
	default:
	}
}
