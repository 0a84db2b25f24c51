package storetest_test

import (
	"context"
	"os"
	"sync"
	"testing"

	"limen/internal/store"
	"limen/internal/store/pgtest"
	"limen/internal/store/postgres"
	"limen/internal/store/sqlite"
	"limen/internal/store/storetest"
)

func onSQLite(t *testing.T) func() (store.Engine, error) {
	dir := t.TempDir()
	return func() (store.Engine, error) { return sqlite.OpenEngine(context.Background(), dir) }
}

func onPostgreSQL(t *testing.T) func() (store.Engine, error) {
	s := pgtest.Start(t)
	first, err := migrated(s)
	if err != nil {
		t.Fatal(err)
	}
	name, err := s.Copy(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	return func() (store.Engine, error) { return postgres.OpenEngine(context.Background(), s.URL(name)) }
}

var (
	migrating sync.Mutex
	schema    string
)

// migrated is a database that has the schema, to be copied.
func migrated(s *pgtest.Server) (string, error) {
	migrating.Lock()
	defer migrating.Unlock()
	if schema != "" {
		return schema, nil
	}
	name, err := s.NewDatabase(context.Background())
	if err != nil {
		return "", err
	}
	e, err := postgres.OpenEngine(context.Background(), s.URL(name))
	if err != nil {
		return "", err
	}
	schema = name
	return schema, e.Close()
}

// Promise 18: both stores are the same store.
func TestSQLite(t *testing.T)     { storetest.Run(t, onSQLite) }
func TestPostgreSQL(t *testing.T) { storetest.Run(t, onPostgreSQL) }

// long runs every fault and many histories: LIMEN_LONG=1.
var long = os.Getenv("LIMEN_LONG") == "1"

func quick(n, all int) int {
	if long {
		return all
	}
	return n
}

// Promise 2: an error of the database stops us or is undone, and corrupts
// nothing. The quick form fails every fourth operation, every twelfth on
// PostgreSQL.
func TestFaultsOnSQLite(t *testing.T)     { storetest.Faults(t, onSQLite, quick(4, 1)) }
func TestFaultsOnPostgreSQL(t *testing.T) { storetest.Faults(t, onPostgreSQL, quick(12, 1)) }

// Promise 18: one history, the same answers and the same tables.
func TestSameHistorySameRecord(t *testing.T) {
	storetest.Histories(t, onSQLite, onPostgreSQL, quick(2, 100), quick(300, 1000))
}
