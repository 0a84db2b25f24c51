package scenario

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"limen/errs"
	"limen/linkage"
	"limen/travel"
)

func (s *linkageCase) head(id, by string) linkage.Head {
	h := linkage.Head{ID: linkage.RecordID(id), At: time.Date(2026, 11, 23, 12, 0, len(s.records), 0, time.UTC)}
	if by == "rule" {
		h.Rule = "linkage"
		return h
	}
	h.Officer, h.Reason = by, "looked at both"
	return h
}

// readMerge reads ID keep FILE take FILE by officer|rule [STRENGTH].
func (s *linkageCase) readMerge(args []string) error {
	if len(args) < 7 || args[1] != "keep" || args[3] != "take" || args[5] != "by" {
		return fmt.Errorf("a merge is written as ID keep FILE take FILE by officer|rule STRENGTH")
	}
	s.records = append(s.records, linkage.Merge{Head: s.head(args[0], args[6]), Kept: travel.TravelerID(args[2]), Merged: travel.TravelerID(args[4]),
		Match: linkage.Match{Candidate: travel.TravelerID(args[2]), Strength: linkage.Strength(strings.Join(args[7:], " "))}})
	return nil
}

// readSplit reads ID from FILE to FILE CROSSING… by officer|rule.
func (s *linkageCase) readSplit(args []string) error {
	n := len(args) - 2
	if n < 6 || args[1] != "from" || args[3] != "to" || args[n] != "by" {
		return fmt.Errorf("a split is written as ID from FILE to FILE CROSSING by officer|rule")
	}
	split := linkage.Split{Head: s.head(args[0], args[n+1]), From: travel.TravelerID(args[2]), To: travel.TravelerID(args[4])}
	for _, x := range args[5:n] {
		split.Items = append(split.Items, linkage.Item{Kind: linkage.CrossingItem, ID: x})
	}
	s.records = append(s.records, split)
	return nil
}

// readUndo reads ID of RECORD by officer|rule.
func (s *linkageCase) readUndo(args []string) error {
	if len(args) != 5 || args[1] != "of" || args[3] != "by" {
		return fmt.Errorf("an undo is written as ID of RECORD by officer|rule")
	}
	s.records = append(s.records, linkage.Undo{Head: s.head(args[0], args[4]), Of: linkage.RecordID(args[2])})
	return nil
}

// readCrossing reads ID of FILE: what was recorded where.
func (s *linkageCase) readCrossing(args []string) error {
	if len(args) != 3 || args[1] != "of" {
		return fmt.Errorf("a crossing is written as ID of FILE")
	}
	s.items = append(s.items, linkageItem{linkage.Item{Kind: linkage.CrossingItem, ID: args[0]}, travel.TravelerID(args[2])})
	return nil
}

// filed tells where every file and crossing lies after the records, and which
// records were refused.
func (s *linkageCase) filed() (out []string) {
	files, err := linkage.Current(nil)
	if err != nil {
		return []string{err.Error()}
	}
	ids := map[travel.TravelerID]bool{}
	for _, r := range s.records {
		if err := files.Append(r); err != nil {
			out = append(out, fmt.Sprintf("refused %s", errs.CodeOf(err)))
		}
		switch r := r.(type) {
		case linkage.Merge:
			ids[r.Kept], ids[r.Merged] = true, true
		case linkage.Split:
			ids[r.From] = true
		}
	}
	for id := range ids {
		out = append(out, fmt.Sprintf("%s is in %s", id, files.Of(id)))
	}
	for _, it := range s.items {
		out = append(out, fmt.Sprintf("%s is in %s", it.ID, files.OfItem(it.home, it.Item)))
	}
	slices.Sort(out)
	return out
}
