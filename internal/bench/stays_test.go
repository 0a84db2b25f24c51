package bench

import (
	"errors"
	"io"
	"testing"

	"limen/internal/store/pgtest"
)

// TestStays measures a few stays in the ways that limen bench stays measures ten
// million: each is read, each departure closes its own.
func TestStays(t *testing.T) {
	b, err := OnStays(t.Context())
	if errors.Is(err, pgtest.ErrMissing) {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	defer b.Close()
	b.Rounds, b.Departures = 1, 10
	rows, err := b.Rows(t.Context(), io.Discard, []int{maxLeavers + 1000, maxLeavers + 2000})
	if err != nil || len(rows) != 4 || rows[3].Value <= 0 || rows[2].Value <= 0 {
		t.Fatalf("%+v, %v", rows, err)
	}
	if b.left != 2*(10+1) || b.loaded != maxLeavers+2000 {
		t.Errorf("%d left of %d", b.left, b.loaded)
	}
}
