package postgres

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"limen/errs"
	"limen/internal/store/pgtest"
)

// open1 opens one connection as the writer's pool does.
func open1(ctx context.Context, url string, locks bool) (*pgx.Conn, error) {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, err
	}
	if err := writerSession(locks, 0)(ctx, c); err != nil {
		if !c.IsClosed() {
			err = errors.Join(err, errors.New("a connection that is refused stays open"))
		}
		return nil, err
	}
	return c, nil
}

func close1(t *testing.T, c *pgx.Conn) {
	t.Helper()
	if c == nil {
		return
	}
	if err := c.Close(context.Background()); err != nil {
		t.Error(err)
	}
}

func mustOpen1(t *testing.T, url string, locks bool) *pgx.Conn {
	t.Helper()
	c, err := open1(t.Context(), url, locks)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { close1(t, c) })
	return c
}

// wantRefusal opens a connection that has to be refused with a code, and by
// the name of what is wrong.
func wantRefusal(t *testing.T, url, code, name string) {
	t.Helper()
	c, err := open1(t.Context(), url, false)
	if err == nil {
		close1(t, c)
	}
	if errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != code || !strings.Contains(err.Error(), name) || strings.Contains(err.Error(), "\n") {
		t.Errorf("want %s because of %s, got %v", code, name, err)
	}
}

func showOn(t *testing.T, c *pgx.Conn, setting string) (v string) {
	t.Helper()
	if err := c.QueryRow(t.Context(), "SELECT current_setting($1)", setting).Scan(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func TestDurableServerIsAccepted(t *testing.T) {
	c := mustOpen1(t, pgtest.Start(t).Database(t), true)
	if got := showOn(t, c, "synchronous_commit"); got != "on" {
		t.Errorf("synchronous_commit is %s", got)
	}
}

// A server with every unsafe setting of the table is set right one by one, and
// refused because of the next each time; at last it is accepted, until it
// becomes a standby.
func TestUnsafeServerIsRefused(t *testing.T) {
	wrong := map[string]string{}
	for _, u := range unsafe {
		wrong[u.name] = u.bad
	}
	s := pgtest.StartOwn(t, pgtest.Options{Settings: wrong})
	url := s.Database(t)
	for _, u := range unsafe {
		wantRefusal(t, url, "store-unsafe", "has "+u.name+" "+u.bad)
		run(t, s, "ALTER SYSTEM SET "+u.name+" = "+u.good)
		if err := s.Restart(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	c := mustOpen1(t, url, false)
	close1(t, c)
	if err := s.Standby(t.Context()); err != nil {
		t.Fatal(err)
	}
	wantRefusal(t, url, "store-read-only", "primary")
}

// What the server's file says is not all: a database or a role may say
// otherwise.
func TestUnsafeDatabaseAndRoleAreRefused(t *testing.T) {
	s := pgtest.Start(t)
	url := s.Database(t)
	name := databaseOf(t, url)
	for _, c := range []struct{ set, code, name string }{
		{"synchronous_commit = off", "store-unsafe", "synchronous_commit"},
		{"zero_damaged_pages = on", "store-unsafe", "zero_damaged_pages"},
		{"default_transaction_read_only = on", "store-read-only", "default_transaction_read_only"},
	} {
		for _, whose := range []string{"DATABASE " + name, "ROLE limen IN DATABASE " + name} {
			run(t, s, "ALTER "+whose+" SET "+c.set)
			wantRefusal(t, url, c.code, c.name)
			run(t, s, "ALTER "+whose+" RESET ALL")
		}
	}
	mustOpen1(t, url, false)
}

// Values that wait for less than a flush everywhere are raised, and those that
// wait for more are kept.
func TestCommitWaits(t *testing.T) {
	s := pgtest.Start(t)
	url := s.Database(t)
	for set, want := range map[string]string{"local": "on", "remote_write": "on", "on": "on", "remote_apply": "remote_apply"} {
		run(t, s, "ALTER DATABASE "+databaseOf(t, url)+" SET synchronous_commit = "+set)
		c := mustOpen1(t, url, false)
		if got := showOn(t, c, "synchronous_commit"); got != want {
			t.Errorf("of %s it became %s, want %s", set, got, want)
		}
	}
}

func TestOtherEncodingIsRefused(t *testing.T) {
	s := pgtest.Start(t)
	run(t, s, "CREATE DATABASE ascii TEMPLATE template0 ENCODING 'SQL_ASCII'")
	t.Cleanup(func() { run(t, s, "DROP DATABASE ascii") })
	wantRefusal(t, s.URL("ascii"), "store-encoding", "SQL_ASCII")
}

// An older server is not at hand: what it would say is.
func TestOldServerIsRefused(t *testing.T) {
	c := mustOpen1(t, pgtest.Start(t).Database(t), false)
	s, err := readSettings(t.Context(), c)
	if err != nil || s.refuse() != nil || s.version < oldest {
		t.Fatal(err, s)
	}
	s.version = 140019
	if err := s.refuse(); errs.CodeOf(err) != "store-version" || !strings.Contains(err.Error(), "14.19") {
		t.Errorf("%v", err)
	}
	s.version = 150000
	if err := s.refuse(); err != nil {
		t.Errorf("the oldest that is good: %v", err)
	}
}

func databaseOf(t *testing.T, url string) string {
	t.Helper()
	c, err := pgx.ParseConfig(url)
	if err != nil {
		t.Fatal(err)
	}
	return c.Database
}

func run(t *testing.T, s *pgtest.Server, statement string) {
	t.Helper()
	if err := s.Exec(context.Background(), "postgres", statement); err != nil {
		t.Fatal(statement, err)
	}
}
