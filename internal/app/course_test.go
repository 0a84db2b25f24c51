package app

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"limen/decision"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/linkage"
	"limen/manifest"
	"limen/stay"
	"limen/travel"
)

// enter has person n admitted at the gate now, for ten days.
func (s *site) enter(n int) Ruled {
	s.t.Helper()
	voyages++
	l := leg("KEF", "BGR")
	day := travel.DayOf(s.clock)
	l.Number, l.Departure, l.Arrival = fmt.Sprint(200+voyages), travel.LocalTime{Day: day, Minute: 18 * 60}, travel.LocalTime{Day: day, Minute: 22 * 60}
	p := person(n, "GBR")
	p.Embark, p.Debark = "KEF", "BGR"
	r := s.send(message(fmt.Sprint("L", voyages), manifest.Original, l, p))
	e := s.meet(r.Voyage)
	if _, err := s.AddReference(s.t.Context(), s.carrier, r.Passengers[0].ID, gallery.DocumentPortrait, fmt.Appendf(nil, "face %d 0", n)); err != nil {
		s.t.Fatal(err)
	}
	s.look(e, 1, fmt.Sprintf("face %d 1", n))
	a, err := s.Decide(s.t.Context(), s.officer, e, Ruling{Outcome: decision.Admitted, Passenger: r.Passengers[0].ID,
		Admission: &stay.Admission{Class: "B-2", AdmitUntil: day.AddDays(10)}})
	if err != nil || a.Crossing == "" {
		s.t.Fatalf("%+v %v", a, err)
	}
	return a
}

// CheckRecord checks a record: package app_test says how.
var CheckRecord func(context.Context, *store.Store, time.Time) ([]string, error)

// sound wants the record to be without a violation.
func (s *site) sound(what string) {
	s.t.Helper()
	violations, err := CheckRecord(s.t.Context(), s.store, s.clock)
	if err != nil || len(violations) > 0 {
		s.t.Errorf("%s: %q %v", what, violations, err)
	}
}

// ask makes a lead that names somebody as whose departure a crossing may be, and
// confirms it.
func (s *site) merge(record string, x travel.CrossingID, arrived travel.TravelerID) error {
	s.t.Helper()
	var id string
	s.write(func(tx *store.Tx) error {
		c, err := tx.Crossing(x)
		if err != nil {
			return err
		}
		id = newID()
		return s.raise(tx, "test", store.Lead{ID: id, Lead: stay.Lead{Kind: stay.PossibleMatch, Traveler: c.Traveler, Crossing: x, Day: c.Day},
			Evidence: []byte(fmt.Sprintf(`{"matches":[{"candidate":%q,"strength":"weak"}]}`, arrived))})
	})
	return s.ConfirmMatch(s.t.Context(), s.officer, "test", linkage.RecordID(record), id, arrived, "the same person")
}

func (s *site) undo(record, of string) {
	s.t.Helper()
	if err := s.Undo(s.t.Context(), s.officer, "test", linkage.RecordID(record), linkage.RecordID(of), "two people"); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) void(x travel.CrossingID) {
	s.t.Helper()
	if _, err := s.Void(s.t.Context(), s.officer, x, "a mistake"); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) who(x travel.CrossingID) travel.TravelerID {
	return read(s, func(tx *store.Tx) (travel.TravelerID, error) { c, err := tx.Crossing(x); return deref(c).Traveler, err })
}

// stayAt is the stay that an entry began.
func (s *site) stayAt(x travel.CrossingID) store.Stay {
	stays, _ := s.state(s.who(x))
	i := slices.IndexFunc(stays, func(st store.Stay) bool { return st.Crossing == x })
	return stays[i]
}

func (s *site) admission(id string) store.Stay {
	return deref(read(s, func(tx *store.Tx) (*store.Stay, error) { return tx.Admission(id) }))
}

// What another person's exit closed since the merge is open again after the
// undo.
func TestUndoGivesBackWhatCameAfterTheMerge(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	id, a := s.told(0, today.AddDays(-100), today.AddDays(-50))
	x := s.leave(1, person(1, "GBR")) // B, who is taken for A
	if err := s.merge("merge-0001", x.Crossing, a); err != nil {
		t.Fatal(err)
	}
	s.clock = s.clock.AddDate(0, 0, 1)
	in := s.enter(0)
	s.clock = s.clock.AddDate(0, 0, 30)
	y := s.leave(1, person(1, "GBR"))
	if st := s.stayAt(in.Crossing); st.ClosedBy != y.Crossing {
		t.Fatalf("%+v", st)
	}
	s.sound("merged")
	s.undo("undo-0001", "merge-0001")
	if st := s.stayAt(in.Crossing); !st.Open() {
		t.Errorf("closed by somebody else: %+v", st)
	}
	if st := s.admission(id); st.ClosedBy != "" || st.Closed != travel.DayOf(s.clock).AddDays(-30) {
		t.Errorf("%+v", st)
	}
	s.want("undone", "overstay-in-country 1 "+s.stayAt(in.Crossing).ID, "possible-match 0 ", "unmatched-departure 0 ", "unmatched-departure 0 ", "missing-exit 0 "+id)
	s.sound("undone")
}

