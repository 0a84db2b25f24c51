package stay_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"limen/stay"
	"limen/travel"
)

// dayZero is the first day of the counter's calendar: the toy windows have the
// leap day in them.
var dayZero = travel.Day{Year: 2024, Month: 2, Date: 20}

// calculated asks the calculator what the counter tells, with another limit and
// window if a mutant is tried.
type calculated struct {
	history stay.History
	rule    stay.Rule
	visa    stay.Visa
	err     error
	scratch []stay.Crossed
	terms   []stay.Term
	days    [toyDays + 1]travel.Day
}

func newCalculated() *calculated {
	k := &calculated{}
	for i := range k.days {
		k.days[i] = dayZero.AddDays(i)
	}
	return k
}

func (k *calculated) take(c *counter) {
	k.rule = stay.Rule{Limit: c.limit, Window: c.window}
	k.scratch, k.terms = k.scratch[:0], k.terms[:0]
	for _, x := range c.crossings {
		d := travel.Entry
		if x.exit {
			d = travel.Exit
		}
		k.scratch = append(k.scratch, stay.Crossed{Day: k.days[x.day], Direction: d, Permit: x.permit})
	}
	for _, p := range c.permits {
		k.terms = append(k.terms, stay.Term{From: k.days[p[0]], Until: k.days[p[1]]})
	}
	if c.visaEntries > 0 {
		k.visa = stay.Visa{Entries: []stay.VisaEntries{"", stay.SingleEntry, stay.DoubleEntry, stay.MultipleEntry}[min(3, c.visaEntries)],
			From: k.days[c.visaFrom], Until: k.days[c.visaUntil], Days: c.visaDays}
	}
	k.history, k.err = stay.NewHistory(k.scratch, k.terms)
}

func (k *calculated) tell(on int, visa bool) told {
	if !visa {
		return k.told(k.rule.Compute(k.history, k.days[on]), 0)
	}
	a := k.rule.ComputeVisa(k.history, k.visa, k.days[on])
	return k.told(a.Answer, a.EntriesUsed)
}

func (k *calculated) told(a stay.Answer, entries int) told {
	at := func(d travel.Day) int {
		if d.IsZero() {
			return -1
		}
		return k.days[0].DaysUntil(d)
	}
	return told{a.InCountry, a.Present, a.DaysUsed, a.DaysLeft, a.OverstayDays, at(a.FirstOverstay), at(a.LastDay), at(a.NextEntry), entries}
}

// differ returns what the two tell differently of a history on a day, or "".
func differ(c *counter, k *calculated, on int) string {
	want, got := c.tell(on), k.tell(on, c.visaEntries > 0)
	if got == want {
		return ""
	}
	return fmt.Sprintf("%d in any %d, crossings %+v, permits %v, visa %d entries %d..%d of %d days, on day %d:\n calculator %+v\n counter    %+v",
		c.limit, c.window, c.crossings, c.permits, c.visaEntries, c.visaFrom, c.visaUntil, c.visaDays, on, got, want)
}

// histories calls f with every history of at most n more crossings on the days
// from day on that are before end, in every order of entries and exits.
func histories(c *counter, n, day, end int, f func()) {
	f()
	if n == 0 {
		return
	}
	for d := day; d < end; d++ {
		for _, exit := range []bool{false, true} {
			if exit && len(c.crossings) == 0 {
				continue // refused: TestHistoryRefuses
			}
			c.crossings = append(c.crossings, toyCrossing{day: d, exit: exit})
			histories(c, n-1, d, end, f)
			c.crossings = c.crossings[:len(c.crossings)-1]
		}
	}
}

// TestExhaustive: every history of at most 5 crossings in 14 days, entries and
// exits in any order, at most 4 days in any 7, asked on every day until the last
// window is over: the calculator says what the counter says.
func TestExhaustive(t *testing.T) {
	const crossings, days, window = 5 - raced, 14, 7
	var checked, kept atomic.Int64
	var group sync.WaitGroup
	for first := range days {
		group.Go(func() {
			c, k := &counter{limit: 4, window: window, crossings: []toyCrossing{{day: first}}}, newCalculated()
			histories(c, crossings-1, first, days, func() {
				k.take(c)
				if k.err != nil {
					t.Error(k.err)
				}
				kept.Add(1)
				for on := first; on < days+window; on++ {
					checked.Add(1)
					if d := differ(c, k, on); d != "" && !t.Failed() {
						t.Error(d)
					}
				}
			})
		})
	}
	group.Wait()
	// Of k crossings on 14 days in order there are C(13+k, k), and each but the
	// first is an entry or an exit.
	if want := int64(14 + 2*105 + 4*560 + 8*2380 + 16*8568*(1-raced)); kept.Load() != want {
		t.Errorf("%d histories, want %d", kept.Load(), want)
	}
	t.Logf("%d histories, %d answers, 0 differences", kept.Load(), checked.Load())
}

// TestExhaustiveUnderPermits: every history of at most 3 crossings in 10 days
// beside every permit of those days.
func TestExhaustiveUnderPermits(t *testing.T) {
	const crossings, days, window = 3 - raced, 10, 7
	c, k := &counter{limit: 4, window: window}, newCalculated()
	checked := 0
	for from := range days {
		for until := from; until < days; until++ {
			c.permits = [][2]int{{from, until}}
			histories(c, crossings, 0, days, func() {
				k.take(c)
				for on := 0; on < days+window; on++ {
					checked++
					if d := differ(c, k, on); d != "" && !t.Failed() {
						t.Error(d)
					}
				}
			})
		}
	}
	if n := 1 + 10 + 2*55 + 4*220*(1-raced); checked != n*55*(days+window) {
		t.Errorf("%d answers", checked)
	}
}
