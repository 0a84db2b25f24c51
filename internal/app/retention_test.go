package app

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
	"limen/decision"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store"
	"limen/manifest"
	"limen/retention"
	"limen/travel"
)

// records returns everything that is kept, with its due date.
func (s *site) records() (all []store.Due) {
	s.t.Helper()
	for _, k := range store.Kinds {
		all = append(all, read(s, func(tx *store.Tx) ([]store.Due, error) { return tx.Kept(k, store.Due{}, 1<<20) })...)
	}
	return all
}

func (s *site) holds() []retention.Hold {
	s.t.Helper()
	return read(s, (*store.Tx).Holds)
}

// sweep runs one sweep.
func (s *site) sweep() {
	s.t.Helper()
	if err := s.Sweep(s.t.Context()); err != nil {
		s.t.Fatal(err)
	}
}

// hold places a hold for a time.
func (s *site) hold(id string, k retention.SubjectKind, subject string, length time.Duration) Reach {
	s.t.Helper()
	r, err := s.PlaceHold(s.t.Context(), s.officer, retention.Hold{ID: id, Subject: retention.Subject{Kind: k, ID: subject}, Owner: "counsel", Reason: "docket", Until: s.clock.Add(length)})
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

// verified checks the whole audit log as an outsider would.
func (s *site) verified() int {
	s.t.Helper()
	log := read(s, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.Log(0, 1<<20) })
	var out bytes.Buffer
	w := audit.NewWriter(&out, "limen.example/test")
	for _, e := range log {
		if err := w.Leaf(e.Leaf, e.Hashes); err != nil {
			s.t.Fatal(err)
		}
		leaf, err := audit.ParseLeaf(e.Leaf)
		if err != nil || e.Opened && !e.Sealed && !leaf.Opens(e.Salt, e.Entry) {
			s.t.Errorf("leaf %d: %v, opens %v", e.Seq, err, e.Opened)
		}
	}
	if err := w.Close(); err != nil {
		s.t.Fatal(err)
	}
	if r, err := audit.VerifyLog(&out, note.VerifierList()); err != nil || r.Size != int64(len(log)) {
		s.t.Errorf("the audit log does not verify: %+v, %v", r, err)
	}
	return len(log)
}

// world is a random history and what its maker knows of it: who is whose.
type world struct {
	*site
	rng        *rand.Rand
	voyages    []travel.VoyageID
	passengers map[travel.PassengerID]travel.VoyageID
	encounters map[travel.EncounterID]travel.VoyageID
	decided    map[travel.EncounterID]travel.PassengerID
	traveler   map[travel.PassengerID]string
	crossing   map[string]travel.PassengerID
	entries    map[travel.EncounterID][]string // its captures and its decision
	n          int
}

func newWorld(t *testing.T, seed uint64) *world {
	return &world{site: newSite(t), rng: rand.New(rand.NewPCG(seed, 3)), passengers: map[travel.PassengerID]travel.VoyageID{}, encounters: map[travel.EncounterID]travel.VoyageID{},
		decided: map[travel.EncounterID]travel.PassengerID{}, traveler: map[travel.PassengerID]string{}, crossing: map[string]travel.PassengerID{}, entries: map[travel.EncounterID][]string{}}
}

// fly boards a voyage of today and lets some of its passengers be seen.
func (w *world) fly() {
	w.t.Helper()
	w.n++
	day := travel.DayOf(w.clock)
	l := travel.Leg{Carrier: "ZZ", Number: fmt.Sprint(100 + w.n), From: "BGR", To: "KEF", Departure: travel.LocalTime{Day: day, Minute: 23 * 60}, Arrival: travel.LocalTime{Day: day.AddDays(1), Minute: 300}}
	m := manifest.Message{Reference: fmt.Sprint("M", w.n), Function: manifest.Original, Legs: []travel.Leg{l}}
	for n := range 1 + w.rng.IntN(3) {
		who := person(n, []travel.Country{"USA", "GBR", "DEU", ""}[w.rng.IntN(4)]) // the same few people again and again
		who.BirthDate.Year = 1950 + int16(w.rng.IntN(2))
		if who.Nationality == "" {
			who.Documents = nil
		}
		m.Passengers = append(m.Passengers, who)
	}
	r := w.send(m)
	if r.Status != Accepted {
		w.t.Fatalf("%+v", r)
	}
	w.voyages = append(w.voyages, r.Voyage)
	for n, p := range r.Passengers {
		w.passengers[p.ID], w.traveler[p.ID] = r.Voyage, string(p.Traveler)
		if w.rng.IntN(4) > 0 {
			if _, err := w.AddReference(w.t.Context(), w.carrier, p.ID, gallery.VisaPhoto, fmt.Appendf(nil, "face %d %d", n, w.n)); err != nil {
				w.t.Fatal(err)
			}
		}
	}
	for range w.rng.IntN(4) {
		w.see(r)
	}
}

