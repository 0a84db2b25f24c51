package crash

import (
	"context"
	"math/rand/v2"
	"os"
	"strconv"
	"sync"
	"testing"
	"time"

	"limen/internal/store/pgtest"
)

// long reports whether the long forms run.
var long = os.Getenv("LIMEN_LONG") == "1"

// skip is how many of the long form's faults were injected in an earlier run
// that was stopped: it takes an hour or more, and each fault stands for itself.
var skip, _ = strconv.Atoi(os.Getenv("LIMEN_SKIP"))

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
		s := newSite(t, t.TempDir(), "")
		s.hunt(kills, s.kill)
	}
}

// TestCrashPostgres kills limen on PostgreSQL, and then PostgreSQL.
func TestCrashPostgres(t *testing.T) {
	server := pgtest.StartOwn(t, pgtest.Options{})
	limen, database := 20, 2
	switch {
	case long:
		limen, database = 200, 20
	case raced:
		limen, database = 4, 1
	}
	t.Run("limen", func(t *testing.T) {
		s := newSite(t, t.TempDir(), server.Database(t))
		s.hunt(limen, s.kill)
	})
	t.Run("server", func(t *testing.T) {
		s := newSite(t, t.TempDir(), server.Database(t))
		s.hunt(database, func() {
			if err := server.Kill(); err != nil {
				t.Fatal(err)
			}
			s.door.Lock()
			if err := server.Restart(t.Context()); err != nil {
				t.Fatal(err)
			}
		})
	})
}

// hunt puts a site under load and strikes again and again: strike kills
// something and closes the site.
func (s *site) hunt(kills int, strike func()) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute+time.Duration(kills)*20*time.Second)
	defer cancel()
	s.start()
	var travelers sync.WaitGroup
	for _, at := range [][]int{{0, 1, 2, 3}, {4, 5, 6, 7}} {
		travelers.Go(func() {
			for ctx.Err() == nil {
				if err := s.newParty(12, at...).travel(ctx); err != nil && ctx.Err() == nil {
					s.t.Error(err)
					cancel()
				}
			}
		})
	}
	for n := 1; n <= kills && ctx.Err() == nil; n++ {
		s.door.Unlock()
		s.live(ctx)
		strike()
		if n%8 == 0 && n < kills && s.proc.dead() { // once more, on the way up
			s.launch()
			time.Sleep(rand.N(100 * time.Millisecond))
			s.proc.kill()
			n++
		}
		if s.proc.dead() {
			s.start()
		}
		s.compare()
		if n%20 == 0 {
			s.check()
		}
	}
	cancel()
	s.door.Unlock()
	travelers.Wait()
	s.stop()
	s.start()
	s.compare()
	s.check()
	s.proc.kill()
	s.report(kills)
}

// live lets the server work until a random number of acknowledgements and a
// random moment later: now and then until checkpoints are signed.
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
	if rand.N(10) == 0 {
		time.Sleep(rand.N(time.Second))
	}
}

// compare reads the store and holds it against the ledger. The site is closed.
func (s *site) compare() {
	s.t.Helper()
	have, err := read(s.t.Context(), s.place)
	if err != nil {
		s.t.Fatal(err)
	}
	s.ledger.doubts(have)
	if f := compare(have, s.ledger); !f.none() {
		s.t.Fatalf("%v:\n%v", f, f.first)
	}
}

// check has the program check its own record. The site is closed.
func (s *site) check() {
	s.t.Helper()
	if violations, err := verify(s.t.Context(), s.place); err != nil || len(violations) > 0 {
		s.t.Fatalf("the check says %v %v", violations, err)
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
