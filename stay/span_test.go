package stay

import (
	"testing"

	"limen/travel"
)

// TestCalendar: the day numbers are those of travel's calendar, on every day
// there is, both ways.
func TestCalendar(t *testing.T) {
	d, first := firstDay, number(firstDay)
	for n := first; ; n++ {
		if got := number(d); got != n {
			t.Fatalf("%s is day %d, want %d", d, got, n)
		}
		if got := dayOf(n); got != d {
			t.Fatalf("day %d is %s, want %s", n, got, d)
		}
		if d == lastDay {
			break
		}
		d = d.AddDays(1)
	}
	if n := number(lastDay) - first + 1; n != 3652059 { // of the years 1 to 9999
		t.Errorf("%d days", n)
	}
	for _, n := range []int32{first - 1, number(lastDay) + 1, -forever, forever} {
		if got := dayOf(n); got != (travel.Day{}) {
			t.Errorf("day %d, out of the calendar, is %s", n, got)
		}
	}
}