// see lets somebody stand at the gate.
func (w *world) see(r MessageReceipt) {
	w.t.Helper()
	e := w.meet(r.Voyage)
	w.encounters[e] = r.Voyage
	for n := range 1 + w.rng.IntN(2) {
		w.clock = w.clock.Add(time.Duration(w.rng.IntN(300)) * time.Second)
		a, err := w.TakeCapture(w.t.Context(), w.gate, e, travel.CaptureID(fmt.Sprintf("%s-%d", e, n)), fmt.Appendf(nil, "%s %d %d", []string{"face", "dark"}[w.rng.IntN(2)], w.rng.IntN(4), w.n))
		if err != nil && errs.KindOf(err) != errs.Conflict {
			w.t.Fatal(err)
		}
		if a.Crossing != "" {
			w.decided[e], w.crossing[string(a.Crossing)] = a.Passenger, a.Passenger
			return
		}
	}
	if _, err := w.Evidence(w.t.Context(), w.officer, "test", e); err != nil {
		w.t.Fatal(err)
	}
	p := r.Passengers[w.rng.IntN(len(r.Passengers))].ID
	switch w.rng.IntN(4) {
	case 0:
		if err := w.OptOut(w.t.Context(), w.gate, e); err != nil {
			w.t.Fatal(err)
		}
	case 1:
		d, err := w.Decide(w.t.Context(), w.officer, e, Ruling{Outcome: decision.Departed, Passenger: p, Reason: "seen"})
		if err == nil {
			w.decided[e], w.crossing[string(d.Crossing)] = p, p
		} else if errs.CodeOf(err) != "already-crossed" {
			w.t.Fatal(err)
		}
	case 2:
		if _, err := w.Decide(w.t.Context(), w.officer, e, Ruling{Outcome: decision.Referred, Passenger: p, Reason: "to secondary"}); err != nil {
			w.t.Fatal(err)
		}
		w.decided[e] = p
	}
}

// holdSomething places a hold on something, or lifts one.
func (w *world) holdSomething() {
	w.t.Helper()
	if hs := w.holds(); len(hs) > 0 && w.rng.IntN(3) == 0 {
		if _, err := w.LiftHold(w.t.Context(), w.officer, hs[w.rng.IntN(len(hs))].ID, "over"); err != nil {
			w.t.Fatal(err)
		}
		return
	}
	var subjects []retention.Subject
	for _, p := range slices.Sorted(maps.Keys(w.passengers)) {
		subjects = append(subjects, retention.Subject{Kind: retention.OfPassenger, ID: string(p)}, retention.Subject{Kind: retention.OfTraveler, ID: w.traveler[p]},
			retention.Subject{Kind: retention.OfVoyage, ID: string(w.passengers[p])})
	}
	for _, e := range slices.Sorted(maps.Keys(w.encounters)) {
		subjects = append(subjects, retention.Subject{Kind: retention.OfEncounter, ID: string(e)})
	}
	w.n++
	s := subjects[w.rng.IntN(len(subjects))]
	length := []time.Duration{time.Hour, 20 * 24 * time.Hour, 500 * 24 * time.Hour, 20 * 366 * 24 * time.Hour}[w.rng.IntN(4)]
	_, err := w.PlaceHold(w.t.Context(), w.officer, retention.Hold{ID: fmt.Sprint("H", w.n), Subject: s, Owner: "counsel", Reason: "docket", Until: w.clock.Add(length)})
	if err != nil && errs.CodeOf(err) != "hold-subject" { // gone by now
		w.t.Fatal(err)
	}
}

