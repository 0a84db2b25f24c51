package stay_test

import (
	"math/rand/v2"
	"os"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// draw makes c a random history of up to 20 crossings, with gaps of nothing, a
// day, some days, about a limit and about a window; one in 20 crossings is
// missing. It returns a day to ask about.
func draw(r *rand.Rand, c *counter) (on int) {
	c.limit, c.window = 90, 180
	if r.IntN(2) == 0 {
		c.window = 2 + r.IntN(60)
		c.limit = 1 + r.IntN(c.window-1)
	}
	step := func() int {
		return r.IntN([]int{1, 2, 12, c.limit + 3, c.window + 3}[r.IntN(5)])
	}
	c.crossings, c.permits, c.visaEntries = c.crossings[:0], c.permits[:0], 0
	day, exit := r.IntN(400), false
	for n := 1 + r.IntN(20); len(c.crossings) < n && day < 900; day += step() {
		c.crossings = append(c.crossings, toyCrossing{day, exit, !exit && r.IntN(12) == 0})
		exit = exit != (r.IntN(20) > 0)
	}
	for range max(0, r.IntN(5)-2) {
		from := r.IntN(day + 1)
		c.permits = append(c.permits, [2]int{from, from + step()})
	}
	if r.IntN(3) == 0 {
		c.drawVisa(r)
	}
	switch near := c.crossings[r.IntN(len(c.crossings))].day; r.IntN(4) {
	case 0:
		return near
	case 1:
		return near + r.IntN(3)
	case 2:
		return near + c.window - r.IntN(3)
	}
	return r.IntN(day + c.window)
}

func (c *counter) drawVisa(r *rand.Rand) {
	c.visaEntries = []int{1, 2, toyDays}[r.IntN(3)]
	c.visaFrom = c.crossings[r.IntN(len(c.crossings))].day - r.IntN(2)*r.IntN(10)
	c.visaFrom = max(0, c.visaFrom)
	c.visaUntil = c.visaFrom + r.IntN(2*c.window)
	c.visaDays = 1 + r.IntN(90)
	c.visaWindow = 0
	if c.visaEntries == toyDays && c.visaUntil-c.visaFrom+1 > c.window {
		c.visaWindow = c.window
	}
}

// TestDifferential: random histories, half of them under the rule of 90 days in
// any 180, the others under small ones. LIMEN_HISTORIES says how many; make
// differential is the long form.
func TestDifferential(t *testing.T) {
	total := int64(200_000 - 190_000*raced)
	if s := os.Getenv("LIMEN_HISTORIES"); s != "" {
		n, err := strconv.ParseInt(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		total = n
	}
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	var next, over, left, visas atomic.Int64
	var group sync.WaitGroup
	begun := time.Now()
	workers := runtime.GOMAXPROCS(0)
	for w := range workers {
		group.Go(func() {
			r, c, k := rand.New(rand.NewPCG(seed, uint64(w))), &counter{}, newCalculated()
			for n := next.Add(1); n <= total && !t.Failed(); n = next.Add(1) {
				on := draw(r, c)
				if k.take(c); k.err != nil {
					t.Error(k.err)
					return
				}
				if d := differ(c, k, on); d != "" {
					t.Error(d)
				}
				a := k.tell(on, c.visaEntries > 0)
				tally(&over, a.over > 0)
				tally(&left, a.left > 0 && a.left != max(0, c.limit-a.used))
				tally(&visas, c.visaEntries > 0)
				if n%10_000_000 == 0 {
					t.Logf("%d histories, %v", n, time.Since(begun).Round(time.Second))
				}
			}
		})
	}
	group.Wait()
	// What was drawn has in it what it is for.
	for what, n := range map[string]*atomic.Int64{"overstays": &over, "stays that straddle windows or visas": &left, "visas": &visas} {
		if n.Load() < total/50 {
			t.Errorf("only %d of %d histories have %s", n.Load(), total, what)
		}
	}
	t.Logf("%d histories in %v, 0 differences; %d with an overstay, %d with days given back or cut off, %d with a visa", total,
		time.Since(begun).Round(time.Second), over.Load(), left.Load(), visas.Load())
}

func tally(n *atomic.Int64, is bool) {
	if is {
		n.Add(1)
	}
}
