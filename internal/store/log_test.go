package store_test

import (
	"context"
	"testing"
	"time"

	"limen/internal/store"
)

func contextThatEnds(t *testing.T) (context.Context, context.CancelFunc) {
	t.Helper()
	return context.WithCancel(t.Context())
}

// Writers take turns; a reader never waits for one.
func TestReadBesideAWrite(t *testing.T) {
	d := open(t)
	d.write(func(tx *store.Tx) error {
		if err := tx.InsertKey(key("k1")); err != nil {
			return err
		}
		began := time.Now()
		if n := len(read(d, (*store.Tx).Keys)); n != 0 {
			t.Errorf("a reader sees %d keys that are not committed", n)
		}
		if took := time.Since(began); took > 5*time.Second {
			t.Errorf("the reader waited %v", took)
		}
		return nil
	})
}
