package app

import (
	"cmp"
	"slices"
	"time"

	"limen/internal/store"
	"limen/linkage"
	"limen/travel"
)

// files is whose file each traveler's id belongs to, as far as one traveler is
// concerned.
type files struct {
	*linkage.Files
	records []store.FileRecord
	all     []travel.TravelerID // that any record names
}

// maxFiles bounds how many files that were ever merged with each other are
// looked at.
const maxFiles = 64

// filesOf folds what was done to a traveler's file and to those that have to do
// with it. Most travelers have no such record, which one question tells.
func filesOf(tx *store.Tx, id travel.TravelerID) (*files, error) {
	f := &files{all: []travel.TravelerID{id}}
	for i := 0; i < len(f.all) && i < maxFiles; i++ {
		rs, err := tx.FileRecords(f.all[i])
		if err != nil {
			return nil, err
		}
		f.join(&files{records: rs})
	}
	return f, f.fold()
}

// join adds what is known of other files.
func (f *files) join(o *files) {
	for _, r := range o.records {
		if slices.ContainsFunc(f.records, func(x store.FileRecord) bool { return x.ID == r.ID }) {
			continue
		}
		f.records = append(f.records, r)
		for _, id := range []travel.TravelerID{r.Kept, r.Other} {
			if !slices.Contains(f.all, id) {
				f.all = append(f.all, id)
			}
		}
	}
	slices.SortStableFunc(f.records, func(a, b store.FileRecord) int { return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID)) })
}

// fold says what all records together make of the files.
func (f *files) fold() (err error) {
	var rs []linkage.Record
	for _, r := range f.records {
		rs = append(rs, r.Record())
	}
	f.Files, err = linkage.Current(rs)
	return err
}

// members returns the other travelers whose file is the same as id's.
func (f *files) members(id travel.TravelerID) (out []travel.TravelerID) {
	for _, other := range f.all {
		if other != id && f.Of(other) == f.Of(id) {
			out = append(out, other)
		}
	}
	return out
}

// add checks a record against those before it and adds it, as the last.
func (f *files) add(r store.FileRecord) (store.FileRecord, error) {
	r.At = r.At.UTC().Truncate(time.Microsecond)
	if n := len(f.records); n > 0 && !r.At.After(f.records[n-1].At) {
		r.At = f.records[n-1].At.Add(time.Microsecond)
	}
	f.join(&files{records: []store.FileRecord{r}})
	return r, f.fold()
}

// parted reports whether a person took back a merge of two files that a and b,
// or others whose file is now the same as theirs, were parts of: no rule puts
// them together again.
func (f *files) parted(a, b travel.TravelerID) bool {
	as, bs := append(f.members(a), a), append(f.members(b), b)
	for i, m := range f.records {
		undone := slices.ContainsFunc(f.records, func(r store.FileRecord) bool { return r.Kind == store.Undone && r.Undoes == m.ID })
		if m.Kind != store.Merged || !undone {
			continue
		}
		then := &files{records: f.records[:i], all: f.all}
		if then.fold() != nil {
			return true
		}
		in := func(ids []travel.TravelerID, file travel.TravelerID) bool {
			return slices.ContainsFunc(ids, func(id travel.TravelerID) bool { return then.Of(id) == file })
		}
		if in(as, m.Kept) && in(bs, m.Other) || in(as, m.Other) && in(bs, m.Kept) {
			return true
		}
	}
	return false
}
