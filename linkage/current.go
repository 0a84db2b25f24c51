package linkage

import (
	"slices"

	"limen/errs"
	"limen/travel"
)

// Files says which file each traveler's id and each item belongs to. Make one
// with Current. It is not safe for use while Append runs.
type Files struct {
	into  map[travel.TravelerID]travel.TravelerID // merged file → the one that kept it
	moved map[Item][]move                         // the last that stands counts
	known map[travel.TravelerID]bool              // all that a record names
	done  map[RecordID]Record                     // all records
	gone  map[RecordID]bool                       // merges and splits that were undone
}

type move struct {
	by RecordID
	to travel.TravelerID
}

// Current folds records, in the order in which they were made. Whatever was
// undone has no effect: the answer is as if it and its undo were not there.
// It returns the error of the first record that Append refuses.
func Current(records []Record) (*Files, error) {
	f := &Files{into: map[travel.TravelerID]travel.TravelerID{}, moved: map[Item][]move{}, known: map[travel.TravelerID]bool{},
		done: map[RecordID]Record{}, gone: map[RecordID]bool{}}
	for _, r := range records {
		if err := f.Append(r); err != nil {
			return nil, err
		}
	}
	return f, nil
}

// Append adds a record. Errors are those of Check, and Conflict, code
// "linkage-state": a record of the same id, a merge of a file that is merged
// already or into one that is (so there are no cycles), a split to a file that
// is not new, of an item that lies elsewhere, an undo of what does not stand.
// After an error f is as before.
func (f *Files) Append(r Record) error {
	if err := Check(r); err != nil {
		return err
	}
	if f.done[r.head().ID] != nil {
		return conflict("there is a record of this id already")
	}
	var err error
	switch r := r.(type) {
	case Merge:
		err = f.merge(r)
	case Split:
		err = f.split(r)
	case Undo:
		err = f.undo(r)
	}
	if err == nil {
		f.done[r.head().ID] = r
	}
	return err
}

func conflict(why string) error { return errs.New(errs.Conflict, "linkage-state", "%s", why) }

func (f *Files) merge(m Merge) error {
	if f.Of(m.Merged) != m.Merged {
		return conflict("the file to be merged is part of another already")
	}
	if f.Of(m.Kept) != m.Kept {
		return conflict("the file to be kept is part of another: name that one")
	}
	f.into[m.Merged] = m.Kept
	f.known[m.Merged], f.known[m.Kept] = true, true
	return nil
}

func (f *Files) split(s Split) error {
	if f.Of(s.From) != s.From {
		return conflict("the file to be split is part of another: name that one")
	}
	if f.known[s.To] {
		return conflict("a split makes a new file; this one is known")
	}
	for _, it := range s.Items {
		if m := f.moved[it]; len(m) > 0 && f.Of(m[len(m)-1].to) != s.From {
			return conflict("an item of the split lies in another file")
		}
	}
	for _, it := range s.Items {
		f.moved[it] = append(f.moved[it], move{s.ID, s.To})
	}
	f.known[s.From], f.known[s.To] = true, true
	return nil
}

func (f *Files) undo(u Undo) error {
	old := f.done[u.Of]
	if old == nil || f.gone[u.Of] {
		return conflict("there is no such record that stands")
	}
	switch old := old.(type) {
	case Merge:
		delete(f.into, old.Merged)
	case Split:
		for _, it := range old.Items {
			f.moved[it] = slices.DeleteFunc(f.moved[it], func(m move) bool { return m.by == u.Of })
		}
	default:
		return conflict("an undo is not undone: do anew what it took back")
	}
	f.gone[u.Of] = true
	return nil
}

// Of returns the file that a traveler's id belongs to: id itself, unless that
// was merged.
func (f *Files) Of(id travel.TravelerID) travel.TravelerID {
	for next, merged := f.into[id]; merged; next, merged = f.into[id] {
		id = next
	}
	return id
}

// OfItem returns the file that an item lies in, which was put under home when
// it was recorded.
func (f *Files) OfItem(home travel.TravelerID, it Item) travel.TravelerID {
	if m := f.moved[it]; len(m) > 0 {
		home = m[len(m)-1].to
	}
	return f.Of(home)
}

// Stands reports whether a merge or a split is on record and not undone.
func (f *Files) Stands(id RecordID) bool {
	_, undo := f.done[id].(Undo)
	return f.done[id] != nil && !undo && !f.gone[id]
}
