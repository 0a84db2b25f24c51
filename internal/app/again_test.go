package app

import (
	"errors"
	"testing"

	"limen/decision"
	"limen/internal/store"
	"limen/manifest"
	"limen/retention"
	"limen/travel"
)

// Who crossed, was taken off the list and comes on again is kept as who
// crossed, under the same data key, and no other document makes somebody else
// of them.
func TestOnAgainIsWhoCrossed(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	if a := s.look(s.meet(v), 1, "face 0 1"); a.Crossing == "" {
		t.Fatal(a)
	}
	passenger := func() *store.Passenger {
		return read(s, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(ps[0]) })
	}
	was := passenger()
	if was.Class == retention.Listing {
		t.Fatal(was.Class)
	}
	out := leg("BGR", "KEF")
	s.send(message("M2", manifest.Reduction, out, person(0, "GBR")))
	s.send(message("M3", manifest.Original, out, person(0, "GBR")))
	again := passenger()
	if !again.Removed.IsZero() || again.KeyID != was.KeyID || again.Class != was.Class || !again.Due.Equal(was.Due) {
		t.Errorf("on again: %s %s until %v, and was %s %s until %v", again.KeyID, again.Class, again.Due, was.KeyID, was.Class, was.Due)
	}
}

// The same document comes again after its traveler was noted for erasing, and
// before the row is gone: that makes another traveler, to whom the document
// belongs from now on, and the erasing is not held up.
func TestDocumentOfTravelerAboutToBeErased(t *testing.T) {
	s := newSite(t)
	holder := func() travel.TravelerID {
		return read(s, func(tx *store.Tx) (travel.TravelerID, error) { return tx.TravelerOf(person(0, "GBR").Documents[0]) })
	}
	old := travel.TravelerID("traveler-1")
	if err := s.store.Write(t.Context(), func(tx *store.Tx) error {
		who := travel.Traveler{ID: old, Person: person(0, "GBR").Person}
		return errors.Join(tx.InsertTraveler(store.Traveler{Traveler: who, Class: retention.Listing, Due: s.clock}, s.clock),
			tx.PutDocument(person(0, "GBR").Documents[0], old))
	}); err != nil {
		t.Fatal(err)
	}
	if got := holder(); got != old {
		t.Fatalf("the document is of %q", got)
	}
	if err := s.store.Write(t.Context(), func(tx *store.Tx) error { return tx.EraseRecord(store.TravelerKind, string(old), "due", s.clock) }); err != nil {
		t.Fatal(err)
	}
	v, ps := s.board("GBR") // erases what is noted, too
	p := read(s, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(ps[0]) })
	if p.Traveler == old || holder() != p.Traveler {
		t.Errorf("voyage %s: passenger of %q, document of %q", v, p.Traveler, holder())
	}
	if left := read(s, func(tx *store.Tx) ([]store.Erasure, error) { return tx.Erasures(9) }); len(left) != 0 {
		t.Errorf("not erased: %+v", left)
	}
	if tr := read(s, func(tx *store.Tx) (*store.Traveler, error) { return tx.Traveler(old) }); tr != nil {
		t.Error("the traveler is still there")
	}
}

// Deleting a crossing that was voided leaves the key to the one that came
// after it.
func TestDeletingAVoidedCrossing(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR")
	first := s.look(s.meet(v), 1, "face 0 1")
	if _, err := s.Void(t.Context(), s.officer, first.Crossing, "it was somebody else"); err != nil {
		t.Fatal(err)
	}
	second := s.look(s.meet(v), 1, "face 0 2")
	if second.Crossing == "" || second.Crossing == first.Crossing {
		t.Fatalf("crossings %q, %q", first.Crossing, second.Crossing)
	}
	p := read(s, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(ps[0]) })
	if err := s.store.Write(t.Context(), func(tx *store.Tx) error { return tx.DeleteCrossing(first.Crossing) }); err != nil {
		t.Fatal(err)
	}
	if err := s.store.Read(t.Context(), func(tx *store.Tx) error {
		x, err := tx.CrossingOf(v, p.Traveler, travel.Exit)
		if x == nil || x.ID != second.Crossing {
			t.Errorf("the crossing on record is %v", x)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
}

// What a capture found in an attempt that was undone, because the group that
// it was committed with failed, is forgotten: the other gate's crossing is not
// on record after all.
func TestCaptureTriedAgain(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR")
	var cs []*taking
	for _, id := range []travel.CaptureID{"capture-1", "capture-2"} {
		c := &taking{App: s.App, by: s.gate, id: id, now: s.clock}
		if _, err := c.earlier(t.Context(), s.meet(v)); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(c.measure(t.Context(), []byte("face 0 1")), c.recommend(t.Context())); err != nil {
			t.Fatal(err)
		}
		cs = append(cs, c)
	}
	rec, undone := cs[1].rec, errors.New("undone")
	err := s.store.Write(t.Context(), func(tx *store.Tx) error {
		for _, c := range cs {
			if _, err := c.try(tx, rec, nil); err != nil {
				return err
			}
		}
		return undone
	})
	if err != undone || cs[1].rec.Action != decision.ManualInspection {
		t.Fatal(err, cs[1].rec)
	}
	if err := s.store.Write(t.Context(), func(tx *store.Tx) error { _, err := cs[1].try(tx, rec, nil); return err }); err != nil {
		t.Fatal(err)
	}
	if cs[1].rec.Action != decision.Confirmed || len(s.crossings(v)) != 1 {
		t.Errorf("recommendation %+v, %d crossings", cs[1].rec, len(s.crossings(v)))
	}
}