// A voided entry gives back what it closed, and its exit, if it had one, ends
// what was open before.
func TestVoidedEntry(t *testing.T) {
	for _, left := range []bool{false, true} {
		s := newSite(t)
		today := travel.DayOf(s.clock)
		id, _ := s.told(0, today.AddDays(-30), today.AddDays(-10))
		in := s.enter(0)
		s.want("let in again", "missing-exit 0 "+id)
		want := []string{"overstay-in-country 10 " + id, "crossing-voided 0 "}
		want[0] = "overstay-in-country 1 " + id
		var out Answer
		if left {
			s.clock = s.clock.AddDate(0, 0, 1)
			out = s.leave(0, person(0, "GBR"))
			want[0] = "overstay-out-of-country 11 " + id
		}
		s.void(in.Crossing)
		s.want("voided", want...)
		if st := s.admission(id); st.ClosedBy != out.Crossing {
			t.Errorf("%+v", st)
		}
		s.sound("voided")
		n := 0
		read(s, func(tx *store.Tx) (int, error) {
			return 0, tx.EachStay(func(store.Stay) error { n++; return nil })
		})
		if n != 1 {
			t.Errorf("the report counts %d stays", n)
		}
	}
}

// An admission that is told after a later stay is over is history.
func TestToldBeforeAStayThatIsOver(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	s.told(0, today.AddDays(-30), today)
	s.leave(0, person(0, "GBR"))
	id, _ := s.told(0, today.AddDays(-500), today.AddDays(-400))
	if st := s.admission(id); st.Closed != today.AddDays(-30) || st.ClosedBy != "" {
		t.Errorf("%+v", st)
	}
	s.want("told late")
	s.sound("told late")
}

// What a person parted no rule puts together, though others of the same file
// are compared.
func TestPartedFilesStayParted(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	f := &files{}
	for i, r := range []store.FileRecord{
		{ID: "m1", Kind: store.Merged, Kept: "a", Other: "b"},
		{ID: "m2", Kind: store.Merged, Kept: "a", Other: "c"},
		{ID: "u2", Kind: store.Undone, Kept: "a", Other: "c", Undoes: "m2"},
		{ID: "m3", Kind: store.Merged, Kept: "d", Other: "c"},
	} {
		r.At, r.By, r.Officer, r.Reason = at.Add(time.Duration(i)), "k", "O", "why"
		f.join(&files{records: []store.FileRecord{r}})
	}
	if err := f.fold(); err != nil {
		t.Fatal(err)
	}
	for _, p := range [][2]travel.TravelerID{{"a", "c"}, {"c", "a"}, {"b", "c"}, {"c", "b"}, {"d", "b"}} {
		if !f.parted(p[0], p[1]) {
			t.Errorf("%v may be merged by a rule", p)
		}
	}
	if f.parted("a", "x") || f.parted("a", "b") {
		t.Error("who was not parted is")
	}
}

// A match whose stay is gone is refused, and nothing is merged; the id of a
// merge is not that of one with somebody else.
func TestMatchWithoutAStay(t *testing.T) {
	s := newSite(t)
	today := travel.DayOf(s.clock)
	_, a := s.told(0, today.AddDays(-10), today.AddDays(5))
	_, c := s.told(2, today.AddDays(-10), today.AddDays(5))
	x := s.leave(1, person(1, "GBR"))
	s.leave(0, person(0, "GBR"))
	wantCode(t, s.merge("merge-0001", x.Crossing, a), errs.Conflict, "match-stay")
	if n := len(read(s, func(tx *store.Tx) ([]store.FileRecord, error) { return tx.FileRecords(a) })); n != 0 {
		t.Errorf("%d records", n)
	}
	if err := s.merge("merge-0001", x.Crossing, c); err != nil {
		t.Fatal(err)
	}
	wantCode(t, s.merge("merge-0001", x.Crossing, a), errs.Conflict, "record-id-reused")
	s.sound("refused")
}

