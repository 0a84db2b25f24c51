package app

import (
	"context"
	"slices"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/linkage"
	"limen/travel"
)

// mergeFiles makes two files one and counts its stays anew. Errors: Conflict,
// before anything is written: "linkage-state" if they are one already,
// "match-stay" if the departure would end no stay, "match-rule" if a rule may not
// (a person parted the files, or more would change than that one stay).
func (a *App) mergeFiles(tx *store.Tx, r store.FileRecord) error {
	f, err := filesOf(tx, r.Kept)
	if err != nil {
		return err
	}
	other, err := filesOf(tx, r.Other)
	if err != nil {
		return err
	}
	f.join(other)
	if err := f.fold(); err != nil {
		return err
	}
	parted := f.parted(r.Kept, r.Other)
	r.Kept, r.Other = f.Of(r.Kept), f.Of(r.Other) // a file that is part of another is that one
	r, err = f.add(r)
	if err != nil {
		return err
	}
	c, err := a.courseOf(tx, f, r.Kept)
	if err != nil {
		return err
	}
	if !c.finds(r.Crossing) {
		return errs.New(errs.Conflict, "match-stay", "there is no stay any more that this departure would end")
	}
	if r.Rule != "" && (parted || len(c.changed) != 1) {
		return errs.New(errs.Conflict, "match-rule", "no rule merges these files")
	}
	if err := a.putFileRecord(tx, r); err != nil {
		return err
	}
	return a.bring(tx, r.By, c, store.EntryFound, string(r.ID))
}

// putFileRecord writes a record that was checked against those before it, and
// the same to the audit log.
func (a *App) putFileRecord(tx *store.Tx, r store.FileRecord) error {
	if err := tx.InsertFileRecord(r); err != nil {
		return err
	}
	return tx.Audit(audit.Entry{At: r.At, Actor: r.By, Action: "file", Subject: string(r.ID), Purpose: "whose departure it is", Detail: r.Detail()})
}

// ConfirmMatch merges, in the officer's name, the files of who left and of who
// arrived, on a lead about the departure: the stay that the departure belongs
// to ends, and the leads it explains are cleared. Repeating it changes nothing.
// Errors: NotFound ("lead-unknown", "match-unknown" if the traveler is none that
// the lead names), Conflict ("lead-cleared", "record-id-reused",
// "linkage-state", "match-stay" if it would end no stay), Invalid
// ("match-reason").
func (a *App) ConfirmMatch(ctx context.Context, by Actor, purpose audit.Purpose, id linkage.RecordID, lead string, arrived travel.TravelerID, reason string) error {
	reason, err := a.fileRequest(by, id, "match-reason", "a merge", reason)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		l, err := leadOf(tx, lead)
		if err != nil {
			return err
		}
		found, err := matchesOf(*l)
		if err != nil {
			return err
		}
		i := slices.IndexFunc(found.Matches, func(m linkage.Match) bool { return m.Candidate == arrived })
		if i < 0 {
			return errs.New(errs.NotFound, "match-unknown", "the lead names no such traveler as one whose arrival the departure may belong to")
		}
		r := store.FileRecord{ID: id, Kind: store.Merged, Kept: arrived, Other: l.Traveler, Crossing: l.Crossing, Match: &found.Matches[i],
			By: by.Key, At: a.Now(), Officer: by.Name, Reason: reason}
		if done, err := sameRecord(tx, r); err != nil || done {
			return err
		}
		if !l.Open() {
			return errs.New(errs.Conflict, "lead-cleared", "this lead was cleared before")
		}
		if err := a.mergeFiles(tx, r); err != nil {
			return err
		}
		return a.auditFile(tx, purpose, r)
	})
}

// fileRequest checks what every request about files needs.
func (a *App) fileRequest(by Actor, id linkage.RecordID, code, what, reason string) (string, error) {
	if err := checkID("the id of a record about files", string(id)); err != nil {
		return "", err
	}
	return inName(by, code, what, reason)
}

// sameRecord reports whether a record is there already; Conflict (code
// "record-id-reused") if another has its id.
func sameRecord(tx *store.Tx, r store.FileRecord) (bool, error) {
	old, err := tx.FileRecord(r.ID)
	if err != nil || old == nil {
		return false, err
	}
	if old.Kind == r.Kind && old.Crossing == r.Crossing && old.Undoes == r.Undoes && old.Officer == r.Officer && old.Reason == r.Reason && candidate(*old) == candidate(r) {
		return true, nil
	}
	return false, errs.New(errs.Conflict, "record-id-reused", "this id was used for another record about travelers' files")
}

// candidate is who arrived, as a merge was asked for: the file that was kept may
// be another that they are part of.
func candidate(r store.FileRecord) travel.TravelerID {
	if r.Match == nil {
		return ""
	}
	return r.Match.Candidate
}

func (a *App) auditFile(tx *store.Tx, purpose audit.Purpose, r store.FileRecord) error {
	return a.auditSaid(tx, audit.Entry{At: r.At, Actor: r.By, Action: "file-said", Subject: string(r.ID), Purpose: purpose}, r.Kept, r.Officer, r.Reason)
}

// Undo takes back, in the officer's name, a merge of files, whoever made it: the
// stays and leads of both files are counted anew, as if it had not been, and no
// rule merges the two again. Repeating it changes nothing. Errors: NotFound (code
// "record-unknown"), Conflict ("record-id-reused", "linkage-state" if it does
// not stand), Invalid ("undo-reason").
func (a *App) Undo(ctx context.Context, by Actor, purpose audit.Purpose, id, of linkage.RecordID, reason string) error {
	reason, err := a.fileRequest(by, id, "undo-reason", "an undo", reason)
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		was, err := tx.FileRecord(of)
		if err != nil {
			return err
		}
		if was == nil {
			return errs.New(errs.NotFound, "record-unknown", "there is no such record about travelers' files")
		}
		r := store.FileRecord{ID: id, Kind: store.Undone, Kept: was.Kept, Other: was.Other, Undoes: of, Crossing: was.Crossing,
			By: by.Key, At: a.Now(), Officer: by.Name, Reason: reason}
		if done, err := sameRecord(tx, r); err != nil || done {
			return err
		}
		if r, err = a.part(tx, r); err != nil {
			return err
		}
		return a.auditFile(tx, purpose, r)
	})
}

// part writes an undo and counts the stays of the files anew that are two again.
func (a *App) part(tx *store.Tx, r store.FileRecord) (store.FileRecord, error) {
	f, err := filesOf(tx, r.Kept)
	if err != nil {
		return r, err
	}
	if r, err = f.add(r); err != nil {
		return r, err
	}
	if err := a.putFileRecord(tx, r); err != nil {
		return r, err
	}
	for _, id := range []travel.TravelerID{r.Kept, r.Other} {
		if err := a.recount(tx, r.By, f, id, store.Unlinked, string(r.ID)); err != nil {
			return r, err
		}
	}
	return r, nil
}
