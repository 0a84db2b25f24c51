package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/internal/store/pgtest"
)

// What each error means, said by hand from the server's documentation.
func TestFaults(t *testing.T) {
	pg := func(severity, code string) error {
		return fmt.Errorf("wrapped: %w", &pgconn.PgError{Severity: severity, Code: code})
	}
	for _, c := range []struct {
		what string
		err  error
		want store.Fault
	}{
		{"unique violation", pg("ERROR", "23505"), store.Refused},
		{"foreign key violation", pg("ERROR", "23503"), store.Refused},
		{"no such table", pg("ERROR", "42P01"), store.Refused},
		{"a write in a read", pg("ERROR", "25006"), store.Refused},
		{"a text that is none", pg("ERROR", "22021"), store.Refused},
		{"deadlock", pg("ERROR", "40P01"), store.Away},
		{"disk full", pg("ERROR", "53100"), store.Away},
		{"lock not available", pg("ERROR", "55P03"), store.Away},
		{"statement canceled", pg("ERROR", "57014"), store.Away},
		{"administrator's shutdown", pg("FATAL", "57P01"), store.Away},
		{"too many connections", pg("FATAL", "53300"), store.Away},
		{"the password changed", pg("FATAL", "28P01"), store.Away},
		{"idle too long in a transaction", pg("FATAL", "25P03"), store.Away},
		{"I/O error", pg("ERROR", "58030"), store.Stop},
		{"a file is missing", pg("ERROR", "58P01"), store.Stop},
		{"data corrupted", pg("ERROR", "XX001"), store.Stop},
		{"index corrupted", pg("ERROR", "XX002"), store.Stop},
		{"cut on the way", &severed{io.ErrUnexpectedEOF}, store.Away},
		{"end of the connection", fmt.Errorf("x: %w", io.EOF), store.Away},
		{"a network that is down", &net.OpError{Op: "read", Err: errors.New("no route")}, store.Away},
		{"the pool's bad connection", driver.ErrBadConn, store.Away},
		{"another server has the lock", errs.New(errs.Unavailable, "data-locked", "x"), store.Away},
		{"fsync was switched off meanwhile", errs.New(errs.Broken, "store-unsafe", "x"), store.Stop},
		{"our own", errors.New("cannot scan"), store.Refused},
	} {
		if got := (&engine{}).Fault(c.err); got != c.want {
			t.Errorf("%s: %v, want %v", c.what, got, c.want)
		}
	}
}

// sever ends every session of the database but the one that says so.
func sever(t *testing.T, s *pgtest.Server, url string) {
	t.Helper()
	if err := s.Exec(context.Background(), databaseOf(t, url), "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"); err != nil {
		t.Fatal(err)
	}
}

func away(t *testing.T, what string, err error) {
	t.Helper()
	if errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "store-away" {
		t.Errorf("%s: %v", what, err)
	}
}

// A connection that is lost before the commit undoes the write: the caller
// comes back, and finds a store that goes on.
func TestLostConnection(t *testing.T) {
	server := pgtest.Start(t)
	url := server.Database(t)
	s := openStore(t, url)
	set(t, s, "a", "1")
	sever(t, server, url)
	if err := s.Write(t.Context(), setting("a", "2")); err != nil {
		away(t, "between two writes", err)
	}
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		if err := tx.PutSetting("a", "3"); err != nil {
			return err
		}
		sever(t, server, url)
		return tx.PutSetting("b", "3")
	})
	away(t, "within a write", err)
	if s.Err() != nil {
		t.Fatal(s.Err())
	}
	if a, b := get(t, s, "a"), get(t, s, "b"); a == "3" || b != "" {
		t.Errorf("left of it: %q, %q", a, b)
	}
	set(t, s, "a", "4")
	if _, err := newAlone(t.Context(), url); errs.CodeOf(err) != "data-locked" {
		t.Errorf("the new connection does not hold the database: %v", err)
	}
}

// One that is lost when the commit is under way leaves its outcome unknown:
// the store stops.
func TestLostCommit(t *testing.T) {
	server := pgtest.Start(t)
	url := server.Database(t)
	s := openStore(t, url)
	err := s.Write(t.Context(), func(tx *store.Tx) error {
		sever(t, server, url)
		return tx.Audit(audit.Entry{At: newYear, Action: "access"}) // written with the commit
	})
	if errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != "store-stopped" || s.Err() == nil {
		t.Errorf("%v, stopped: %v", err, s.Err())
	}
}

// A server that is away is found away, and found again.
func TestServerAway(t *testing.T) {
	server := pgtest.StartOwn(t, pgtest.Options{})
	s := openStore(t, server.Database(t))
	set(t, s, "a", "1")
	if err := server.Kill(); err != nil {
		t.Fatal(err)
	}
	away(t, "a write", s.Write(t.Context(), setting("a", "2")))
	away(t, "a write that has to connect first", s.Write(t.Context(), setting("a", "2")))
	away(t, "a read", s.Read(t.Context(), func(tx *store.Tx) error { _, err := tx.Setting("a"); return err }))
	if err := server.Restart(t.Context()); err != nil {
		t.Fatal(err)
	}
	if got := get(t, s, "a"); got != "1" {
		t.Errorf("after the server's crash: %q", got)
	}
	set(t, s, "a", "3")
}

// A COMMIT that the server answers with a ROLLBACK is no commit.
func TestCommitOfAFailedTransaction(t *testing.T) {
	e, err := newAlone(t.Context(), pgtest.Start(t).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	w, err := e.Writer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Begin(t.Context(), store.Stmt{SQL: "SELECT 1"}); err != nil {
		t.Fatal(err)
	}
	if _, err := w.ExecContext(t.Context(), "SELECT 1 / 0"); e.Fault(err) != store.Refused {
		t.Errorf("division by zero: %v", err)
	}
	if err := w.Run(t.Context(), store.Stmt{SQL: "COMMIT"}); err == nil || e.Fault(err) == store.Refused {
		t.Errorf("the commit of a failed transaction: %v", err)
	}
}

// What follows a refused statement in one round trip is skipped.
func TestRefusedStatementTakesTheCommitAlong(t *testing.T) {
	e, err := newAlone(t.Context(), pgtest.Start(t).Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	w, err := e.Writer(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	put := store.Stmt{SQL: "INSERT INTO settings (name, value) VALUES ($1, $1)", Args: []any{"a"}}
	commit := store.Stmt{SQL: "COMMIT"}
	for range 2 { // the first time the statements are prepared as well
		if err := w.Begin(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.Run(t.Context(), put, put, commit); err == nil || e.Fault(err) != store.Refused {
			t.Errorf("a repeated key: %v", err)
		}
		if _, err := w.ExecContext(t.Context(), "ROLLBACK"); err != nil {
			t.Error(err)
		}
	}
	var n int
	count := store.Stmt{SQL: "SELECT count(*) FROM settings", Row: func(scan func(...any) error) error { return scan(&n) }}
	if err := w.Begin(t.Context(), count, commit); err != nil || n != 0 {
		t.Errorf("%d rows, %v", n, err)
	}
	boom := errors.New("boom")
	count.Row = func(func(...any) error) error { return boom }
	if err := w.Begin(t.Context(), count, commit); !errors.Is(err, boom) || e.Fault(err) != store.Refused {
		t.Errorf("an error of our own: %v", err)
	}
	if err := w.Begin(t.Context(), commit); err != nil { // the session is as good as new
		t.Error(err)
	}
}
