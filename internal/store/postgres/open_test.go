package postgres

import (
	"context"
	"strings"
	"testing"

	"limen/errs"
	"limen/internal/store"
	"limen/internal/store/pgtest"
)

func openStore(t *testing.T, url string) *store.Store {
	t.Helper()
	s, err := Open(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

func setting(name, value string) func(*store.Tx) error {
	return func(tx *store.Tx) error { return tx.PutSetting(name, value) }
}

func set(t *testing.T, s *store.Store, name, value string) {
	t.Helper()
	if err := s.Write(t.Context(), setting(name, value)); err != nil {
		t.Fatal(err)
	}
}

func get(t *testing.T, s *store.Store, name string) (value string) {
	t.Helper()
	if err := s.Read(context.Background(), func(tx *store.Tx) (err error) { value, err = tx.Setting(name); return err }); err != nil {
		t.Fatal(err)
	}
	return value
}

func TestOpenHoldsTheDatabase(t *testing.T) {
	url := pgtest.Start(t).Database(t)
	s := openStore(t, url)
	if _, err := Open(t.Context(), url, nil); errs.KindOf(err) != errs.Unavailable || errs.CodeOf(err) != "data-locked" {
		t.Errorf("a second server: %v", err)
	}
	set(t, s, "a", "1") // the first is not disturbed
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := get(t, openStore(t, url), "a"); got != "1" {
		t.Errorf("after opening again: %q", got)
	}
}

// An administrator works beside a running server, and both see both.
func TestOpenBeside(t *testing.T) {
	url := pgtest.Start(t).Database(t)
	s := openStore(t, url)
	beside, err := OpenBeside(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, w := range []*store.Store{s, beside, s, beside} {
		set(t, w, "a", strings.Repeat("x", i))
		if a, b := get(t, s, "a"), get(t, beside, "a"); a != b || len(a) != i {
			t.Errorf("the server sees %q, the administrator %q", a, b)
		}
	}
	if err := beside.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := newAlone(t.Context(), url); errs.CodeOf(err) != "data-locked" {
		t.Errorf("the administrator's leaving freed the server's lock: %v", err)
	}
}

// newAlone opens as a server does, without waiting for the lock.
func newAlone(ctx context.Context, url string) (*engine, error) {
	e, err := newEngine(url, true, 0)
	if err != nil {
		return nil, err
	}
	if err := e.prepare(ctx); err != nil {
		_ = e.Close()
		return nil, err
	}
	return e, nil
}

// Alone it is a server's open: it makes the schema, and holds the lock.
func TestOpenBesideNobody(t *testing.T) {
	url := pgtest.Start(t).Database(t)
	s, err := OpenBeside(t.Context(), url, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	set(t, s, "a", "1")
	if _, err := newAlone(t.Context(), url); errs.CodeOf(err) != "data-locked" {
		t.Errorf("a server beside it: %v", err)
	}
}

func TestOpenSaysWhatIsWrong(t *testing.T) {
	s := pgtest.Start(t)
	url := s.Database(t)
	run(t, s, "ALTER DATABASE "+databaseOf(t, url)+" SET synchronous_commit = off")
	for address, code := range map[string]string{
		"postgres://limen:geheim@localhost:port/x":             "store-address",
		"postgres://limen:geheim@127.0.0.1:1/x":                "store-open",
		strings.Replace(url, databaseOf(t, url), "nobodys", 1): "store-open",
		url: "store-unsafe",
	} {
		for what, open := range map[string]func(context.Context, string, store.Vault) (*store.Store, error){"Open": Open, "OpenBeside": OpenBeside} {
			_, err := open(t.Context(), address, nil)
			if errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != code {
				t.Errorf("%s, want %s: %v", what, code, err)
			}
			if strings.Contains(err.Error(), "geheim") {
				t.Errorf("%s tells the password: %v", what, err)
			}
		}
	}
	run(t, s, "ALTER DATABASE "+databaseOf(t, url)+" RESET ALL")
	openStore(t, url) // nothing of the refusals is left
}
