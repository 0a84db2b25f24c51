package notary_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
	"limen/errs"
	"limen/internal/notary"
	"limen/internal/obs"
	"limen/internal/store"
	"limen/internal/store/sqlite"
)

// site is a log in a data folder, with its notary.
type site struct {
	*notary.Notary
	t       *testing.T
	dir     string
	witness notary.Witness
	log     told
	metrics *obs.Metrics
	stop    func() // of Run
	stops   bool   // the test is to end with a stop
}

// told is a log that is read while it is written.
type told struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *told) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *told) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// newSite opens a log; witness is a folder, or "".
func newSite(t *testing.T, witness string) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir()}
	if witness != "" {
		s.watched(witness)
	}
	s.start()
	return s
}

func (s *site) watched(place string) {
	s.t.Helper()
	var err error
	if s.witness, err = notary.OpenWitness(place); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) config(st *store.Store) notary.Config {
	s.metrics = obs.NewMetrics()
	return notary.Config{Store: st, Metrics: s.metrics.Notary, KeyFile: filepath.Join(s.dir, notary.KeyFile), Witness: s.witness, Log: slog.New(slog.NewTextHandler(&s.log, nil))}
}

// open opens store and notary.
func (s *site) open() error {
	s.t.Helper()
	st, err := sqlite.Open(s.t.Context(), s.dir, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	if s.Notary, err = notary.Open(s.t.Context(), s.config(st)); err != nil {
		st.Close()
	}
	return err
}

// start opens the log, which must be good, and runs its notary.
func (s *site) start() {
	s.t.Helper()
	if err := s.open(); err != nil {
		s.t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx) }()
	open := true
	s.stop = func() {
		if !open {
			return
		}
		open = false
		cancel()
		if err := <-ended; err != nil && !s.stops {
			s.t.Errorf("run: %v", err)
		}
		s.Store.Close()
	}
	s.t.Cleanup(func() { s.stop() })
}

// grow appends n leaves, in one transaction each hundred.
func (s *site) grow(n int) {
	s.t.Helper()
	for n > 0 {
		err := s.Store.Write(s.t.Context(), func(tx *store.Tx) error {
			for i := range min(n, 100) {
				if err := tx.Audit(audit.Entry{At: time.Now(), Actor: "test", Action: "decision", Subject: fmt.Sprintf("subject-%d", i), Purpose: "test", Detail: []byte(`{"n":1}`)}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			s.t.Fatal(err)
		}
		n -= 100
	}
}

// checkpoints returns all that are in the store, opened.
func (s *site) checkpoints() (out []audit.Checkpoint) {
	s.t.Helper()
	var rows []store.Checkpoint
	if err := s.Store.Read(s.t.Context(), func(tx *store.Tx) (err error) { rows, err = tx.Checkpoints(-1, 1e6); return err }); err != nil {
		s.t.Fatal(err)
	}
	for _, r := range rows {
		c, err := audit.OpenCheckpoint(r.Note, s.Key().Verifiers())
		if err != nil || c.Size != r.Size || !c.At.Equal(r.At) {
			s.t.Fatalf("checkpoint %d: %v", r.Size, err)
		}
		out = append(out, c)
	}
	return out
}

// db is the database file, for what limen itself never does.
func (s *site) db() *sql.DB {
	s.t.Helper()
	db, err := sql.Open("sqlite", sqlite.URI(filepath.Join(s.dir, sqlite.File))+"?_pragma=busy_timeout(10000)")
	if err != nil {
		s.t.Fatal(err)
	}
	return db
}

// alter changes the database behind limen's back.
func (s *site) alter(query string, args ...any) {
	s.t.Helper()
	db := s.db()
	defer db.Close()
	if _, err := db.Exec(query, args...); err != nil {
		s.t.Fatal(err)
	}
}

// kept is the latest checkpoint in the store while limen is stopped.
func (s *site) kept() (note string) {
	s.t.Helper()
	db := s.db()
	defer db.Close()
	if err := db.QueryRow(`SELECT CAST(note AS TEXT) FROM checkpoints ORDER BY size DESC LIMIT 1`).Scan(&note); err != nil {
		s.t.Fatal(err)
	}
	return note
}

// entry wants one entry of an action, with this in its detail.
func (s *site) entry(t *testing.T, action, detail string) {
	t.Helper()
	db := s.db()
	defer db.Close()
	var got string
	if err := db.QueryRow(`SELECT CAST(detail AS TEXT) FROM audit WHERE action = $1`, action).Scan(&got); err != nil || !strings.Contains(got, detail) {
		t.Errorf("%s: %s, %v", action, got, err)
	}
}

// verify opens the store beside the notary and verifies all of it.
func (s *site) verify(held ...[]byte) (audit.Report, error) {
	s.t.Helper()
	st, err := sqlite.OpenBeside(s.t.Context(), s.dir, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	defer st.Close()
	key, err := notary.ReadKey(filepath.Join(s.dir, notary.KeyFile))
	if err != nil {
		s.t.Fatal(err)
	}
	rep, err := notary.Verify(s.t.Context(), st, key, held, nil)
	if err == nil {
		_, err = notary.Openings(s.t.Context(), st, 0, time.Now(), nil)
	}
	return rep, err
}

// refused wants the log not to be opened any more, for this reason.
func (s *site) refused(code string) {
	s.t.Helper()
	s.stop()
	if err := s.open(); errs.CodeOf(err) != code || errs.KindOf(err) != errs.Broken {
		s.t.Errorf("opened with %v, want %s", err, code)
	}
}

// keep copies the data folder, but for the lock.
func (s *site) keep() (back func()) {
	s.t.Helper()
	files := map[string][]byte{}
	names, _ := filepath.Glob(filepath.Join(s.dir, "limen.db*"))
	for _, name := range names {
		b, err := os.ReadFile(name)
		if err != nil {
			s.t.Fatal(err)
		}
		files[name] = b
	}
	return func() {
		s.t.Helper()
		names, _ := filepath.Glob(filepath.Join(s.dir, "limen.db*"))
		for _, name := range names {
			os.Remove(name)
		}
		for name, b := range files {
			if err := os.WriteFile(name, b, 0o600); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}

// thief signs with the log's own key.
func (s *site) thief() note.Signer {
	s.t.Helper()
	b, err := os.ReadFile(filepath.Join(s.dir, notary.KeyFile))
	if err != nil {
		s.t.Fatal(err)
	}
	k, err := note.NewSigner(string(bytes.TrimSpace(b)))
	if err != nil {
		s.t.Fatal(err)
	}
	return k
}
