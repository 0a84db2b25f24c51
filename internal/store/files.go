package store

import (
	"fmt"
	"strings"
	"time"

	"limen/errs"
	"limen/internal/seal"
	"limen/linkage"
	"limen/travel"
)

// linkIndex is how a traveler is found by a blocking key: whoever reads the
// table learns nothing of the person.
func (t *Tx) linkIndex(key string) ([]byte, error) {
	if t.store.vault == nil {
		return nil, errNoVault()
	}
	return t.store.vault.Index("link", key), nil
}

// PutLinkKeys notes under which blocking keys a traveler is found; those there
// are stay.
func (t *Tx) PutLinkKeys(id travel.TravelerID, keys []string) error {
	args, values := []any{id}, []string{}
	for i, k := range keys {
		digest, err := t.linkIndex(k)
		if err != nil {
			return err
		}
		args, values = append(args, digest), append(values, fmt.Sprintf("($%d, $1)", i+2))
	}
	if len(values) == 0 {
		return nil
	}
	return t.exec(`INSERT INTO link_keys (digest, traveler) VALUES `+strings.Join(values, ", ")+` ON CONFLICT (digest, traveler) DO NOTHING`, args...)
}

// DeleteLinkKeys makes a traveler be found by no key any more: a citizen.
func (t *Tx) DeleteLinkKeys(id travel.TravelerID) error {
	return t.exec(`DELETE FROM link_keys WHERE traveler = $1`, id)
}

// FileKind is what was done to travelers' files. Its zero value is unspecified.
type FileKind string

// The kinds of record about files.
const (
	Merged FileKind = "merge"
	Split  FileKind = "split"
	Undone FileKind = "undo"
)

// FileRecord is the record of a merge, a split or an undo: what linkage.Current
// folds, and what it did to stays.
type FileRecord struct {
	ID   linkage.RecordID `json:"id"`
	Kind FileKind         `json:"kind"`
	// Kept is the file that stays, or was split; Other the one that was merged
	// into it, or is new.
	Kept  travel.TravelerID `json:"kept"`
	Other travel.TravelerID `json:"other"`
	// Undoes is what an undo takes back.
	Undoes linkage.RecordID `json:"undoes,omitempty"`
	// Crossing is the departure that a merge was made for.
	Crossing travel.CrossingID `json:"crossing,omitempty"`
	Match    *linkage.Match    `json:"match,omitempty"`
	Items    []linkage.Item    `json:"items,omitempty"`
	// Before are the stays that it changed, as they were.
	Before []Stay    `json:"before,omitempty"`
	Rule   string    `json:"rule,omitempty"`
	By     string    `json:"by"` // the key, or the rule
	At     time.Time `json:"at"`
	// Officer and Reason are sealed with the kept traveler's key.
	Officer string `json:"-"`
	Reason  string `json:"-"`
}

// Record is what linkage.Current folds. It is made of nothing that is sealed: it
// stays the same when a key is destroyed.
func (r FileRecord) Record() linkage.Record {
	h := linkage.Head{ID: r.ID, Rule: r.Rule, At: r.At}
	if r.Rule == "" { // who it was and why is checked when it is written
		h.Officer, h.Reason = r.By, "sealed"
	}
	switch r.Kind {
	case Split:
		return linkage.Split{Head: h, From: r.Kept, To: r.Other, Items: r.Items}
	case Undone:
		return linkage.Undo{Head: h, Of: r.Undoes}
	}
	m := linkage.Merge{Head: h, Kept: r.Kept, Merged: r.Other}
	if r.Match != nil {
		m.Match = *r.Match
	}
	return m
}

// Detail is the form in which the record stands in the audit log.
func (r FileRecord) Detail() []byte {
	r.At = r.At.UTC().Truncate(time.Microsecond)
	return []byte(toJSON(r))
}

// fileContext is that of who changed a file and why.
func fileContext(id travel.TravelerID) seal.Context {
	return seal.Context{Subject: string(id), Class: record, Kind: "file-said"}
}

