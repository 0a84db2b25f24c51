package linkage_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"limen/errs"
	"limen/linkage"
	"limen/travel"
)

func head(id string) linkage.Head {
	return linkage.Head{ID: linkage.RecordID(id), Officer: "officer-1", Reason: "looked at both", At: time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)}
}

// drawRecord draws a record of a small world, in which files and items meet
// often. Many are refused.
func drawRecord(r *rapid.T, n int, made []linkage.RecordID) linkage.Record {
	file := func(label string) travel.TravelerID {
		return travel.TravelerID(fmt.Sprintf("t%d", rapid.IntRange(0, 5).Draw(r, label)))
	}
	h := head(fmt.Sprintf("r%d", n))
	switch k := rapid.IntRange(0, 3).Draw(r, "kind"); {
	case k <= 1:
		return linkage.Merge{Head: h, Kept: file("kept"), Merged: file("merged"), Match: linkage.Match{Strength: linkage.Weak}}
	case k == 2:
		items := rapid.SliceOfNDistinct(rapid.IntRange(0, 4), 1, 3, rapid.ID[int]).Draw(r, "items")
		s := linkage.Split{Head: h, From: file("from"), To: travel.TravelerID(fmt.Sprintf("n%d", n))}
		for _, i := range items {
			s.Items = append(s.Items, item(i))
		}
		return s
	}
	of := linkage.RecordID("none")
	if len(made) > 0 {
		of = rapid.SampledFrom(made).Draw(r, "of")
	}
	return linkage.Undo{Head: h, Of: of}
}

func item(i int) linkage.Item {
	return linkage.Item{Kind: linkage.CrossingItem, ID: fmt.Sprintf("x%d", i)}
}

// drawRecords draws records that are all accepted.
func drawRecords(r *rapid.T) (records []linkage.Record) {
	files, _ := linkage.Current(nil)
	var made []linkage.RecordID
	for n := range rapid.IntRange(0, 25).Draw(r, "records") {
		rec := drawRecord(r, n, made)
		if err := files.Append(rec); err == nil {
			records = append(records, rec)
			made = append(made, linkage.RecordID(fmt.Sprintf("r%d", n)))
		} else if k := errs.KindOf(err); k != errs.Conflict && k != errs.Invalid {
			r.Fatalf("%v: %v", k, err)
		}
	}
	return records
}

// state is where every file and item lies.
func state(t interface{ Fatal(...any) }, records []linkage.Record) string {
	files, err := linkage.Current(records)
	if err != nil {
		t.Fatal(err)
	}
	return stateOf(files)
}

func stateOf(files *linkage.Files) (s string) {
	for i := range 6 {
		id := travel.TravelerID(fmt.Sprintf("t%d", i))
		s += fmt.Sprintf("%s in %s; ", id, files.Of(id))
		s += fmt.Sprintf("x%d in %s; ", i, files.OfItem(id, item(i)))
	}
	return s
}

// Undoing restores exactly what was before, whatever stood before.
func TestUndoRestores(t *testing.T) {
	done := 0
	rapid.Check(t, func(r *rapid.T) {
		records := drawRecords(r)
		before := state(r, records)
		files, _ := linkage.Current(records)
		var made []linkage.RecordID
		rec := drawRecord(r, 100, made)
		if _, undo := rec.(linkage.Undo); undo || files.Append(rec) != nil {
			return
		}
		done++
		if err := files.Append(linkage.Undo{Head: head("u"), Of: "r100"}); err != nil {
			r.Fatal(err)
		}
		if after := stateOf(files); after != before {
			r.Fatalf("before %s\nafter  %s", before, after)
		}
	})
	if done < 10 {
		t.Errorf("only %d records were undone", done)
	}
}

// A merge or split that was undone, in whatever order, is as if it and its undo
// had never been on record, where the others could stand without them.
func TestUndoneIsAsIfNever(t *testing.T) {
	compared := 0
	rapid.Check(t, func(r *rapid.T) {
		records := drawRecords(r)
		for _, rec := range records {
			u, is := rec.(linkage.Undo)
			if !is {
				continue
			}
			without := slices.DeleteFunc(slices.Clone(records), func(x linkage.Record) bool { return idOf(x) == u.ID || idOf(x) == u.Of })
			if _, err := linkage.Current(without); err != nil {
				continue // another record needs this one to have been there
			}
			compared++
			if a, b := state(r, records), state(r, without); a != b {
				r.Fatalf("with %s and %s: %s\nwithout: %s", u.Of, u.ID, a, b)
			}
		}
	})
	if compared < 10 {
		t.Errorf("only %d histories were compared", compared)
	}
}

func idOf(r linkage.Record) linkage.RecordID {
	switch r := r.(type) {
	case linkage.Merge:
		return r.ID
	case linkage.Split:
		return r.ID
	case linkage.Undo:
		return r.ID
	}
	return ""
}

