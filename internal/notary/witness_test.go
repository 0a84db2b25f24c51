package notary_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
	"limen/errs"
	"limen/internal/notary"
	"limen/internal/store"
	"limen/internal/store/sqlite"
)

// TestOnlyAWitnessSeesRollback puts back what the log truly was an hour ago:
// start-up cannot tell by the data folder alone, and the witness can.
func TestOnlyAWitnessSeesRollback(t *testing.T) {
	s := newSite(t, t.TempDir())
	s.grow(40)
	s.stop()
	back := s.keep()
	s.start()
	s.grow(60)
	s.stop()
	back()
	w := s.witness
	s.witness = nil
	if err := s.open(); err != nil {
		t.Fatalf("without a witness it is a good log: %v", err)
	}
	s.Store.Close()
	if _, err := s.verify(); err != nil {
		t.Errorf("without a witness it is a good log: %v", err)
	}
	s.witness = w
	s.refused("audit-rolled-back")
	held, err := w.Held(t.Context(), "history")
	if err != nil || len(held) < 2 {
		t.Fatalf("%d checkpoints held, %v", len(held), err)
	}
	_, err = s.verify(held...)
	if bad, is := asBad(err); !is || bad.Index != 40 {
		t.Errorf("verified with the witness's: %v", err)
	}
}

// fork rewrites leaf 20 and signs everything anew with the log's own key.
func (s *site) fork() {
	s.t.Helper()
	s.alter(`UPDATE audit SET leaf = CAST(replace(CAST(leaf AS TEXT), 'decision', 'crossing') AS BLOB), salt = x'', due = 1 WHERE seq = 20`)
	db := s.db()
	defer db.Close()
	var leaves [][]byte
	rows, err := db.Query(`SELECT leaf FROM audit ORDER BY seq`)
	if err != nil {
		s.t.Fatal(err)
	}
	for rows.Next() {
		var b []byte
		if err := rows.Scan(&b); err != nil {
			s.t.Fatal(err)
		}
		leaves = append(leaves, b)
	}
	rows.Close()
	var tree audit.Tree
	for i, b := range leaves {
		_, hashes := tree.Append(b)
		if _, err := db.Exec(`UPDATE audit SET hashes = $2 WHERE seq = $1`, i, hashes); err != nil {
			s.t.Fatal(err)
		}
	}
	k := s.thief()
	c := audit.Checkpoint{Origin: k.Name(), Size: tree.Size(), Root: tree.Root(), At: time.Now()}
	b, err := c.Sign(k)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := db.Exec(`DELETE FROM checkpoints WHERE size < $1; UPDATE checkpoints SET note = $2`, tree.Size(), b); err != nil {
		s.t.Fatal(err)
	}
}

// TestOnlyAWitnessSeesAFork: whoever has the disk and the signing key can
// rewrite the log so that it verifies; the witness shows it.
func TestOnlyAWitnessSeesAFork(t *testing.T) {
	s := newSite(t, t.TempDir())
	s.grow(50)
	s.stop()
	s.fork()
	w := s.witness
	s.witness = nil
	if rep, err := s.verify(); err != nil || rep.Size != 50 || rep.Unsigned != 0 {
		t.Errorf("without a witness it is a good log: %+v, %v", rep, err)
	}
	if err := s.open(); err != nil {
		t.Fatalf("without a witness it is a good log: %v", err)
	}
	s.grow(5) // and goes on
	s.Store.Close()
	s.witness = w
	s.refused("audit-forked")
}

