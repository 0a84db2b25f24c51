package check_test

import (
	"cmp"
	"database/sql"
	"encoding/json"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"limen/capture"
	"limen/decision"
	"limen/internal/app"
	"limen/internal/check"
	"limen/internal/check/checktest"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/internal/store/sqlite"
	"limen/match"
	"limen/travel"
)

func rulesOf(r *check.Report) (names []string) {
	for _, v := range r.Violations {
		names = append(names, v.Rule)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// What is late is named, unless a hold keeps it.
func TestLate(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	in := func(d time.Duration) []string {
		return rulesOf(look(t, s, func(o *check.Options) { o.Now = s.Clock.Add(d) }))
	}
	if got := in(0); len(got) != 0 {
		t.Error(got)
	}
	if got := in(13 * time.Hour); !slices.Equal(got, []string{"late-items"}) {
		t.Errorf("half a day later: %v", got)
	}
	if got := in(14 * 366 * 24 * time.Hour); !slices.Equal(got, []string{"late-encounter", "late-items", "late-opening", "late-passenger"}) {
		t.Errorf("14 years later, of who never crossed: %v", got)
	}
	r := look(t, s, func(o *check.Options) { o.Now = s.Clock.Add(20 * 24 * time.Hour) })
	held := slices.IndexFunc(r.Counts, func(c check.Count) bool { return c.What == "kept past their time by a hold" })
	if r.Counts[held].N != 1 {
		t.Errorf("a hold keeps %d", r.Counts[held].N)
	}
	for _, v := range r.Violations {
		if v.ID == "encounter-007" {
			t.Errorf("held, and called late: %+v", v)
		}
	}
}

// Two years on, most is swept, openings of the access log, too; what is left is
// as it must be.
func TestSweptIsClean(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	s.Clock = s.Clock.AddDate(2, 0, 0)
	s.Start()
	s.Clock = s.Clock.AddDate(1, 0, 1) // a year on, who looked at what went goes, too
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.Stop()
	r := look(t, s)
	for _, v := range r.Violations {
		t.Errorf("%+v", v)
	}
	for _, what := range []string{"entries whose opening is erased", "rows of crossings"} {
		if i := slices.IndexFunc(r.Counts, func(c check.Count) bool { return c.What == what }); r.Counts[i].N == 0 {
			t.Errorf("no %s", what)
		}
	}
}

// A stay goes with its traveler, and what opens the log's entries about it a
// year later; at each step the record is as it must be.
func TestStaysGoWithTheirTraveler(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	// Four entries: two stays were opened, two exits closed them; and four more of
	// a stay that was told, extended, corrected, and closed by an exit.
	for _, step := range []struct{ years, stays, open int }{{0, 3, 8}, {76, 0, 8}, {2, 0, 0}} {
		if step.years > 0 {
			s.Clock = s.Clock.AddDate(step.years, 0, 0)
			s.Start()
			if err := s.Sweep(t.Context()); err != nil {
				t.Fatal(err)
			}
			s.Stop()
		}
		for _, v := range look(t, s).Violations {
			t.Errorf("%d years later: %+v", step.years, v)
		}
		var stays, open int
		s.Open(func(st *store.Store, _ *seal.FileKeys) {
			err := st.Read(t.Context(), func(tx *store.Tx) error {
				return tx.Rows(func(scan func(...any) error) error { return scan(&stays, &open) },
					`SELECT (SELECT count(*) FROM admissions), (SELECT count(*) FROM audit WHERE action = 'stay' AND length(salt) > 0)`)
			})
			if err != nil {
				t.Fatal(err)
			}
		})
		if stays != step.stays || open != step.open {
			t.Errorf("%d years later: %d stays and %d entries about them, want %d and %d", step.years, stays, open, step.stays, step.open)
		}
	}
}

// An old copy of keys.db brings back keys that the log proves destroyed.
func TestOldKeysAreFound(t *testing.T) {
	s := checktest.New(t, "")
	old := filepath.Join(t.TempDir(), "keys.db")
	checktest.HistoryWith(s, func() {
		s.Open(func(_ *store.Store, keys *seal.FileKeys) {
			if err := keys.CopyTo(t.Context(), old); err != nil {
				t.Fatal(err)
			}
		})
	})
	if err := os.Rename(old, filepath.Join(s.Dir, "keys.db")); err != nil {
		t.Fatal(err)
	}
	r := look(t, s)
	if got := rulesOf(r); !slices.Equal(got, []string{"key-missing", "key-undestroyed"}) {
		t.Errorf("%v", got)
	}
}

// A page that was overwritten is found by SQLite itself.
func TestDamagedFile(t *testing.T) {
	s := checktest.New(t, "")
	checktest.History(s)
	file := filepath.Join(s.Dir, sqlite.File)
	db, err := sql.Open("sqlite", sqlite.URI(file))
	if err != nil {
		t.Fatal(err)
	}
	var page, size int64
	err = db.QueryRow(`SELECT rootpage, (SELECT page_size FROM pragma_page_size) FROM sqlite_schema WHERE name = 'documents_traveler'`).Scan(&page, &size)
	if err != nil || db.Close() != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(file, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt(make([]byte, 16), page*size-24); err != nil || f.Close() != nil {
		t.Fatal(err)
	}
	if got := rulesOf(look(t, s)); !slices.Contains(got, "file-integrity") {
		t.Error(got)
	}
}

// TestReplay is promise 12 for 10,000 generated decisions: what the audit log
// keeps of one, read back from its JSON, gives every recommendation again; and
// with one fact changed that matters it does not.
func TestReplay(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 10_000 {
		b, err := json.Marshal(drawn(r))
		if err != nil {
			t.Fatal(err)
		}
		var back app.Explained
		if err := json.Unmarshal(b, &back); err != nil {
			t.Fatal(err)
		}
		if id := check.Replay(back); id != "" {
			t.Fatalf("capture %s is not replayed: %s", id, b)
		}
		i := r.IntN(len(back.Captures))
		forged := forge(back.Captures[i])
		back.Captures[i] = forged
		if check.Replay(back) != forged.ID {
			t.Fatalf("a forged recommendation passes: %+v", forged)
		}
	}
}

// forge turns what was recommended into something else.
func forge(c store.Capture) store.Capture {
	if c.Action == decision.Confirmed {
		c.Action, c.Reasons = decision.ManualInspection, []decision.Reason{decision.NoMatch}
	} else {
		c.Action, c.Reasons, c.Advice, c.Passenger = decision.Confirmed, []decision.Reason{decision.IdentityConfirmed}, "", "somebody"
	}
	return c
}

// drawn makes a decision as the program would: facts, then the rules.
func drawn(r *rand.Rand) app.Explained {
	x := app.Explained{Rules: decision.Rules{Attempts: 1 + r.IntN(5), AttackScore: 0.5 + r.Float32()/2}}
	for n := range 1 + r.IntN(5) {
		f := decision.Facts{Attempt: n + 1, AttackScore: r.Float32(), Result: search(r)}
		for range r.IntN(3) * r.IntN(2) {
			f.Problems = append(f.Problems, []capture.Problem{capture.TooDark, capture.TooFar, capture.TwoSubjects}[r.IntN(3)])
		}
		if len(f.Problems) > 0 {
			f.Result = match.Result{}
		}
		crossed := r.IntN(3) == 0
		f.Crossed = func(travel.PassengerID) bool { return crossed }
		rec := x.Rules.Recommend(f)
		if rec.Action == decision.Confirmed && r.IntN(10) == 0 { // left the list meanwhile
			rec.Action, rec.Reasons = decision.ManualInspection, []decision.Reason{decision.NotOnManifest}
		}
		x.Captures = append(x.Captures, store.Capture{ID: travel.CaptureID(rune('a' + n)), Attempt: f.Attempt, Action: rec.Action, Advice: rec.Advice,
			Reasons: rec.Reasons, Passenger: rec.Passenger, Result: f.Result, AttackScore: f.AttackScore, Acceptable: len(f.Problems) == 0})
	}
	return x
}

func search(r *rand.Rand) match.Result {
	out := match.Result{GallerySize: r.IntN(5), Threshold: match.Score(0.4 + 0.3*r.Float32())}
	for n := range out.GallerySize {
		out.Candidates = append(out.Candidates, match.Candidate{Passenger: travel.PassengerID(rune('p' + n)), Score: match.Score(r.Float32())})
	}
	slices.SortFunc(out.Candidates, func(a, b match.Candidate) int { return cmp.Compare(b.Score, a.Score) })
	return out
}
