package app

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/stay"
	"limen/travel"
)

// ChangeStay records, in the officer's name, what changed a stay: an extension,
// a change of status, an adjustment or a parole, applied for, granted or denied;
// or, with Corrects, what stands in the place of an earlier record, or that
// nothing does (Void). Status and leads follow in the same transaction.
//
// Recording it again changes nothing. Errors: NotFound (code
// "admission-unknown"; "change-unknown" for what is corrected), Conflict
// ("change-id-reused", "change-corrected"), Invalid as stay.CheckAll says, or
// (code "change-reason") without a name and a reason.
func (a *App) ChangeStay(ctx context.Context, by Actor, purpose audit.Purpose, c store.StayChange, reason string) error {
	if err := checkID("the id of a change", c.ID); err != nil {
		return err
	}
	reason, err := inName(by, "change-reason", "a change of a stay", reason)
	if err != nil {
		return err
	}
	c.Recorded = a.Now().UTC().Truncate(time.Microsecond)
	return a.store.Write(ctx, func(tx *store.Tx) error {
		s, err := tx.Admission(c.Admission)
		if err != nil {
			return err
		}
		if s == nil {
			return errs.New(errs.NotFound, "admission-unknown", "there is no admission with this id")
		}
		c.Traveler = s.Traveler
		old, err := tx.Change(c.ID)
		if err != nil {
			return err
		}
		if old != nil {
			if old.Recorded = c.Recorded; *old == c || c.Void && old.Void && old.Corrects == c.Corrects {
				return nil
			}
			return errs.New(errs.Conflict, "change-id-reused", "this id was used for another change of a stay")
		}
		return a.change(tx, by, purpose, *s, c, reason)
	})
}

// change writes a change within tx.
func (a *App) change(tx *store.Tx, by Actor, purpose audit.Purpose, s store.Stay, c store.StayChange, reason string) (err error) {
	how := store.ChangeFound
	if c.Corrects != "" {
		how = store.Corrected
		if s, c, err = corrected(tx, s, c); err != nil {
			return err
		}
	} else {
		s.Changes = append(slices.Clone(s.Changes), c.Change)
	}
	if err := stay.CheckAll(s.Admission, s.Changes); err != nil {
		return err
	}
	if err := tx.InsertChange(c); err != nil {
		return err
	}
	if err := a.changed(tx, by.Key, s, how, c.ID); err != nil {
		return err
	}
	e := audit.Entry{At: c.Recorded, Actor: by.Key, Action: "stay-change", Subject: c.ID, Purpose: purpose, Detail: c.Detail()}
	if err := tx.Audit(e); err != nil {
		return err
	}
	e.Action = "stay-change-said"
	return a.auditSaid(tx, e, s.Traveler, by.Name, reason)
}

// corrected puts a correction in the place of what it corrects.
func corrected(tx *store.Tx, s store.Stay, c store.StayChange) (store.Stay, store.StayChange, error) {
	was, err := tx.Change(c.Corrects)
	if err != nil {
		return s, c, err
	}
	if was == nil || was.Admission != s.ID {
		return s, c, errs.New(errs.NotFound, "change-unknown", "there is no such change of this stay to correct")
	}
	at := slices.IndexFunc(s.Changes, func(x stay.Change) bool { return x.ID == was.ID })
	if at < 0 {
		return s, c, errs.New(errs.Conflict, "change-corrected", "this change was corrected before: correct what stands in its place")
	}
	s.Changes = slices.Clone(s.Changes)
	if c.Void { // what it was, under the id of the correction
		id := c.ID
		c.Change, c.ID = was.Change, id
		s.Changes = slices.Delete(s.Changes, at, at+1)
	} else {
		s.Changes[at] = c.Change
	}
	return s, c, nil
}

// inName returns a reason that is one, or an Invalid error unless there is an
// officer's name to it.
func inName(by Actor, code, what, reason string) (string, error) {
	reason = strings.TrimSpace(reason)
	if reason == "" || len(reason) > maxReason || by.Name == "" {
		return "", errs.New(errs.Invalid, code, "%s needs an officer's name and a reason of 1 to %d bytes", what, maxReason)
	}
	return reason, nil
}

// auditSaid writes who did something and why, sealed with the traveler's key.
func (a *App) auditSaid(tx *store.Tx, e audit.Entry, id travel.TravelerID, officer, reason string) error {
	key, err := tx.KeyOf(id)
	if err != nil {
		return err
	}
	if e.Detail, err = json.Marshal(map[string]string{"officer": officer, "reason": reason}); err != nil {
		return err
	}
	return tx.AuditSealed(e, key, string(id))
}
