package app

import (
	"context"
	"encoding/json"
	"slices"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/linkage"
	"limen/stay"
	"limen/travel"
)

// linkRule is what merges files where no person does.
const linkRule = "linkage-strong"

// matches are what a comparison leaves on a lead: no names.
type matches struct {
	Matches []linkage.Match `json:"matches"`
	// More says that more people were found than are compared.
	More bool `json:"more,omitempty"`
}

func matchesOf(l store.Lead) (m matches, err error) {
	if len(l.Evidence) > 0 {
		err = json.Unmarshal(l.Evidence, &m)
	}
	return m, err
}

// findable notes under which keys an alien is found who leaves with another
// document. A citizen is found under none, nor is who may be one.
func (a *App) findable(tx *store.Tx, p store.Passenger) error {
	if !linked(&p) {
		return tx.DeleteLinkKeys(p.Traveler)
	}
	return tx.PutLinkKeys(p.Traveler, linkKeys(linkage.PersonOf(p.Listed.Person, p.Listed.Documents)))
}

// linked reports whether departures of a passenger are compared with arrivals.
func linked(p *store.Passenger) bool { return !p.Erased && !p.Citizen() && p.Country != "" }

// searchKeys are those that others are looked for under.
func searchKeys(p linkage.Person) []string { return texts(linkage.SearchKeys(p)) }

func texts(keys []linkage.Key) (out []string) {
	for _, k := range keys {
		out = append(out, string(k))
	}
	return out
}

// Link compares each departure that no admission was found for with the people
// whose arrival it may end, and who have not left: once, each in a write of its
// own. Where one of them is strong, the two files are merged and the stay ends;
// what is weak becomes a lead for a person. A citizen is never compared. The
// search begins with a crossing, and never with a face.
//
// What a crash leaves: the unmatched departure, which is compared by the next
// call.
func (a *App) Link(ctx context.Context) error {
	unlock, err := a.linking.lock(ctx, "")
	if err != nil {
		return err
	}
	defer unlock()
	after := ""
	for {
		var page []store.Lead
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) { page, err = tx.Uncompared(after, eraseFew); return err })
		if err != nil {
			return err
		}
		for _, l := range page {
			after = l.ID
			if err := a.linkOne(ctx, l); err != nil {
				return err
			}
		}
		if len(page) < eraseFew {
			return nil
		}
	}
}

// linkOne compares one departure. The people are opened beside the writer, so
// that no lane waits; what is written is looked at once more in the write.
func (a *App) linkOne(ctx context.Context, l store.Lead) error {
	var found matches
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) { found, err = a.compare(tx, l); return err })
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.Lead(l.ID)
		if err != nil || now == nil || !now.Open() || !now.Compared.IsZero() { // another process was faster
			return err
		}
		now.Compared = a.Now()
		if err := tx.PutLead(*now); err != nil { // which the log need not know
			return err
		}
		if len(found.Matches) == 0 {
			return nil
		}
		no, err := dismissed(tx, now.Crossing)
		if err != nil {
			return err
		}
		if to, is := linkage.Mergeable(found.Matches); is && !slices.Contains(no, to) {
			return a.linkByRule(tx, *now, to, found)
		}
		return a.possible(tx, linkRule, *now, found)
	})
}

// compare weighs who may have left at a departure.
func (a *App) compare(tx *store.Tx, l store.Lead) (out matches, err error) {
	x, err := tx.Crossing(l.Crossing)
	if err != nil || x == nil {
		return out, err
	}
	p, err := tx.Passenger(x.Passenger)
	if err != nil || p == nil || !linked(p) {
		return out, err
	}
	who := linkage.PersonOf(p.Listed.Person, p.Listed.Documents)
	f, err := filesOf(tx, l.Traveler)
	if err != nil {
		return out, err
	}
	people, err := a.people(tx)
	if err != nil {
		return out, err
	}
	out.Matches, out.More, err = weigh(tx, who, x.Day, people, func(id travel.TravelerID) bool {
		return f.Of(id) == f.Of(l.Traveler) || f.parted(id)
	})
	return out, err
}

