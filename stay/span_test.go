package stay

import (
	"testing"

	"limen/travel"
)

// TestCalendar: the day numbers are those of travel's calendar, on every day
// of 400 years, after which it repeats itself, and at its ends, both ways.
func TestCalendar(t *testing.T) {
	same := func(d travel.Day, n int32) {
		if number(d) != n || dayOf(n) != d {
			t.Fatalf("%s is day %d, want %d, which is %s", d, number(d), n, dayOf(n))
		}
	}
	d, first := travel.Day{Year: 1900, Month: 1, Date: 1}, number(firstDay)
	for n := first + int32(firstDay.DaysUntil(d)); d.Year < 2300; n, d = n+1, d.AddDays(1) {
		same(d, n)
	}
	for year := int16(1); year < 9999; year++ {
		d := travel.Day{Year: year, Month: 12, Date: 31}
		same(d, first+int32(firstDay.DaysUntil(d)))
		same(d.AddDays(1), first+int32(firstDay.DaysUntil(d))+1)
	}
	same(lastDay, first+3652058) // the years 1 to 9999
	for _, n := range []int32{first - 1, number(lastDay) + 1, -forever, forever} {
		if got := dayOf(n); got != (travel.Day{}) {
			t.Errorf("day %d, out of the calendar, is %s", n, got)
		}
	}
}