// TestMergesLeaveNoTrace: whatever happens to three people, after every merge is
// undone stays and open leads are those of the same events without merges. (A
// lead more may say that the departure of a stay that was told was missed.)
func TestMergesLeaveNoTrace(t *testing.T) {
	for seed := range uint64(6) {
		with, without := happen(t, seed, true), happen(t, seed, false)
		for _, l := range without {
			if !slices.Contains(with, l) {
				t.Errorf("seed %d: after the undos there is no %s", seed, l)
			}
		}
		for _, l := range with {
			if !slices.Contains(without, l) && !strings.HasPrefix(l, "lead missing-exit told-") {
				t.Errorf("seed %d: after the undos there is %s", seed, l)
			}
		}
	}
}

// happen lets random things happen and says what is on record in the end.
func happen(t *testing.T, seed uint64, merges bool) []string {
	t.Helper()
	s := newSite(t)
	r := rand.New(rand.NewPCG(seed, 7))
	names := map[string]string{} // of what has random ids
	var xs []travel.CrossingID
	var voided, stood []string
	for step := range 14 {
		s.clock = s.clock.Add(time.Duration(1+r.IntN(60*24)) * time.Minute * 2)
		n, back, pick := r.IntN(3), 5*r.IntN(12), r.IntN(100)
		name := fmt.Sprint(step)
		note := func(x travel.CrossingID) { xs = append(xs, x); names[string(x)] = "x" + name }
		switch op := r.IntN(10); {
		case op < 2:
			note(s.enter(n).Crossing)
			names[s.stayAt(xs[len(xs)-1]).ID] = "stay-" + name
		case op < 5:
			note(s.leave(n, person(n, "GBR")).Crossing)
		case op < 6:
			day := travel.DayOf(s.clock).AddDays(-back)
			p := person(n, "GBR")
			id := "told-" + name + "-0000"
			names[id] = id
			if _, err := s.RecordAdmission(t.Context(), s.officer, "test", p.Person, p.Documents[0], Told{Port: "BGR",
				Admission: stay.Admission{ID: id, Day: day, Class: "B-2", AdmitUntil: day.AddDays(10)}}, "told"); err != nil {
				t.Fatal(err)
			}
		case op < 7:
			if len(xs) > 0 && !slices.Contains(voided, names[string(xs[pick%len(xs)])]) {
				x := xs[pick%len(xs)]
				voided = append(voided, names[string(x)])
				s.void(x)
			}
		case merges && len(xs) > 1:
			x, of := xs[pick%len(xs)], s.who(xs[r.IntN(len(xs))])
			id := fmt.Sprintf("merge-%04d", step)
			switch err := s.merge(id, x, of); {
			case err == nil:
				stood = append(stood, id)
			case errs.KindOf(err) != errs.Conflict && errs.KindOf(err) != errs.Invalid:
				t.Fatal(err)
			}
		case len(xs) > 1:
			r.IntN(len(xs))
		}
		s.sound(fmt.Sprintf("seed %d step %d", seed, step))
	}
	r.Shuffle(len(stood), func(i, j int) { stood[i], stood[j] = stood[j], stood[i] })
	for _, m := range stood {
		s.undo("undo-"+m, m)
		s.sound("undone " + m)
	}
	t.Logf("seed %d: %d merges", seed, len(stood))
	return s.picture(names)
}

// picture is every stay and open lead, with names in the place of random ids.
func (s *site) picture(names map[string]string) (out []string) {
	s.t.Helper()
	ids := read(s, func(tx *store.Tx) (ids []string, err error) {
		err = tx.Rows(func(scan func(...any) error) error {
			var id string
			if err := scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
			return nil
		}, `SELECT id FROM admissions`)
		return ids, err
	})
	for _, id := range ids {
		st := s.admission(id)
		by := names[string(st.ClosedBy)]
		if by == "" && st.ClosedBy != "" {
			by = "void"
		}
		out = append(out, fmt.Sprintf("stay %s %s by %q", names[id], st.Closed, by))
	}
	leads, _, err := s.Leads(s.t.Context(), s.officer, "test", LeadQuery{})
	if err != nil {
		s.t.Fatal(err)
	}
	for _, l := range leads {
		if l.Kind != stay.PossibleMatch {
			out = append(out, fmt.Sprintf("lead %s %s %s %s", l.Kind, names[l.Admission], names[string(l.Crossing)], l.Day))
		}
	}
	return out
}