// linkByRule merges files on a strong match, unless what it rests on changed
// since, or a person parted them: then it is a lead.
func (a *App) linkByRule(tx *store.Tx, l store.Lead, to travel.TravelerID, found matches) error {
	s, err := endable(tx, to, l.Day)
	if err != nil {
		return err
	}
	f, err := filesOf(tx, l.Traveler)
	if err != nil {
		return err
	}
	if s == nil || f.parted(to) {
		return a.possible(tx, linkRule, l, found)
	}
	r := store.FileRecord{ID: linkage.RecordID(newID()), Kind: store.Merged, Kept: to, Other: l.Traveler, Crossing: l.Crossing, Match: &found.Matches[0],
		Rule: linkRule, By: "rule " + linkRule, At: a.Now()}
	return a.mergeFiles(tx, r, l.Day)
}

// endable returns the stay of a traveler that a departure on day ends: the
// latest that began by then and is open, or was closed only by the next
// admission, then or later; nil if there is none.
func endable(tx *store.Tx, id travel.TravelerID, day travel.Day) (found *store.Stay, err error) {
	stays, err := tx.StaysOf(id)
	for i, s := range stays {
		if !s.Day.After(day) && (s.Open() || s.ClosedBy == "" && !s.Closed.Before(day)) {
			found = &stays[i]
		}
	}
	return found, err
}

// mergeFiles writes the merge of two files, ends the stay that the departure belongs
// to and clears the leads that this explains.
func (a *App) mergeFiles(tx *store.Tx, r store.FileRecord, day travel.Day) error {
	arrived := r.Kept
	kept, err := filesOf(tx, r.Kept)
	if err != nil {
		return err
	}
	other, err := filesOf(tx, r.Other)
	if err != nil {
		return err
	}
	r.Kept, r.Other = kept.Of(r.Kept), other.Of(r.Other) // a file that is part of another is that one
	s, err := endable(tx, arrived, day)
	if err != nil {
		return err
	}
	if s != nil {
		r.Before = []store.Stay{*s}
	}
	if err := a.putFileRecord(tx, r); err != nil || s == nil {
		return err
	}
	x, err := tx.Crossing(r.Crossing)
	if err != nil || x == nil {
		return err
	}
	if err := a.end(tx, r.By, *s, *x); err != nil {
		return err
	}
	return a.clearAt(tx, r.By, r.Crossing, store.EntryFound, string(r.ID), stay.UnmatchedDeparture, stay.PossibleMatch)
}

// putFileRecord checks a record against those before it and writes it, and the
// same to the audit log.
func (a *App) putFileRecord(tx *store.Tx, r store.FileRecord) error {
	f, err := filesOf(tx, r.Kept)
	if err != nil {
		return err
	}
	if r.Other != r.Kept {
		o, err := filesOf(tx, r.Other)
		if err != nil {
			return err
		}
		f.join(o)
	}
	f.records = append(f.records, r)
	if err := f.fold(); err != nil {
		return err
	}
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
// "linkage-state"), Invalid ("match-reason").
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
		if err := a.mergeFiles(tx, r, l.Day); err != nil {
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
	if old.Kind == r.Kind && old.Crossing == r.Crossing && old.Undoes == r.Undoes && old.Officer == r.Officer && old.Reason == r.Reason {
		return true, nil
	}
	return false, errs.New(errs.Conflict, "record-id-reused", "this id was used for another record about travelers' files")
}

func (a *App) auditFile(tx *store.Tx, purpose audit.Purpose, r store.FileRecord) error {
	return a.auditSaid(tx, audit.Entry{At: r.At, Actor: r.By, Action: "file-said", Subject: string(r.ID), Purpose: purpose}, r.Kept, r.Officer, r.Reason)
}

// Undo takes back, in the officer's name, a merge of files, whoever made it: the
// stay that it ended and the leads that it cleared are as they were, and no rule
// merges the two again. Repeating it changes nothing. Errors: NotFound (code
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
		if err := a.putFileRecord(tx, r); err != nil {
			return err
		}
		if err := a.unmerge(tx, *was, r); err != nil {
			return err
		}
		return a.auditFile(tx, purpose, r)
	})
}

// unmerge gives stays and leads back what a merge took.
func (a *App) unmerge(tx *store.Tx, was, r store.FileRecord) error {
	leads, err := tx.LeadsAt(was.Crossing)
	if err != nil {
		return err
	}
	if err := a.reraise(tx, r.By, leads, string(was.ID)); err != nil {
		return err
	}
	for _, b := range was.Before {
		s, err := tx.Admission(b.ID)
		if err != nil {
			return err
		}
		if s == nil || s.ClosedBy != was.Crossing {
			continue // something else happened to it since, which stands
		}
		if err := a.reopen(tx, r.By, *s, store.Unlinked, string(r.ID)); err != nil {
			return err
		}
	}
	return nil
}