// TestCloneIsSeenRunning: a copy of the installation that pushes to the same
// witness stops the one whose history it is not.
func TestCloneIsSeenRunning(t *testing.T) {
	place := t.TempDir()
	s := newSite(t, place)
	s.grow(50)
	s.stop()
	clone := &site{t: t, dir: t.TempDir(), witness: s.witness, stops: true}
	s.stops = true
	for _, name := range []string{"limen.db", notary.KeyFile} {
		b, err := os.ReadFile(filepath.Join(s.dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(clone.dir, name), b, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.start()
	clone.start()
	for end := time.Now().Add(20 * time.Second); s.Store.Err() == nil && clone.Store.Err() == nil; {
		if time.Now().After(end) {
			t.Fatal("two histories of one log, and nobody stops")
		}
		for _, one := range []*site{s, clone} {
			_ = one.Store.Write(t.Context(), func(tx *store.Tx) error {
				return tx.Audit(audit.Entry{At: time.Now(), Actor: one.dir, Action: "decision"})
			})
		}
		time.Sleep(50 * time.Millisecond)
	}
	if log := s.log.String() + clone.log.String(); !strings.Contains(log, "audit-forked") && !strings.Contains(log, "audit-rolled-back") {
		t.Errorf("stopped for another reason: %s", log)
	}
}

// TestWitnessThatIsNone: signed by a stranger, cut, emptied, away.
func TestWitnessThatIsNone(t *testing.T) {
	place := filepath.Join(t.TempDir(), "disk")
	os.Mkdir(place, 0o700)
	s := newSite(t, place)
	s.grow(5)
	s.stop()
	path := filepath.Join(place, "checkpoint")
	good, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	other := newSite(t, t.TempDir())
	other.grow(5)
	other.stop()
	foreign, err := other.witness.Latest(t.Context())
	if err != nil || foreign == nil {
		t.Fatal(foreign, err)
	}
	for name, b := range map[string][]byte{"a stranger's": foreign, "cut": good[:len(good)-1], "empty": {}, "longer": append(good[:len(good):len(good)], good...), "huge": make([]byte, 1<<20)} {
		os.WriteFile(path, b, 0o600)
		s.stop()
		if err := s.open(); errs.CodeOf(err) != "witness-signature" {
			t.Errorf("%s: %v", name, err)
		}
	}
	os.Remove(path)
	s.refused("witness-empty")
	os.Rename(place, place+"-away")
	s.start() // it is compared with when it is back
	time.Sleep(50 * time.Millisecond)
	s.stop()
	if !strings.Contains(s.log.String(), "witness-away") {
		t.Errorf("nobody was told: %s", s.log.String())
	}
	if _, err := os.Stat(place); err == nil {
		t.Error("the folder was made: on the disk that was mounted over?")
	}
	os.Remove(filepath.Join(s.dir, notary.KeyFile))
	s.watched(t.TempDir())
	s.refused("audit-key-missing")
}

// TestWitnessIsTriedAgain: a witness that fails holds up nothing, and gets the
// latest when it is back.
func TestWitnessIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := filepath.Join(t.TempDir(), "disk")
		os.Mkdir(place, 0o700)
		s := newSite(t, place)
		defer s.stop()
		os.Remove(place)
		for range 60 {
			s.grow(1)
			time.Sleep(time.Second)
		}
		if size, at := s.latest(); size != 60 && size != 59 || time.Since(at) > 2*notary.Within {
			t.Errorf("the latest checkpoint is of %d leaves, signed %v ago", size, time.Since(at))
		}
		if n := strings.Count(s.log.String(), "does not get"); n != 1 {
			t.Errorf("%d times in the log: %s", n, s.log.String())
		}
		os.Mkdir(place, 0o700)
		time.Sleep(10 * time.Second)
		held, err := s.witness.Latest(t.Context())
		if err != nil || string(held) != s.noted() {
			t.Errorf("held %q, %v", held, err)
		}
	})
}

// TestHistory: the witness keeps earlier checkpoints, named by size, ten minutes
// apart.
func TestHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		place := t.TempDir()
		s := newSite(t, place)
		defer s.stop()
		for range 22 {
			s.grow(2)
			time.Sleep(time.Minute)
		}
		names, _ := filepath.Glob(filepath.Join(place, "history", "*"))
		if len(names) < 2 || len(names) > 4 || filepath.Base(names[0]) != "000000000000002" {
			t.Errorf("%v", names)
		}
		held, err := s.witness.Held(t.Context(), "history")
		if err != nil || len(held) != len(names)+1 {
			t.Fatalf("%d held, %v", len(held), err)
		}
		s.stop()
		if rep, err := s.verify(held...); err != nil || rep.Held != len(held) {
			t.Errorf("%+v, %v", rep, err)
		}
	})
}

