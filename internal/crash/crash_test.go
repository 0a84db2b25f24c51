package crash

import (
	"context"
	"errors"
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"
)

// long reports whether the long forms run.
var long = os.Getenv("LIMEN_LONG") == "1"

// TestCrashSQLite kills limen on its embedded store.
func TestCrashSQLite(t *testing.T) {
	sites, kills := 1, 100
	switch {
	case long:
		sites = 10
	case raced:
		kills = 8
	}
	for range sites {
		hunt(t, newSite(t, t.TempDir(), ""), kills)
	}
}

// hunt puts a site under load and kills it again and again.
func hunt(t *testing.T, s *site, kills int) {
	ctx, cancel := context.WithTimeout(t.Context(), time.Duration(kills)*20*time.Second)
	defer cancel()
	s.start()
	var travelers sync.WaitGroup
	for _, at := range [][]int{{0, 1, 2, 3}, {4, 5, 6, 7}} {
		travelers.Go(func() {
			for ctx.Err() == nil {
				if err := s.newParty(12, at...).travel(ctx); err != nil && !errors.Is(err, ctx.Err()) {
					t.Error(err)
					cancel()
				}
			}
		})
	}
	for n := 0; n < kills && ctx.Err() == nil; n++ {
		s.open.Unlock()
		s.live(ctx)
		s.kill()
		if n%8 == 7 { // once more, on the way up
			s.launch()
			time.Sleep(rand.N(100 * time.Millisecond))
			s.proc.kill()
			n++
		}
		s.start()
		s.compare()
	}
	cancel()
	s.open.Unlock()
	travelers.Wait()
	s.stop()
	s.start()
	s.compare()
	s.proc.kill()
	s.report(kills)
}

// live lets the server work until a random number of acknowledgements and a
// random moment later.
func (s *site) live(ctx context.Context) {
	s.ledger.forget()
	enough := time.After(5 * time.Second)
	for range rand.N(16) {
		select {
		case <-s.ledger.heard:
		case <-enough:
		case <-ctx.Done():
			return
		}
	}
	time.Sleep(rand.N(50 * time.Millisecond))
}

// compare reads the store and holds it against the ledger. The site is closed.
func (s *site) compare() {
	s.t.Helper()
	have, err := read(s.t.Context(), s)
	if err != nil {
		s.t.Fatal(err)
	}
	s.ledger.doubts(have)
	if f := compare(have, s.ledger); !f.none() {
		s.t.Fatalf("%v:\n%v", f, f.first)
	}
}

func (s *site) report(kills int) {
	l := s.ledger
	s.t.Logf("%d kills, %d acknowledged, %d requests repeated, %d in doubt (%d were on record, %d were not), %d answered with an error: %v",
		kills, l.acknowledged, l.repeated, l.whole+l.absent, l.whole, l.absent, l.refused, &findings{})
	if l.acknowledged < kills {
		s.t.Errorf("only %d acknowledged: the kills hit nothing", l.acknowledged)
	}
}
