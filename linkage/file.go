package linkage

import (
	"strings"
	"time"

	"limen/errs"
	"limen/travel"
)

// RecordID names one record of what was done to travelers' files.
type RecordID string

// Record is a Merge, a Split or an Undo. Records are append-only: what was done
// wrong is undone by another record.
type Record interface {
	head() Head
}

// Head is what every record has: who did it, why and when.
type Head struct {
	ID RecordID `json:"id"`
	// Officer is set if a person did it, Rule if a written rule did; never both,
	// never neither. A person gives a reason.
	Officer string    `json:"officer,omitempty"`
	Rule    string    `json:"rule,omitempty"`
	Reason  string    `json:"reason,omitempty"`
	At      time.Time `json:"at"`
}

func (h Head) head() Head { return h }

// Merge puts the file Merged into the file Kept: both are of one person. A rule
// merges on a confirmed or strong match only; a weak one needs an officer.
type Merge struct {
	Head
	Kept   travel.TravelerID `json:"kept"`
	Merged travel.TravelerID `json:"merged"`
	Match  Match             `json:"match"`
}

// Split takes items of the file From out to a new file To: they are of another
// person. It needs an officer.
type Split struct {
	Head
	From  travel.TravelerID `json:"from"`
	To    travel.TravelerID `json:"to"`
	Items []Item            `json:"items"`
}

// Undo takes one merge or split back, in whatever order; the others stand. What
// came to the kept file after a merge stays there. An undo is not undone: do
// anew what it took back.
type Undo struct {
	Head
	Of RecordID `json:"of"`
}

// ItemKind is the kind of thing that lies in a file. Its zero value is
// unspecified and is refused.
type ItemKind string

// The kinds of item.
const (
	CrossingItem ItemKind = "crossing"
	DocumentItem ItemKind = "document"
)

// Item is one crossing or document of a file, by limen's own id of it: a
// document's is the digest that the store finds it by, never its number.
type Item struct {
	Kind ItemKind `json:"kind"`
	ID   string   `json:"id"`
}

// Check returns an Invalid error (code "linkage-record") unless the record says
// what it is about, who did it, when, and why if it was a person; and a
// Forbidden one (code "linkage-officer") if a rule did what takes an officer.
func Check(r Record) error {
	h, why := r.head(), ""
	switch {
	case h.ID == "" || h.At.IsZero():
		why = "needs its id and time"
	case (strings.TrimSpace(h.Officer) == "") == (strings.TrimSpace(h.Rule) == ""):
		why = "needs either the officer or the rule that made it"
	case h.Rule == "" && strings.TrimSpace(h.Reason) == "":
		why = "of an officer needs a reason"
	default:
		return checkBody(r)
	}
	return errs.New(errs.Invalid, "linkage-record", "a linkage record %s", why)
}

func checkBody(r Record) error {
	why := ""
	switch r := r.(type) {
	case Merge:
		if r.Rule != "" && r.Match.Strength != Confirmed && r.Match.Strength != Strong {
			return errs.New(errs.Forbidden, "linkage-officer", "a rule merges on a confirmed or strong match only; this one is a lead for an officer")
		}
		if r.Kept == "" || r.Merged == "" || r.Kept == r.Merged {
			why = "a merge needs two files"
		}
	case Split:
		if r.Rule != "" {
			return errs.New(errs.Forbidden, "linkage-officer", "no rule splits a file: it takes an officer")
		}
		why = checkSplit(r)
	case Undo:
		if r.Of == "" {
			why = "an undo needs the record that it takes back"
		}
	default:
		why = "a linkage record is a merge, a split or an undo"
	}
	if why == "" {
		return nil
	}
	return errs.New(errs.Invalid, "linkage-record", "%s", why)
}

func checkSplit(s Split) string {
	if s.From == "" || s.To == "" || s.From == s.To {
		return "a split needs the file and a new one"
	}
	if len(s.Items) == 0 {
		return "a split needs what it takes out"
	}
	seen := make(map[Item]bool, len(s.Items))
	for _, it := range s.Items {
		if it.ID == "" || it.Kind != CrossingItem && it.Kind != DocumentItem {
			return "an item is a crossing or a document with its id"
		}
		if seen[it] {
			return "a split names an item twice"
		}
		seen[it] = true
	}
	return ""
}
