package store

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"limen/audit"
	"limen/linkage"
	"limen/stay"
	"limen/travel"
)

// Of others, an erased traveler is named in two places: in the records of merges
// with them, and in the evidence on leads. The first keep their shape, for the
// others' files hang together by them, under a name that leads to nobody; from
// the second the traveler is taken out.

// standIn begins what stands for an erased traveler in records about files.
const standIn = "erased-"

// StandsIn reports whether an id in a record about files stands for a traveler
// who was erased.
func StandsIn(id travel.TravelerID) bool { return strings.HasPrefix(string(id), standIn) }

// FilesOf returns every record about files that have to do with a traveler's,
// directly or by way of others, in the order in which they were made.
func (t *Tx) FilesOf(id travel.TravelerID) (out []FileRecord, err error) {
	all, seen := []travel.TravelerID{id}, map[linkage.RecordID]bool{}
	for i := 0; i < len(all); i++ {
		rs, err := t.FileRecords(all[i])
		if err != nil {
			return nil, err
		}
		for _, r := range rs {
			if seen[r.ID] {
				continue
			}
			seen[r.ID] = true
			out = append(out, r)
			for _, other := range []travel.TravelerID{r.Kept, r.Other} {
				if !slices.Contains(all, other) {
					all = append(all, other)
				}
			}
		}
	}
	slices.SortFunc(out, func(a, b FileRecord) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
	return out, nil
}

// forget takes a traveler who is erased out of what is kept of others.
func (t *Tx) forget(id travel.TravelerID, openings, now time.Time) error {
	if err := t.forgetInFiles(id, openings, now); err != nil {
		return err
	}
	return t.forgetInLeads(id, openings, now)
}

// forgetInFiles puts a stand-in for a traveler into the records about files; the
// last traveler whom they are about takes them all along.
func (t *Tx) forgetInFiles(id travel.TravelerID, openings, now time.Time) error {
	all, err := t.FilesOf(id)
	if err != nil || len(all) == 0 {
		return err
	}
	left, err := t.anybodyLeft(all, id)
	if err != nil {
		return err
	}
	as := standInOf(id, all)
	for _, r := range all {
		if !left {
			if err := t.dropFileRecord(r, id, openings); err != nil {
				return err
			}
		} else if r.Kept == id || r.Other == id {
			if err := t.renameInFile(r, id, as, openings, now); err != nil {
				return err
			}
		}
	}
	return nil
}

// anybodyLeft reports whether any traveler but id whom the records name is on
// record.
func (t *Tx) anybodyLeft(all []FileRecord, id travel.TravelerID) (bool, error) {
	for _, r := range all {
		for _, other := range []travel.TravelerID{r.Kept, r.Other} {
			if other == id || StandsIn(other) {
				continue
			}
			if key, err := t.KeyOf(other); err != nil || key != "" {
				return true, err
			}
		}
	}
	return false, nil
}

// standInOf is made of the first record that names the traveler, so that it
// tells nothing of the traveler, and two never have the same.
func standInOf(id travel.TravelerID, all []FileRecord) travel.TravelerID {
	for _, r := range all {
		switch id {
		case r.Kept:
			return travel.TravelerID(fmt.Sprint(standIn, r.ID, "-kept"))
		case r.Other:
			return travel.TravelerID(fmt.Sprint(standIn, r.ID, "-other"))
		}
	}
	return id
}

func (t *Tx) dropFileRecord(r FileRecord, id travel.TravelerID, openings time.Time) error {
	err := t.exec(`UPDATE audit SET due = $2, owner = CASE WHEN owner = '' THEN $3 ELSE owner END WHERE subject = $1 AND due = 0`, r.ID, micros(openings), string(id))
	if err != nil {
		return err
	}
	return t.exec(`DELETE FROM file_records WHERE id = $1`, r.ID)
}

// renameInFile keeps of a record what the files of others rest on: not what was
// compared, nor the erased traveler's stays. Who made it and why was sealed with
// the kept traveler's key.
func (t *Tx) renameInFile(r FileRecord, id, as travel.TravelerID, openings, now time.Time) error {
	if r.Kept == id {
		r.Kept = as
		if err := t.exec(`UPDATE file_records SET said = $2 WHERE id = $1`, r.ID, []byte{}); err != nil {
			return err
		}
	}
	if r.Other == id {
		r.Other = as
	}
	if m := r.Match; m != nil {
		r.Match = &linkage.Match{Candidate: m.Candidate, Strength: m.Strength}
		if m.Candidate == id {
			r.Match.Candidate = as
		}
	}
	r.Before = slices.DeleteFunc(r.Before, func(s Stay) bool { return s.Traveler == id })
	if err := t.supersede(string(r.ID), "file", id, openings); err != nil {
		return err
	}
	err := t.exec(`UPDATE file_records SET kept = $2, other = $3, detail = $4 WHERE id = $1`, r.ID, r.Kept, r.Other, string(r.Detail()))
	if err != nil {
		return err
	}
	return t.auditErased(now, "file", string(r.ID), r.Detail())
}

// supersede says when what opens the entries about somebody else's record ends,
// which name the erased traveler: with the entries about that traveler.
func (t *Tx) supersede(subject, action string, id travel.TravelerID, openings time.Time) error {
	return t.exec(`UPDATE audit SET due = $3, owner = CASE WHEN owner = '' THEN $4 ELSE owner END WHERE subject = $1 AND action = $2 AND due = 0`,
		subject, action, micros(openings), string(id))
}

// auditErased writes how a record stands without whom it named.
func (t *Tx) auditErased(now time.Time, action, subject string, detail []byte) error {
	return t.Audit(audit.Entry{At: now, Actor: "limen", Action: action, Subject: subject, Purpose: "retention: whom it named is erased", Detail: detail})
}

// evidence is what a lead's evidence says of people.
type evidence struct {
	Matches []linkage.Match `json:"matches"`
	More    bool            `json:"more,omitempty"`
}

func evidenceOf(l Lead) (e evidence) {
	_ = json.Unmarshal(l.Evidence, &e) // what is none names nobody
	return e
}

// putCandidates notes whom a lead's evidence names, to find the lead by.
func (t *Tx) putCandidates(l Lead) error {
	if len(l.Evidence) == 0 { // as at the gate
		return nil
	}
	if err := t.exec(`DELETE FROM lead_candidates WHERE lead = $1`, l.ID); err != nil {
		return err
	}
	for _, m := range evidenceOf(l).Matches {
		if err := t.exec(`INSERT INTO lead_candidates (lead, traveler) VALUES ($1, $2) ON CONFLICT (lead, traveler) DO NOTHING`, l.ID, m.Candidate); err != nil {
			return err
		}
	}
	return nil
}

// forgetInLeads takes a traveler out of the evidence on others' leads. A lead
// that then names nobody any more is cleared.
func (t *Tx) forgetInLeads(id travel.TravelerID, openings, now time.Time) error {
	leads, err := list(t, scanLead, `SELECT `+LeadColumns+` FROM lead_candidates c JOIN leads l ON l.id = c.lead WHERE c.traveler = $1 AND l.traveler <> $1 ORDER BY l.id`, id)
	if err != nil {
		return err
	}
	for _, l := range leads {
		e := evidenceOf(l)
		e.Matches = slices.DeleteFunc(e.Matches, func(m linkage.Match) bool { return m.Candidate == id })
		l.Evidence = json.RawMessage(toJSON(e))
		if len(e.Matches) == 0 && l.Kind == stay.PossibleMatch && l.Open() {
			l.Clearing = Clearing{Cleared: now, How: Corrected, By: "limen"}
		}
		if err := t.supersede(l.ID, "lead", id, openings); err != nil {
			return err
		}
		err := t.exec(`UPDATE leads SET evidence = $2, cleared = $3, how = $4, cleared_by = $5 WHERE id = $1`, l.ID, string(l.Evidence), micros(l.Cleared), l.How, l.By)
		if err != nil {
			return err
		}
		if err := t.auditErased(now, "lead", l.ID, l.Detail()); err != nil {
			return err
		}
	}
	return nil
}
