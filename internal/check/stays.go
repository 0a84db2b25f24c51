package check

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"

	"limen/internal/store"
	"limen/policy"
	"limen/travel"
)

// logged is a kind of record that the log has the last state of: the store is
// held against it, and the other way around.
type logged struct {
	action, rule, what string
	columns, table     string // the record's, of the table r, whose key is r.id
	// same reports whether the record is as the entry says, and whose it was
	// by the entry.
	same func(scan func(...any) error, detail *[]byte) (id string, same bool, err error)
	of   func(detail []byte) (travelers []string)
}

// loggeds are the records about stays. Overstays rest on them.
var loggeds = []logged{
	{"stay", "stay-altered", "stay", store.StayColumns, "admissions", sameStay, travelerOf},
	{"stay-change", "change-altered", "change of a stay", "r.id, r.admission, r.traveler, r.kind, r.day, r.corrects, r.void, r.detail, r.recorded", "stay_changes", sameChange, travelerOf},
	{"lead", "lead-altered", "lead", strings.ReplaceAll(store.LeadColumns, "l.", "r."), "leads", sameLead, travelerOf},
	{"file", "file-altered", "record about files", "r.id, r.kind, r.kept, r.other, r.undoes, r.crossing, r.rule, r.detail, r.at", "file_records", sameFile, filesOf},
}

// stays holds stays, their changes, leads and merges as they are now against
// the last that the audit log says of them.
func (c *checker) stays() error {
	for _, l := range loggeds {
		if err := c.logged(l); err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) logged(l logged) error {
	n := int64(0)
	err := c.Rows(func(scan func(...any) error) error {
		var detail []byte
		id, same, err := l.same(scan, &detail)
		if err != nil {
			return err
		}
		if n++; n%4096 == 0 {
			c.o.Progress(l.table, n, n)
		}
		if !same {
			c.violate(l.rule, id, "the "+l.what+" is not the last that the audit log says of it: it was altered")
		}
		return nil
	}, `SELECT a.detail, `+l.columns+` FROM audit a JOIN `+l.table+` r ON r.id = a.subject WHERE `+l.last())
	if err != nil {
		return err
	}
	c.count(l.table+" held against their leaf", n)
	// What opens the entry goes after the record, never before.
	err = c.ids(l.rule, "the audit log says nothing of this "+l.what+": it was put in",
		`SELECT r.id FROM `+l.table+` r LEFT JOIN audit a ON a.subject = r.id AND a.action = '`+l.action+`' AND length(a.salt) > 0 WHERE a.seq IS NULL`)
	if err != nil {
		return err
	}
	return c.gone(l)
}

// last picks what the log has last of a record, of what it has of all.
func (l logged) last() string {
	return `a.action = '` + l.action + `' AND length(a.salt) > 0
	AND NOT EXISTS (SELECT 1 FROM audit l WHERE l.subject = a.subject AND l.action = a.action AND l.seq > a.seq)`
}

// gone looks for records that the log knows and that went before their
// traveler: they go together.
func (c *checker) gone(l logged) error {
	return c.Rows(func(scan func(...any) error) error {
		var id, owner string
		var detail []byte
		var proved bool
		if err := scan(&id, &owner, &detail, &proved); err != nil {
			return err
		}
		whose := l.of(detail)
		standsIn := slices.ContainsFunc(whose, func(id string) bool { return store.StandsIn(travel.TravelerID(id)) })
		if !proved || !standsIn && !slices.Contains(whose, owner) {
			c.violate(l.rule, id, "the audit log speaks of this "+l.what+", which is not there, and its traveler was not erased")
		}
		return nil
	}, `SELECT a.subject, a.owner, a.detail, `+erased("a.owner")+` FROM audit a LEFT JOIN `+l.table+` r ON r.id = a.subject
		WHERE r.id IS NULL AND `+l.last())
}

func travelerOf(detail []byte) []string {
	var said struct{ Traveler string }
	if json.Unmarshal(detail, &said) != nil || said.Traveler == "" {
		return nil
	}
	return []string{said.Traveler}
}

func filesOf(detail []byte) []string {
	var said struct{ Kept, Other string }
	if json.Unmarshal(detail, &said) != nil {
		return nil
	}
	return []string{said.Kept, said.Other}
}

// sameStay also holds the day that overstays are searched by against the stay.
func sameStay(scan func(...any) error, detail *[]byte) (string, bool, error) {
	var until string
	s, err := store.ScanStay(func(dst ...any) error { return scan(append(append([]any{detail}, dst...), &until)...) })
	if err != nil {
		return "", false, err
	}
	var said store.Stay
	return s.ID, json.Unmarshal(*detail, &said) == nil && bytes.Equal(said.Detail(), s.Detail()) && until == s.Until().String(), nil
}

func sameLead(scan func(...any) error, detail *[]byte) (string, bool, error) {
	l, err := store.ScanLead(func(dst ...any) error { return scan(append([]any{detail}, dst...)...) })
	return l.ID, bytes.Equal(*detail, l.Detail()), err
}

// sameChange also holds the columns that a change is searched by against it.
func sameChange(scan func(...any) error, detail *[]byte) (string, bool, error) {
	var id, admission, traveler, kind, day, corrects, is string
	var void bool
	var recorded int64
	if err := scan(detail, &id, &admission, &traveler, &kind, &day, &corrects, &void, &is, &recorded); err != nil {
		return "", false, err
	}
	var c store.StayChange
	same := json.Unmarshal([]byte(is), &c) == nil && bytes.Equal([]byte(is), *detail) && c.ID == id && c.Admission == admission && string(c.Traveler) == traveler &&
		string(c.Kind) == kind && c.Day.String() == day && c.Corrects == corrects && c.Void == void && c.Recorded.UnixMicro() == recorded
	return id, same, nil
}

func sameFile(scan func(...any) error, detail *[]byte) (string, bool, error) {
	var id, kind, kept, other, undoes, crossing, rule, is string
	var at int64
	if err := scan(detail, &id, &kind, &kept, &other, &undoes, &crossing, &rule, &is, &at); err != nil {
		return "", false, err
	}
	var r store.FileRecord
	same := json.Unmarshal([]byte(is), &r) == nil && bytes.Equal([]byte(is), *detail) && string(r.ID) == id && string(r.Kind) == kind && string(r.Kept) == kept &&
		string(r.Other) == other && string(r.Undoes) == undoes && string(r.Crossing) == crossing && r.Rule == rule && r.At.UnixMicro() == at
	return id, same, nil
}

// scopes holds the scope that is searched by against the answer that it is
// from.
func (c *checker) scopes() error {
	return c.Rows(func(scan func(...any) error) error {
		var id, scope, answer string
		if err := scan(&id, &scope, &answer); err != nil {
			return err
		}
		var a policy.Decision
		if json.Unmarshal([]byte(answer), &a) != nil || string(a.Result) != scope {
			c.violate("passenger-scope", id, "the passenger's scope is not that of the answer it was taken from")
		}
		return nil
	}, `SELECT id, scope, answer FROM passengers`)
}
