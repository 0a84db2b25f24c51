package storetest

import (
	"encoding/json"
	"fmt"
	"time"

	"limen/crossing"
	"limen/internal/store"
	"limen/linkage"
	"limen/stay"
	"limen/travel"
)

var staySuite = []suiteTest{
	{"stays", stays},
	{"the last authorized day", untils},
	{"overdue stays, page by page", overdues},
	{"changes of stays", changes},
	{"leads", leads},
	{"leads, page by page", leadPages},
	{"who may have left", arrived},
	{"records about files", fileRecords},
	{"records about files when a key is destroyed", filesWithoutKey},
	{"whom others' records name is erased", erasedInOthers},
	{"a hold reaches whoever's files were merged", heldTogether},
	{"open leads are found without cleared ones", leadPlans},
	{"what a traveler's record takes with it", erasedWithTraveler},
	{"every stay, every departure", each},
}

func stays(d *db) {
	d.boarded()
	s, ds := admitted("a1", "t1", today.AddDays(10)), admitted("a2", "t2", travel.Day{})
	ds.DurationOfStatus, ds.Crossing, ds.Port, ds.Country = true, "", "", ""
	d.all(putStay(s), putStay(ds))
	openOf := func(id travel.TravelerID) *store.Stay {
		return read(d, func(tx *store.Tx) (*store.Stay, error) { return tx.OpenStay(id) })
	}
	overdue := func(n int) []store.Stay {
		return read(d, func(tx *store.Tx) ([]store.Stay, error) {
			return tx.OverdueStays(travel.Day{}, today.AddDays(n), store.Stay{}, 9)
		})
	}
	d.same("open", openOf("t1"), &s)
	d.same("D/S", openOf("t2"), &ds)
	d.same("on the last day", overdue(10), []store.Stay(nil))
	d.same("the day after; D/S never", overdue(11), []store.Stay{s})
	twice := s
	twice.ID = "a3"
	d.refused("two open stays of one traveler", putStay(twice))
	s.Closed, s.ClosedBy = today.AddDays(20), "x2"
	d.all(putStay(twice), putStay(s)) // in one write the order is the store's business
	d.same("a new one after the first is closed", openOf("t1"), &twice)
	admission := func(id string) *store.Stay {
		return read(d, func(tx *store.Tx) (*store.Stay, error) { return tx.Admission(id) })
	}
	d.same("by id", admission("a1"), &s)
	d.same("none", admission("a9"), (*store.Stay)(nil))
	d.same("overdue now", overdue(30), []store.Stay{twice})
	d.same("granted at", read(d, func(tx *store.Tx) (*store.Stay, error) { return tx.AdmissionAt("t1", "x9") }), (*store.Stay)(nil))
	d.same("granted at no crossing", read(d, func(tx *store.Tx) (*store.Stay, error) { return tx.AdmissionAt("t1", "") }), (*store.Stay)(nil))
	told := admitted("a9", "t3", today)
	told.Crossing = "x9"
	d.all(travelers("t3"), putStay(told))
	d.same("granted to another", read(d, func(tx *store.Tx) (*store.Stay, error) { return tx.AdmissionAt("t1", "x9") }), (*store.Stay)(nil))
	d.same("granted to her", read(d, func(tx *store.Tx) (*store.Stay, error) { return tx.AdmissionAt("t3", "x9") }), &told)
	d.all(func(tx *store.Tx) error { told.Closed, told.ClosedBy = today, "x8"; return tx.PutStay(told) })
	d.same("all of one", read(d, func(tx *store.Tx) ([]store.Stay, error) { return tx.StaysOf("t1") }), []store.Stay{s, twice})

	twice.Changes = []stay.Change{extended("g1", "a3", "t1", today.AddDays(40)).Change}
	d.all(putStay(twice))
	d.same("changed", admission("a3"), &twice)
	d.same("no more overdue", overdue(30), []store.Stay(nil))
	d.same("nor on its new last day", overdue(40), []store.Stay(nil))
	d.same("and after it again", overdue(41), []store.Stay{twice})
}