// shelf is a server that keeps what is put.
type shelf struct {
	mu      sync.Mutex
	kept    map[string]string
	refuses bool
}

func (h *shelf) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h.mu.Lock()
	defer h.mu.Unlock()
	b, _ := io.ReadAll(r.Body)
	user, _, _ := r.BasicAuth()
	kept, there := h.kept[r.URL.Path]
	switch {
	case h.refuses || user != "limen":
		w.WriteHeader(http.StatusInternalServerError)
	case r.Method == http.MethodPut:
		h.kept[r.URL.Path] = string(b)
		w.WriteHeader(http.StatusCreated)
	case !there:
		w.WriteHeader(http.StatusNotFound)
	default:
		io.WriteString(w, kept)
	}
}

// TestWebWitness pushes to a server, survives its failures, and refuses to start
// when it shows a rollback.
func TestWebWitness(t *testing.T) {
	h := &shelf{kept: map[string]string{}}
	srv := httptest.NewServer(h)
	defer srv.Close()
	place := strings.Replace(srv.URL, "http://", "http://limen:secret@", 1) + "/log"
	s := newSite(t, place)
	s.grow(10)
	s.stop()
	back := s.keep()
	if h.kept["/log/checkpoint"] != s.kept() || h.kept["/log/history/000000000000010"] == "" {
		t.Errorf("kept %v", h.kept)
	}
	s.start()
	s.grow(10)
	s.stop()
	back()
	s.refused("audit-rolled-back")
	h.refuses = true
	s.start()
	if s.stop(); !strings.Contains(s.log.String(), "it answers 500") || strings.Contains(s.log.String(), "secret") {
		t.Errorf("the log: %s", s.log.String())
	}
	for _, bad := range []string{"", "ftp://x", "http://", "https://%"} {
		if _, err := notary.OpenWitness(bad); errs.CodeOf(err) != "witness" {
			t.Errorf("%q: %v", bad, err)
		}
	}
}

// TestAcceptLoss: a restore that lost entries says so in the log, and goes on
// beside the old history.
func TestAcceptLoss(t *testing.T) {
	place := t.TempDir()
	s := newSite(t, place)
	s.grow(40)
	s.stop()
	back := s.keep()
	s.start()
	s.grow(60)
	s.stop()
	lost, err := s.witness.Latest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	back()
	s.refused("audit-rolled-back")
	st, err := sqlite.Open(t.Context(), s.dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := notary.AcceptLoss(t.Context(), s.config(st), "  ", "operator"); errs.CodeOf(err) != "reason" {
		t.Errorf("without a reason: %v", err)
	}
	loss, err := notary.AcceptLoss(t.Context(), s.config(st), "the disk failed; backup of noon", "operator")
	if err != nil || loss.Kept.Size != 40 || loss.Held == nil || loss.Held.Size != 100 || loss.Kept.Root == (tlog.Hash{}) {
		t.Fatalf("%+v, %v", loss, err)
	}
	st.Close()
	s.start()
	s.grow(200) // past what was lost
	s.stop()
	rep, err := s.verify()
	if err != nil || rep.Size != 241 || rep.Unsigned != 0 {
		t.Errorf("%+v, %v", rep, err)
	}
	kept, _ := filepath.Glob(filepath.Join(place, "lost", "*-000000000000100"))
	if len(kept) != 1 {
		t.Fatalf("the lost checkpoint is not kept: %v", kept)
	}
	if b, _ := os.ReadFile(kept[0]); string(b) != string(lost) {
		t.Errorf("kept is %q", b)
	}
	began, _ := filepath.Glob(filepath.Join(place, "history-*", "*"))
	if len(began) == 0 {
		t.Error("no new history")
	}
	s.entry(t, "restored", `"held":{"size":100,`)
}