// InsertFileRecord adds a record about files. Who made it and why is sealed with
// the kept traveler's key.
func (t *Tx) InsertFileRecord(r FileRecord) error {
	if (r.Rule == "") != (r.Officer != "" && r.Reason != "") {
		return errs.New(errs.Broken, "file-record", "a record about files is a rule's, or has an officer and a reason")
	}
	for _, id := range []travel.TravelerID{r.Kept, r.Other} {
		if key, err := t.KeyOf(id); err != nil {
			return err
		} else if key == "" {
			return errs.New(errs.Broken, "store", "a record about files names a traveler who is not on record")
		}
	}
	sealed := []byte{}
	if r.Officer != "" {
		key, err := t.KeyOf(r.Kept)
		if err != nil {
			return err
		}
		if sealed, err = t.seal(key, fileContext(r.Kept), []byte(toJSON(said{r.Officer, r.Reason}))); err != nil {
			return err
		}
	}
	if t.group != nil { // known no more: it may be undone
		delete(t.group.fetched.files, string(r.Kept))
		delete(t.group.fetched.files, string(r.Other))
	}
	return t.exec(`INSERT INTO file_records (id, kind, kept, other, undoes, crossing, rule, detail, said, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)`,
		r.ID, r.Kind, r.Kept, r.Other, r.Undoes, r.Crossing, r.Rule, string(r.Detail()), sealed, micros(r.At))
}

func (t *Tx) scanFileRecord(row func(...any) error) (r FileRecord, err error) {
	var sealed []byte
	var key string
	if err = row(jsonColumn{&r}, &sealed, &key); err != nil || len(sealed) == 0 {
		return r, err
	}
	var s said
	_, err = t.openJSON(key, fileContext(r.Kept), sealed, &s)
	r.Officer, r.Reason = s.Officer, s.Reason
	return r, err
}

const fileColumns = `f.detail, f.said, coalesce(t.key_id, '') FROM file_records f LEFT JOIN travelers t ON t.id = f.kept`

// FileRecord returns a record about files, or nil.
func (t *Tx) FileRecord(id linkage.RecordID) (*FileRecord, error) {
	return first(t, t.scanFileRecord, `SELECT `+fileColumns+` WHERE f.id = $1`, id)
}

// FileRecords returns what was done to a traveler's file, in the order in which
// it was done, without what is sealed: the gate asks it.
func (t *Tx) FileRecords(id travel.TravelerID) ([]FileRecord, error) {
	if t.group != nil {
		if some, known := t.group.fetched.files[string(id)]; known && !some {
			return nil, nil
		}
	}
	return peek(t, func(row func(...any) error) (r FileRecord, err error) { err = row(jsonColumn{&r}); return r, err },
		`SELECT detail FROM file_records WHERE kept = $1 OR other = $1 ORDER BY at, id`, id)
}

// Departed returns the open unmatched departures, on day or later, of travelers
// who are found under one of the keys, that were compared before.
func (t *Tx) Departed(keys []string, day travel.Day) (out []Lead, err error) {
	found := map[string]bool{}
	for _, k := range keys {
		digest, err := t.linkIndex(k)
		if err != nil {
			return nil, err
		}
		some, err := list(t, scanLead, `SELECT `+LeadColumns+` FROM link_keys k JOIN leads l ON l.traveler = k.traveler
			WHERE k.digest = $1 AND l.kind = 'unmatched-departure' AND l.cleared = 0 AND l.compared <> 0 AND l.day >= $2 ORDER BY l.id`, digest, day.String())
		if err != nil {
			return nil, err
		}
		for _, l := range some {
			if !found[l.ID] {
				found[l.ID] = true
				out = append(out, l)
			}
		}
	}
	return out, nil
}

// HasLinkKeys reports whether a traveler is found under each of the keys.
func (t *Tx) HasLinkKeys(id travel.TravelerID, keys []string) (bool, error) {
	for _, k := range keys {
		digest, err := t.linkIndex(k)
		if err != nil {
			return false, err
		}
		found, err := list(t, scanID, `SELECT traveler FROM link_keys WHERE digest = $1 AND traveler = $2`, digest, id)
		if err != nil || len(found) == 0 {
			return false, err
		}
	}
	return true, nil
}