// untils: the day before the first on which a stay is overstayed, which is what
// the index has of it.
func untils(d *db) {
	change := func(kind stay.ChangeKind, from, until int) stay.Change {
		c := extended("g", "a1", "t1", today.AddDays(until)).Change
		c.Kind, c.Day, c.Class = kind, today.AddDays(from), "B-1"
		if c.Filed = (travel.Day{}); until == 0 {
			c.AdmitUntil, c.DurationOfStatus = travel.Day{}, kind != stay.Adjustment
		}
		return c
	}
	for what, c := range map[string]struct {
		changes []stay.Change
		want    int // 0 is none
	}{
		"nothing":                  {nil, 10},
		"extended":                 {[]stay.Change{change(stay.Extension, 5, 30)}, 30},
		"extended afterwards":      {[]stay.Change{change(stay.Extension, 20, 30)}, 30},
		"twice":                    {[]stay.Change{change(stay.Extension, 5, 30), func() stay.Change { c := change(stay.Extension, 6, 60); c.ID = "h"; return c }()}, 60},
		"another status, too late": {[]stay.Change{change(stay.ChangeOfStatus, 20, 30)}, 10},
		"another status with D/S":  {[]stay.Change{change(stay.ChangeOfStatus, 5, 0)}, 0},
		"adjusted":                 {[]stay.Change{change(stay.Adjustment, 5, 0)}, 0},
		"another status, shorter":  {[]stay.Change{change(stay.ChangeOfStatus, 5, 7)}, 7},
		"an application that was not decided": {[]stay.Change{func() stay.Change {
			c := change(stay.Extension, 0, 30)
			c.Outcome, c.Filed, c.Day = stay.Pending, today, travel.Day{}
			return c
		}()}, 10},
	} {
		s := admitted("a1", "t1", today.AddDays(10))
		s.Changes = c.changes
		want := travel.Day{}
		if c.want > 0 {
			want = today.AddDays(c.want)
		}
		d.same(what, s.Until(), want)
		// Against the status, day by day.
		for n := range 100 {
			switch s.StatusOn(today.AddDays(n)).State {
			case stay.SuspectedInCountry, stay.Undecided:
				if want.IsZero() || n <= want.DaysUntil(today.AddDays(n))+c.want && n <= c.want {
					d.t.Errorf("%s: over on day %d", what, n)
				}
			default:
				if n == c.want+1 && c.want > 0 {
					d.t.Errorf("%s: not over on day %d", what, n)
				}
			}
		}
	}
}

// overdues: from a day on, in the order of days, nothing twice and nothing left
// out.
func overdues(d *db) {
	d.boarded()
	var want []store.Stay
	for i := range 7 {
		id := travel.TravelerID(fmt.Sprint("o", i))
		s := admitted(fmt.Sprint("a", i), id, today.AddDays(i/2))
		d.all(travelers(id), putStay(s))
		if i > 1 { // from the second day on
			want = append(want, s)
		}
	}
	var got []store.Stay
	after := store.Stay{}
	for {
		page := read(d, func(tx *store.Tx) ([]store.Stay, error) {
			return tx.OverdueStays(today.AddDays(1), today.AddDays(9), after, 2)
		})
		if got = append(got, page...); len(page) < 2 {
			break
		}
		after = page[1]
	}
	d.same("all", got, want)
}

func changes(d *db) {
	d.boarded()
	first, second := extended("g1", "a1", "t1", today.AddDays(40)), extended("g2", "a1", "t1", today.AddDays(50))
	second.Corrects, second.Void, second.Recorded = "g1", true, noon.Add(time.Microsecond)
	d.all(addChange(second), addChange(first), addChange(extended("g3", "a2", "t2", today)))
	of := func(id string) []store.StayChange {
		return read(d, func(tx *store.Tx) ([]store.StayChange, error) { return tx.ChangesOf(id) })
	}
	d.same("in the order recorded", of("a1"), []store.StayChange{first, second})
	d.same("of none", of("a9"), []store.StayChange(nil))
	d.same("one", read(d, func(tx *store.Tx) (*store.StayChange, error) { return tx.Change("g2") }), &second)
	d.same("none", read(d, func(tx *store.Tx) (*store.StayChange, error) { return tx.Change("g9") }), (*store.StayChange)(nil))
	d.refused("the same twice", addChange(first))
	d.refused("of nobody", addChange(extended("g4", "a1", "t9", today)))
}

