package check_test

import (
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"limen/audit"
	"limen/internal/check"
	"limen/internal/check/checktest"
	"limen/internal/seal"
	"limen/internal/store"
)

// TestMemoryStaysFlat checks a log of a million leaves (LIMEN_LONG=1) or of
// 5,000, and wants no more memory than for a small one.
func TestMemoryStaysFlat(t *testing.T) {
	leaves := 5_000
	if os.Getenv("LIMEN_LONG") != "" {
		leaves = 1_000_000
	}
	s := checktest.New(t, "")
	checktest.History(s)
	for done := 0; done < leaves; done += 5_000 {
		s.Write(func(tx *store.Tx) error {
			for i := range 5_000 {
				err := tx.Audit(audit.Entry{At: s.Clock, Actor: "k-officer", Action: "access", Subject: strconv.Itoa(done + i), Purpose: "test"})
				if err != nil {
					return err
				}
			}
			return nil
		})
	}
	var most uint64
	began := time.Now()
	s.Open(func(st *store.Store, keys *seal.FileKeys) {
		began = time.Now()
		r, err := check.Run(t.Context(), st, check.Options{Now: s.Clock, Keys: keys, Deep: true, Signers: s.Verifiers(), Progress: func(_ string, done, _ int64) {
			if done%(16*4096) == 0 {
				var m runtime.MemStats
				runtime.ReadMemStats(&m)
				most = max(most, m.HeapInuse)
			}
		}})
		if err != nil || r.Total != 0 || r.Size < int64(leaves) {
			t.Fatalf("%v %+v", err, r)
		}
	})
	t.Logf("%d leaves in %v, at most %d MB of heap in use", leaves, time.Since(began).Round(time.Millisecond), most>>20)
	if most > 64<<20 {
		t.Errorf("%d MB of heap in use", most>>20)
	}
}
