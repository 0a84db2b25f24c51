package app

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
	"limen/crossing"
	"limen/errs"
	"limen/internal/notary"
	"limen/internal/store"
	"limen/travel"
)

func (s *site) verifiers() note.Verifiers {
	s.t.Helper()
	v, err := note.NewVerifier(s.VerifierKey())
	if err != nil {
		s.t.Fatal(err)
	}
	return note.VerifierList(v)
}

// logged returns the entries of an action.
func (s *site) logged(action string) (out []audit.Entry) {
	s.t.Helper()
	for _, e := range read(s, func(tx *store.Tx) ([]audit.Entry, error) { return tx.AuditEntries(0, 10000) }) {
		if e.Action == action {
			out = append(out, e)
		}
	}
	return out
}

// TestEveryCrossingHasItsReceipt: of each crossing in the store there is a
// receipt that verifies by the public key alone and says what the store says;
// each was asked for by somebody, for a purpose, and that is in the log.
func TestEveryCrossingHasItsReceipt(t *testing.T) {
	s := newSite(t)
	v, _ := s.board("GBR", "USA", "DEU", "FRA", "CAN")
	for n := range 5 {
		if a := s.look(s.meet(v), 1, fmt.Sprintf("face %d 1", n)); a.Crossing == "" {
			t.Fatalf("passenger %d did not cross: %+v", n, a)
		}
	}
	crossings := read(s, func(tx *store.Tx) ([]crossing.Crossing, error) { return tx.Crossings(v) })
	if len(crossings) != 5 {
		t.Fatalf("%d crossings", len(crossings))
	}
	check := func(when string) {
		t.Helper()
		for _, c := range crossings {
			r, err := s.Receipt(t.Context(), s.officer, "request of the traveler", c.ID)
			if err != nil {
				t.Fatalf("%s: %v", when, err)
			}
			if signed, err := r.Verify(s.verifiers()); err != nil || signed.Size <= r.Index {
				t.Errorf("%s: crossing %s: %v", when, c.ID, err)
			}
			if e := r.Opening.Entry; e.Subject != string(c.ID) || string(e.Detail) != string(c.Detail()) {
				t.Errorf("%s: the receipt says %s, the store %s", when, e.Detail, c.Detail())
			}
			b, err := json.Marshal(r)
			if err != nil || strings.Contains(string(b), "SURNAME") {
				t.Errorf("%s: %s %v", when, b, err)
			}
		}
	}
	check("at once")
	s.restart()
	check("after a restart")
	asked := s.logged("access-receipt")
	if len(asked) != 10 || asked[0].Actor != "k-officer" || asked[0].Purpose != "request of the traveler" {
		t.Errorf("%d accesses are logged: %+v", len(asked), asked)
	}
	_, err := s.Receipt(t.Context(), s.officer, "test", "there-is-none")
	wantCode(t, err, errs.NotFound, "receipt-gone")
	if n := len(s.logged("access-receipt")); n != 10 {
		t.Errorf("%d accesses are logged after a refusal", n)
	}
}

// TestConfigurationIsLoggedOnce: a change of what the installation decides by is
// in the log, with what it is now; a restart without one is not.
func TestConfigurationIsLoggedOnce(t *testing.T) {
	s := newSite(t)
	s.restart()
	s.restart()
	first := s.logged("configuration")
	if len(first) != 1 {
		t.Fatalf("%d entries after two restarts", len(first))
	}
	changed := s.App.Config
	changed.FPIR, changed.Ports = 0.001, map[travel.Port]*time.Location{"BGR": time.UTC, "BOS": time.UTC}
	reopen := func(c Config) {
		t.Helper()
		if err := s.App.Close(); err != nil {
			t.Fatal(err)
		}
		var err error
		if s.App, err = Open(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	reopen(changed)
	reopen(changed)
	all := s.logged("configuration")
	if len(all) != 2 {
		t.Fatalf("%d entries after a change", len(all))
	}
	var was, is Configuration
	if err := json.Unmarshal(all[0].Detail, &was); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(all[1].Detail, &is); err != nil {
		t.Fatal(err)
	}
	if was.FPIR != 0.003 || is.FPIR != 0.001 || is.Ports["BOS"] != "UTC" || is.Rules.Attempts != 3 || len(is.Calibration) != 64 {
		t.Errorf("from %+v to %+v", was, is)
	}
	if strings.Contains(string(all[1].Detail), s.dir) {
		t.Errorf("a path is in the log: %s", all[1].Detail)
	}
	s.restart() // the old one again: another change
	if n := len(s.logged("configuration")); n != 3 {
		t.Errorf("%d entries after changing back", n)
	}
}

// TestNotaryGuardsTheStart: where something was signed there is no start without
// the key, nor with a log that was set back behind the witness's back.
func TestNotaryGuardsTheStart(t *testing.T) {
	if onPostgres() {
		t.Skip("copies limen.db back over itself: run on SQLite")
	}
	s := newSite(t)
	c := s.App.Config
	c.Witness = t.TempDir()
	s.App.Close()
	run := func(n int) {
		t.Helper()
		var err error
		if s.App, err = Open(t.Context(), c); err != nil {
			t.Fatal(err)
		}
		for range n {
			if err := s.noteAgain(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		ctx, stop := context.WithCancel(t.Context())
		stop()
		if err := s.Notarize(ctx); err != nil {
			t.Fatal(err)
		}
		if err := s.App.Close(); err != nil {
			t.Fatal(err)
		}
	}
	run(1)
	older, err := os.ReadFile(filepath.Join(s.dir, "limen.db"))
	if err != nil {
		t.Fatal(err)
	}
	run(3)
	back := s.lose(notary.KeyFile)
	if _, err = Open(t.Context(), c); errs.CodeOf(err) != "audit-key-missing" {
		t.Errorf("without the key: %v", err)
	}
	back()
	if err := os.WriteFile(filepath.Join(s.dir, "limen.db"), older, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err = Open(t.Context(), c); errs.CodeOf(err) != "audit-rolled-back" {
		t.Errorf("set back: %v", err)
	}
	if loss, err := AcceptLoss(t.Context(), c, "backup of noon", "operator"); err != nil || loss.Held == nil || loss.Held.Size != loss.Kept.Size+3 {
		t.Errorf("%+v, %v", loss, err)
	}
	run(1)
	s.start()
	if got := s.logged(notary.Restored); len(got) != 1 || !strings.Contains(string(got[0].Detail), "backup of noon") {
		t.Errorf("logged: %+v", got)
	}
}

// noteAgain appends an entry.
func (a *App) noteAgain(ctx context.Context) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		return tx.Audit(audit.Entry{At: a.Now(), Actor: "test", Action: "test", Subject: "test"})
	})
}
