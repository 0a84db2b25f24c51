package check_test

import (
	"os"
	"strings"
	"testing"

	"limen/internal/check/checktest"
	"limen/internal/store/pgtest"
)

// The same record, and the same breakages, on PostgreSQL: each in a copy of
// the database. The quick form tries one in sixteen, LIMEN_LONG=1 all.
func TestPostgres(t *testing.T) {
	server := pgtest.Start(t)
	s := checktest.New(t, server.Database(t))
	checktest.History(s)
	r := look(t, s)
	for _, v := range r.Violations {
		t.Errorf("%+v", v)
	}
	from := s.Address
	for i, b := range breakages {
		if embedded[b.name] || os.Getenv("LIMEN_LONG") == "" && i%16 != 0 {
			continue
		}
		t.Run(b.name, func(t *testing.T) {
			name, err := server.Copy(t.Context(), databaseOf(from))
			if err != nil {
				t.Fatal(err)
			}
			c := *s
			c.TB, c.Address, c.Dir = t, server.URL(name), copyDir(t, s.Dir)
			for _, statement := range strings.Split(b.sql, ";") {
				if err := server.Exec(t.Context(), name, statement); err != nil {
					t.Fatal(err)
				}
			}
			found(t, look(t, &c), b, "")
			if err := server.Exec(t.Context(), "postgres", "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
				t.Error(err)
			}
		})
	}
}

// embedded are the breakages whose statements only SQLite understands.
var embedded = map[string]bool{
	"an API key put in": true, "a leaf is altered": true, "stored hashes are altered": true, "a checkpoint is altered": true,
	"what was decided is altered": true, "who looked is wiped": true, "an erasure is undone": true, "a crossing names no traveler": true,
	"a listing is altered": true, "an officer's reason is altered": true,
	"what the log says of stays is wiped": true, "a stay is taken out as if erased": true,
}

// databaseOf is the name in an address.
func databaseOf(address string) string {
	_, rest, _ := strings.Cut(address, ":///")
	name, _, _ := strings.Cut(rest, "?")
	return name
}
