package bench

import (
	"errors"
	"io"
	"testing"
	"time"

	"limen/internal/store"
	"limen/internal/store/pgtest"
)

// TestRecord measures for moments, and looks at what was measured: every
// crossing is in the store with its leaf and its outbox row.
func TestRecord(t *testing.T) {
	for name, open := range map[string]func() (*Record, error){
		"SQLite":     func() (*Record, error) { return OnSQLite(t.Context(), t.TempDir()) },
		"PostgreSQL": func() (*Record, error) { return OnPostgres(t.Context(), t.TempDir(), "", 4) },
	} {
		t.Run(name, func(t *testing.T) {
			r, err := open()
			if errors.Is(err, pgtest.ErrMissing) {
				t.Skip(err)
			}
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			r.Round, r.Rounds = 20*time.Millisecond, 1
			if err := r.Prepare(t.Context()); err != nil {
				t.Fatal(err)
			}
			rows, err := r.Rows(t.Context(), io.Discard, []int{1, 4})
			if err != nil || len(rows) != 2 || rows[0].Value <= 0 {
				t.Fatalf("%+v, %v", rows, err)
			}
			if _, err := r.Flat(t.Context(), io.Discard, 2, 100); err != nil {
				t.Fatal(err)
			}
			if _, err := r.Flat(t.Context(), io.Discard, 2, 3); err == nil {
				t.Error("three crossings of two clients are a measurement")
			}
			var leaves, announced int64
			var crossings int
			err = r.Store.Read(t.Context(), func(tx *store.Tx) (err error) {
				if leaves, announced, err = tx.LogSize(); err != nil {
					return err
				}
				for i := range voyages {
					xs, err := tx.Crossings(voyageID(i))
					if err != nil {
						return err
					}
					if crossings += len(xs); len(xs) == 0 {
						break
					}
				}
				return nil
			})
			if err != nil || crossings < 100 || 2*int64(crossings) != leaves || int64(crossings) != announced { // a leaf of the stay, too
				t.Errorf("%d crossings, %d leaves, %d announced, %v", crossings, leaves, announced, err)
			}
		})
	}
}