// keepers are the ids whose hold keeps a thing, as its maker knows.
func (w *world) keepers(d store.Due) map[string]bool {
	out := map[string]bool{d.Subject: true}
	of := func(p travel.PassengerID) {
		if p != "" {
			out[string(p)], out[string(w.passengers[p])], out[w.traveler[p]] = true, true, true
		}
	}
	if _, is := w.passengers[travel.PassengerID(d.Subject)]; is {
		of(travel.PassengerID(d.Subject))
	}
	if v, is := w.encounters[travel.EncounterID(d.Subject)]; is {
		out[string(v)] = true
		of(w.decided[travel.EncounterID(d.Subject)])
	}
	of(w.crossing[d.Subject])
	if d.Kind == store.TravelerKind {
		for p, t := range w.traveler {
			if t == d.Subject && read(w.site, func(tx *store.Tx) (*store.Passenger, error) { return tx.Passenger(p) }) != nil {
				of(p)
			}
		}
	}
	return out
}

func (w *world) held(d store.Due, hs []retention.Hold) bool {
	if ok, _ := retention.Holdable(d.Class); !ok {
		return false
	}
	keepers := w.keepers(d)
	return slices.ContainsFunc(hs, func(h retention.Hold) bool { return h.Active(w.clock) && keepers[h.Subject.ID] })
}

// expected is what must be left after a sweep: what is not due, or held.
func (w *world) expected() (left []string) {
	hs := w.holds()
	for _, d := range w.records() {
		if d.At.After(w.clock) || w.held(d, hs) {
			left = append(left, fmt.Sprint(d.Kind, d.Subject, d.Class))
		}
	}
	return left
}

// openings are the entries whose opening is there, and those that must be
// after a sweep: not due, or of something that a hold names.
func (w *world) openings() (there, expected []int64) {
	hs := w.holds()
	for _, e := range read(w.site, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.Log(0, 1<<20) }) {
		if !e.Opened {
			continue
		}
		there = append(there, e.Seq)
		named := slices.ContainsFunc(hs, func(h retention.Hold) bool {
			return h.Active(w.clock) && (h.Subject.ID == e.Entry.Subject || h.Subject.ID == w.owner(e.Entry.Subject))
		})
		if e.Due.IsZero() || e.Due.After(w.clock) || named {
			expected = append(expected, e.Seq)
		}
	}
	return there, expected
}

// note remembers what belongs to each encounter.
func (w *world) note() {
	w.t.Helper()
	for e := range w.encounters {
		for _, c := range read(w.site, func(tx *store.Tx) ([]store.Capture, error) { return tx.Captures(e) }) {
			w.entries[e] = append(w.entries[e], string(c.ID))
		}
		if d := read(w.site, func(tx *store.Tx) (*decision.Decision, error) { return tx.Decision(e) }); d != nil {
			w.entries[e] = append(w.entries[e], string(d.ID))
		}
	}
}

// owner is what a hold may name beside the subject of an entry.
func (w *world) owner(subject string) string {
	for e, d := range w.entries {
		if slices.Contains(d, subject) {
			return string(e)
		}
	}
	return w.traveler[travel.PassengerID(subject)]
}

// check sweeps, with a crash now and then, and compares.
func (w *world) check() {
	w.t.Helper()
	w.note()
	want := w.expected()
	_, wantOpen := w.openings()
	size := read(w.site, func(tx *store.Tx) (n int64, err error) { n, _, err = tx.LogSize(); return n, err })
	if w.rng.IntN(2) == 0 {
		w.crash(1 + w.rng.IntN(12))
	} else {
		w.sweep()
	}
	var got []string
	for _, d := range w.records() {
		got = append(got, fmt.Sprint(d.Kind, d.Subject, d.Class))
	}
	if !slices.Equal(got, want) {
		w.t.Errorf("after a sweep at %s there is\n%s\nand should be\n%s\nholds %+v", w.clock, strings.Join(got, "\n"), strings.Join(want, "\n"), w.holds())
	}
	open, _ := w.openings()
	open = slices.DeleteFunc(open, func(seq int64) bool { return seq >= size }) // what the sweep itself noted
	if !slices.Equal(open, wantOpen) {
		w.t.Errorf("after a sweep at %s entries are open\n%v\nand should be\n%v", w.clock, open, wantOpen)
	}
	if noted := read(w.site, func(tx *store.Tx) ([]store.Erasure, error) { return tx.Erasures(9) }); len(noted) != 0 {
		w.t.Errorf("keys are still to be destroyed: %+v", noted)
	}
}