func leads(d *db) {
	d.boarded()
	one, two := lead("l1", "t1", stay.OverstayInCountry), lead("l2", "t2", stay.UnmatchedDeparture)
	two.Admission, two.Crossing, two.Evidence = "", "x3", json.RawMessage(`{"a":1}`)
	d.all(putLead(two), putLead(one))
	get := func(id string) *store.Lead {
		return read(d, func(tx *store.Tx) (*store.Lead, error) { return tx.Lead(id) })
	}
	d.same("lead", get("l1"), &one)
	d.same("with evidence", get("l2"), &two)
	d.same("none", get("l9"), (*store.Lead)(nil))
	some := func(f func(*store.Tx) ([]store.Lead, error)) []store.Lead { return read(d, f) }
	d.same("of a traveler", some(func(tx *store.Tx) ([]store.Lead, error) { return tx.LeadsOf("t1") }), []store.Lead{one})
	d.same("about a stay", some(func(tx *store.Tx) ([]store.Lead, error) { return tx.LeadsAbout("a1") }), []store.Lead{one})
	d.same("about no stay", some(func(tx *store.Tx) ([]store.Lead, error) { return tx.LeadsAbout("") }), []store.Lead(nil))
	d.same("about a crossing", some(func(tx *store.Tx) ([]store.Lead, error) { return tx.LeadsAt("x3") }), []store.Lead{two})
	d.same("about no crossing", some(func(tx *store.Tx) ([]store.Lead, error) { return tx.LeadsAt("") }), []store.Lead(nil))
	uncompared := func(after string) []store.Lead {
		return some(func(tx *store.Tx) ([]store.Lead, error) { return tx.Uncompared(after, 9) })
	}
	d.same("to be compared", uncompared(""), []store.Lead{two})
	d.same("after it", uncompared("l2"), []store.Lead(nil))
	two.Compared = noon
	d.all(putLead(two))
	d.same("compared", uncompared(""), []store.Lead(nil))
	one.Clearing = store.Clearing{Cleared: noon, How: store.ByOfficer, Found: "f1", By: "k1", Officer: "A. Officer", Reason: "she wrote"}
	altered := one
	altered.Kind, altered.Day = stay.MissingExit, today // what it is about stays
	d.all(putLead(altered))
	d.same("cleared", get("l1"), &one)
	one.Clearing = store.Clearing{}
	d.all(putLead(one))
	d.same("open again", get("l1"), &one)
	d.refused("a lead about nobody", putLead(lead("l3", "t9", stay.MissingExit)))
	one.Clearing = store.Clearing{Cleared: noon, How: store.ByOfficer, By: "k1", Officer: "A. Officer", Reason: "she wrote"}
	d.all(putLead(one))
	d.vault.destroy(read(d, func(tx *store.Tx) (string, error) { return tx.KeyOf("t1") }))
	one.Officer, one.Reason = "", ""
	d.same("without the data key it says who and why no more", get("l1"), &one)
}

func leadPages(d *db) {
	d.boarded()
	var all []store.Lead
	for i := range 6 {
		l := lead(fmt.Sprint("l", i), "t1", stay.OverstayInCountry)
		if l.Day = today.AddDays(i / 2); i == 4 {
			l.Port = "JFK"
		}
		d.all(putLead(l))
		all = append(all, l)
	}
	cleared := lead("l9", "t1", stay.OverstayInCountry)
	cleared.Clearing = store.Clearing{Cleared: noon, How: store.ExitFound, Found: "x1"}
	d.all(putLead(cleared), putLead(lead("l8", "t1", stay.MissingExit)))
	f := store.LeadFilter{Kind: stay.OverstayInCountry}
	page := func(after store.Lead, n int) []store.Lead {
		return read(d, func(tx *store.Tx) ([]store.Lead, error) { return tx.Leads(f, after, n) })
	}
	d.same("all", page(store.Lead{}, 9), all)
	d.same("the first", page(store.Lead{}, 3), all[:3])
	d.same("the next", page(all[2], 2), all[3:5])
	f.Port = "BGR"
	d.same("of a port", page(all[3], 9), all[5:])
	f.Port, f.From, f.To = "", today.AddDays(1), today.AddDays(1)
	d.same("of a day", page(store.Lead{}, 9), all[2:4])
	f = store.LeadFilter{Kind: stay.OverstayInCountry, Cleared: true}
	d.same("cleared", page(store.Lead{}, 9), []store.Lead{cleared})
}