// All undone, in any order, leaves everything where it was at first.
func TestAllUndone(t *testing.T) {
	first := state(t, nil)
	rapid.Check(t, func(r *rapid.T) {
		files, _ := linkage.Current(nil)
		var stands []linkage.RecordID
		for _, rec := range drawRecords(r) {
			if err := files.Append(rec); err != nil {
				r.Fatal(err)
			}
		}
		for n := range 25 {
			if id := linkage.RecordID(fmt.Sprintf("r%d", n)); files.Stands(id) {
				stands = append(stands, id)
			}
		}
		for i, id := range rapid.Permutation(stands).Draw(r, "order") {
			if err := files.Append(linkage.Undo{Head: head(fmt.Sprintf("u%d", i)), Of: id}); err != nil {
				r.Fatal(err)
			}
		}
		if got := stateOf(files); got != first {
			r.Fatalf("%s\nat first %s", got, first)
		}
	})
}

// A refused record leaves everything as it was, and may be made again.
func TestRefusedChangesNothing(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		records := drawRecords(r)
		files, _ := linkage.Current(records)
		before := stateOf(files)
		rec := drawRecord(r, 200, []linkage.RecordID{"r0", "r1", "r2"})
		if files.Append(rec) == nil {
			return
		}
		if after := stateOf(files); after != before || files.Stands("r200") {
			r.Fatalf("before %s\nafter  %s", before, after)
		}
	})
}

func TestCheckRefuses(t *testing.T) {
	good := linkage.Merge{Head: head("m"), Kept: "t1", Merged: "t2", Match: linkage.Match{Strength: linkage.Weak}}
	split := linkage.Split{Head: head("s"), From: "t1", To: "t9", Items: []linkage.Item{item(1)}}
	byRule := func(s linkage.Strength) linkage.Merge {
		m := good
		m.Officer, m.Reason, m.Rule, m.Match.Strength = "", "", "linkage", s
		return m
	}
	with := func(change func(*linkage.Merge)) linkage.Record { m := good; change(&m); return m }
	splitWith := func(change func(*linkage.Split)) linkage.Record { s := split; change(&s); return s }
	for name, c := range map[string]struct {
		record linkage.Record
		code   string
	}{
		"an officer's weak merge":  {good, ""},
		"a rule's strong merge":    {byRule(linkage.Strong), ""},
		"a rule's confirmed merge": {byRule(linkage.Confirmed), ""},
		"a rule's weak merge":      {byRule(linkage.Weak), "linkage-officer"},
		"a rule's unproven merge":  {byRule(""), "linkage-officer"},
		"no id":                    {with(func(m *linkage.Merge) { m.ID = "" }), "linkage-record"},
		"no time":                  {with(func(m *linkage.Merge) { m.At = time.Time{} }), "linkage-record"},
		"nobody":                   {with(func(m *linkage.Merge) { m.Officer = " " }), "linkage-record"},
		"an officer and a rule":    {with(func(m *linkage.Merge) { m.Rule = "linkage" }), "linkage-record"},
		"no reason":                {with(func(m *linkage.Merge) { m.Reason = "" }), "linkage-record"},
		"into itself":              {with(func(m *linkage.Merge) { m.Merged = m.Kept }), "linkage-record"},
		"into nothing":             {with(func(m *linkage.Merge) { m.Kept = "" }), "linkage-record"},
		"a split":                  {split, ""},
		"a rule's split":           {splitWith(func(s *linkage.Split) { s.Officer, s.Reason, s.Rule = "", "", "x" }), "linkage-officer"},
		"a split of nothing":       {splitWith(func(s *linkage.Split) { s.Items = nil }), "linkage-record"},
		"a split into itself":      {splitWith(func(s *linkage.Split) { s.To = s.From }), "linkage-record"},
		"an item of no kind":       {splitWith(func(s *linkage.Split) { s.Items = []linkage.Item{{ID: "x"}} }), "linkage-record"},
		"an item twice":            {splitWith(func(s *linkage.Split) { s.Items = []linkage.Item{item(1), item(1)} }), "linkage-record"},
		"an undo of nothing":       {linkage.Undo{Head: head("u")}, "linkage-record"},
		"a pointer":                {&good, "linkage-record"},
	} {
		if err := linkage.Check(c.record); errs.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", name, err, c.code)
		}
	}
	if _, err := linkage.Current([]linkage.Record{good, good}); errs.CodeOf(err) != "linkage-state" {
		t.Errorf("one id twice: %v", err)
	}
	if _, err := linkage.Current([]linkage.Record{good, splitWith(func(s *linkage.Split) { s.To = "t2" })}); errs.CodeOf(err) != "linkage-state" {
		t.Errorf("a split into a known file: %v", err)
	}
}