// crash ends a sweep at the n-th reading of the clock, which is in or before
// each of its transactions, and starts again: what start-up does must do.
func (w *world) crash(n int) {
	w.t.Helper()
	w.tick = func() {
		if n--; n == 0 {
			panic("crash")
		}
	}
	func() {
		defer func() {
			if p := recover(); p != nil && p != "crash" {
				panic(p)
			}
		}()
		_ = w.Sweep(w.t.Context())
	}()
	w.tick = nil
	w.restart()
}

// agree checks that the two ways to find what a hold reaches find the same.
func (w *world) agree() {
	w.t.Helper()
	reached := map[string]bool{}
	for _, d := range w.records() {
		if d.Kind == store.ItemKind {
			continue // its subject's record stands for it
		}
		for _, s := range read(w.site, func(tx *store.Tx) ([]retention.Subject, error) { return tx.Related(d.Subject) }) {
			reached[s.String()+" reaches "+d.Subject] = true
			if !slices.Contains(read(w.site, func(tx *store.Tx) ([]string, error) { return tx.Under(s) }), d.Subject) {
				w.t.Errorf("%s is related to %s, which does not reach it", d.Subject, s)
			}
		}
	}
	for r := range reached {
		s := strings.Fields(r)
		for _, id := range read(w.site, func(tx *store.Tx) ([]string, error) {
			return tx.Under(retention.Subject{Kind: retention.SubjectKind(s[0]), ID: s[1]})
		}) {
			if s[0] != "voyage" && !reached[s[0]+" "+s[1]+" reaches "+id] || s[0] == "voyage" && id != s[1] && !reached[s[0]+" "+s[1]+" reaches "+id] {
				w.t.Errorf("%s %s reaches %s, which is not related to it", s[0], s[1], id)
			}
		}
	}
}

// TestSweep lives through random histories with random holds and clocks:
// nothing that is held or not due is ever erased; everything else is gone after
// one sweep; a crash at any step and a start come to the same. In the end
// nothing is left of anybody, and the audit log verifies.
func TestSweep(t *testing.T) {
	seeds := 6
	if testing.Short() {
		seeds = 2
	}
	jumps := []time.Duration{time.Minute, 11 * time.Hour, 13 * time.Hour, 15 * 24 * time.Hour, 200 * 24 * time.Hour, 366 * 24 * time.Hour, 16 * 366 * 24 * time.Hour}
	for seed := range uint64(seeds) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			w := newWorld(t, seed)
			for range 8 {
				w.fly()
				for range w.rng.IntN(3) {
					w.holdSomething()
				}
				w.agree()
				w.clock = w.clock.Add(jumps[w.rng.IntN(len(jumps))])
				w.check()
			}
			w.clock = w.clock.AddDate(200, 0, 0)
			w.check()
			w.clock = w.clock.AddDate(2, 0, 0)
			w.check()
			w.gone()
		})
	}
}

// gone checks that nothing is left of anybody.
func (w *world) gone() {
	w.t.Helper()
	if left := w.records(); len(left) != 0 {
		w.t.Errorf("left: %v", left)
	}
	if hs := w.holds(); len(hs) != 0 {
		w.t.Errorf("holds on nothing: %+v", hs)
	}
	for _, e := range read(w.site, func(tx *store.Tx) ([]store.LogEntry, error) { return tx.Log(0, 1<<20) }) {
		if e.Opened && !slices.Contains([]string{"erasure", "configuration", "rule-set"}, e.Entry.Action) {
			w.t.Errorf("entry %d (%s of %s) is still open", e.Seq, e.Entry.Action, e.Entry.Subject)
		}
	}
	if n := w.verified(); n == 0 {
		w.t.Error("an empty log")
	}
}