// arrived: by a key in common, with a stay that the departure can end.
func arrived(d *db) {
	d.boarded()
	d.all(travelers("t3", "t4"))
	keys := func(id travel.TravelerID, ks ...string) write {
		return func(tx *store.Tx) error { return tx.PutLinkKeys(id, ks) }
	}
	missed := admitted("a3", "t3", today.AddDays(9)) // admitted anew on the fifth day
	missed.Closed = today.AddDays(5)
	left := admitted("a4", "t4", today.AddDays(9))
	left.Closed, left.ClosedBy = today.AddDays(5), "x5"
	d.all(putStay(admitted("a1", "t1", today.AddDays(9))), putStay(missed), putStay(left),
		keys("t1", "k1", "k2"), keys("t1", "k1"), keys("t2", "k1"), keys("t3", "k2", "k3"), keys("t4", "k1"), keys("t4"))
	found := func(day int, ks ...linkage.Key) string {
		var notAllSeen bool
		ids := read(d, func(tx *store.Tx) (ids []travel.TravelerID, err error) {
			ids, notAllSeen, err = tx.Arrived(ks, today.AddDays(day))
			return ids, err
		})
		return fmt.Sprint(ids, notAllSeen)
	}
	d.same("who has a stay, once", found(3, "k1", "k2"), "[t1 t3] false")
	d.same("by another key", found(3, "k3"), "[t3] false")
	d.same("by none", found(3), "[] false")
	d.same("by one that nobody has", found(3, "k9"), "[] false")
	d.same("after the next admission", found(6, "k1", "k2"), "[t1] false")
	d.same("before the entry", found(-1, "k1", "k2"), "[] false")
	counted := func(key string, most int) int {
		return read(d, func(tx *store.Tx) (int, error) { return tx.CountLinkKey(key, most) })
	}
	d.same("bearers", []int{counted("k1", 9), counted("k1", 2), counted("k9", 9)}, []int{3, 2, 0})
	d.all(func(tx *store.Tx) error { return tx.DeleteLinkKeys("t1") })
	d.same("who is found no more", found(3, "k1", "k2"), "[t3] false")
	d.same("who is counted no more", counted("k1", 9), 2)
	d.all(func(tx *store.Tx) error { return tx.EraseRecord(store.TravelerKind, "t3", "test", noon) })
	d.same("who is about to be erased", found(3, "k1", "k2"), "[] false")
	d.refused("keys of nobody", keys("t9", "k1"))

	waiting := lead("l1", "t2", stay.UnmatchedDeparture)
	waiting.Compared = noon
	d.all(putLead(waiting))
	departed := func(day int, ks ...string) []store.Lead {
		return read(d, func(tx *store.Tx) ([]store.Lead, error) { return tx.Departed(ks, today.AddDays(day)) })
	}
	d.same("a departure that was compared", departed(20, "k1"), []store.Lead{waiting})
	d.same("before the entry", departed(21, "k1"), []store.Lead(nil))
	d.same("under another key", departed(20, "k2"), []store.Lead(nil))
}

func fileRecords(d *db) {
	d.boarded()
	m := merged("f1")
	u := store.FileRecord{ID: "f2", Kind: store.Undone, Kept: "t1", Other: "t2", Undoes: "f1", By: "rule r", Rule: "r", At: noon.Add(time.Microsecond)}
	d.all(addFileRecord(u), addFileRecord(m))
	get := func(id linkage.RecordID) *store.FileRecord {
		return read(d, func(tx *store.Tx) (*store.FileRecord, error) { return tx.FileRecord(id) })
	}
	d.same("a merge", get("f1"), &m)
	d.same("an undo", get("f2"), &u)
	d.same("none", get("f9"), (*store.FileRecord)(nil))
	of := func(id travel.TravelerID) []store.FileRecord {
		return read(d, func(tx *store.Tx) ([]store.FileRecord, error) { return tx.FileRecords(id) })
	}
	bare := m
	bare.Officer, bare.Reason = "", "" // which nothing but the record itself opens
	d.same("of one", of("t1"), []store.FileRecord{bare, u})
	d.same("of the other", of("t2"), []store.FileRecord{bare, u})
	d.same("of nobody", of("t9"), []store.FileRecord(nil))
	d.refused("the same twice", addFileRecord(m))
	m.ID, m.Other = "f3", "t9"
	d.refused("of nobody", addFileRecord(m))
	if s, is := (store.FileRecord{Kind: store.Split, Kept: "t1", Other: "t2"}).Record().(linkage.Split); !is || s.From != "t1" || s.To != "t2" {
		d.t.Errorf("a split is told as %+v", s)
	}
}

