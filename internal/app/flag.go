package app

import (
	"cmp"
	"context"
	"slices"
	"time"

	"limen/internal/store"
	"limen/stay"
	"limen/travel"
)

// flagged is the setting that says on which day at each port the overstays were
// looked for last.
const flagged = "overstays-flagged"

// flagBatch is how many stays are read at a time, flagFew how many are looked
// at in one write, so that no lane waits for long.
const (
	flagBatch = 128
	flagFew   = 8
)

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
	from, done, err := a.flaggedFrom(ctx, days)
	if err != nil || done {
		return err
	}
	after := store.Stay{}
	for {
		var page []store.Stay
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) { page, err = tx.OverdueStays(from, to, after, flagBatch); return err })
		if err != nil {
			return err
		}
		if len(page) > 0 {
			after = page[len(page)-1]
			if err := a.flagAll(ctx, page); err != nil {
				return err
			}
		}
		if len(page) < flagBatch {
			return a.store.Write(ctx, func(tx *store.Tx) error { return tx.PutSetting(flagged, days) })
		}
	}
}

// flaggedFrom returns the earliest last day of which a stay may not be flagged
// yet, or that all are by these days at the ports.
func (a *App) flaggedFrom(ctx context.Context, days string) (from travel.Day, done bool, err error) {
	err = a.store.Read(ctx, func(tx *store.Tx) error {
		was, err := tx.Setting(flagged)
		from, done = earliestOf(was, days), was == days
		return err
	})
	return from, done, err
}

// flagAll flags stays, few in a write.
func (a *App) flagAll(ctx context.Context, stays []store.Stay) error {
	for few := range slices.Chunk(stays, flagFew) {
		if err := a.store.Write(ctx, func(tx *store.Tx) error { return a.flag(tx, few) }); err != nil {
			return err
		}
	}
	return nil
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

// flagPage flags the stays whose leads are among the first n of a list, and no
// other: whoever reads it sees every overstay from local midnight on, without
// waiting for the worker, however much that has to do. A stay whose extension
// began after its last day had passed is listed when the worker comes.
func (a *App) flagPage(ctx context.Context, f store.LeadFilter, after store.Lead, n int) error {
	if f.Cleared || f.Kind != stay.OverstayInCountry && f.Kind != stay.ApplicationPending {
		return nil
	}
	from, done, err := a.flaggedFrom(ctx, a.portDays())
	if err != nil || done {
		return err
	}
	for _, d := range []travel.Day{f.From, after.Day} {
		if !d.IsZero() && from.Before(d.AddDays(-1)) {
			from = d.AddDays(-1)
		}
	}
	var page []store.Stay
	err = a.store.Read(ctx, func(tx *store.Tx) (err error) { page, err = a.unflagged(tx, f, from, after, n); return err })
	if err != nil {
		return err
	}
	return a.flagAll(ctx, page)
}

// dueStay is a stay with the lead that it gives rise to.
type dueStay struct {
	stay store.Stay
	lead store.Lead
}

// unflagged returns the stays, from a last day on, that have no lead yet and
// whose lead is among the first n that a filter leaves after a lead.
func (a *App) unflagged(tx *store.Tx, f store.LeadFilter, from travel.Day, after store.Lead, n int) (out []store.Stay, err error) {
	to := a.latestToday()
	if !f.To.IsZero() && f.To.Before(to) {
		to = f.To
	}
	var found []dueStay
	for at := (store.Stay{}); ; {
		page, err := tx.OverdueStays(from, to, at, flagBatch)
		if err != nil {
			return nil, err
		}
		for _, s := range page {
			if at = s; !a.over(s) {
				continue
			}
			l, err := a.overstay(tx, s)
			if err != nil {
				return nil, err
			}
			if l != nil && listed(*l, f) && byDay(after, *l) < 0 {
				found = append(found, dueStay{s, *l})
			}
		}
		slices.SortFunc(found, func(x, y dueStay) int { return byDay(x.lead, y.lead) })
		if len(page) < flagBatch || len(found) >= n && found[n-1].lead.Day.Before(at.Until().AddDays(1)) {
			break
		}
	}
	for _, d := range found[:min(n, len(found))] {
		leads, err := tx.LeadsAbout(d.stay.ID)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(leads, func(l store.Lead) bool { return l.ID == d.lead.ID }) {
			out = append(out, d.stay)
		}
	}
	return out, nil
}

// listed reports whether a filter leaves a lead.
func listed(l store.Lead, f store.LeadFilter) bool {
	return l.Kind == f.Kind && (f.Port == "" || l.Port == f.Port) && !l.Day.Before(f.From) && (f.To.IsZero() || !l.Day.After(f.To))
}

// byDay is the order of lists.
func byDay(a, b store.Lead) int {
	return cmp.Or(b.Day.DaysUntil(a.Day), cmp.Compare(a.ID, b.ID))
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