// erasedWithTraveler: all of it goes, and what opens the entries about it ends.
func erasedWithTraveler(d *db) {
	d.boarded()
	d.all(putStay(admitted("a1", "t2", today)), addChange(extended("g1", "a1", "t2", today)), putLead(lead("l1", "t2", stay.OverstayInCountry)),
		func(tx *store.Tx) error { return tx.PutLinkKeys("t2", []string{"k1"}) }, addFileRecord(merged("f1")))
	for _, subject := range []string{"a1", "g1", "l1", "f1", "t1"} {
		d.write(func(tx *store.Tx) error { return tx.Audit(entry(subject)) })
	}
	d.erase(func(tx *store.Tx) error { return tx.EraseRecord(store.TravelerKind, "t2", "test", noon) })
	d.same("stay", read(d, func(tx *store.Tx) (*store.Stay, error) { return tx.Admission("a1") }), (*store.Stay)(nil))
	d.same("change", read(d, func(tx *store.Tx) (*store.StayChange, error) { return tx.Change("g1") }), (*store.StayChange)(nil))
	d.same("lead", read(d, func(tx *store.Tx) ([]store.Lead, error) { return tx.LeadsOf("t2") }), []store.Lead(nil))
	d.same("openings that end; the merge is the other's, too", d.erasedOpenings(noon.Add(time.Hour)), 3)
	d.checkLog()
}

func each(d *db) {
	d.boarded()
	a, b := admitted("a1", "t1", today.AddDays(10)), admitted("a2", "t2", today.AddDays(10))
	a.Closed, a.ClosedBy = today, "x1"
	d.all(putStay(a), putStay(b))
	got := map[string]store.Stay{}
	row := func(s store.Stay) error { got[s.ID] = s; return nil }
	d.same("error", d.Read(d.t.Context(), func(tx *store.Tx) error { return tx.EachStay(row) }), error(nil))
	d.same("every stay", got, map[string]store.Stay{"a1": a, "a2": b})
	d.same("its error", d.Read(d.t.Context(), func(tx *store.Tx) error { return tx.EachStay(func(store.Stay) error { return errUndone }) }), errUndone)

	d.all(addDecision(decided("d1", "e1"), d.encounter("e1").KeyID), addCrossing(crossed("x1", "p1")))
	second := crossed("x2", "p2")
	second.Traveler, second.Capture, second.Retention = "t2", "c2", "crossing-citizen-or-resident"
	third := crossed("x3", "p2") // which did not happen
	third.Traveler, third.Voyage, third.Capture = "t2", "v2", "c3"
	void := crossed("x4", "p2")
	void.Traveler, void.Voyage, void.Corrects, void.Void, void.Confirmation, void.Capture = "t2", "v2", "x3", true, crossing.Manual, ""
	later := crossed("x5", "p1")
	later.Day, later.Voyage, later.Capture = today.AddDays(1), "v3", "c5"
	d.all(addCrossing(second), addCrossing(third), addCrossing(void), addCrossing(later))
	var left []store.Departure
	err := d.Read(d.t.Context(), func(tx *store.Tx) error {
		return tx.EachDeparture(today, today, func(x store.Departure) error { left = append(left, x); return nil })
	})
	d.same("error", err, error(nil))
	if len(left) == 2 && left[0].Resident {
		left[0], left[1] = left[1], left[0]
	}
	d.same("every departure", left, []store.Departure{{Day: today, Country: "GBR", Matched: true, Class: "B-2"}, {Day: today, Country: "GBR", Resident: true}})
}
