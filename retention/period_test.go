package retention_test

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"limen/retention"
)

func TestPeriodWords(t *testing.T) {
	for _, c := range []struct {
		p          retention.Period
		words, iso string
	}{
		{retention.Period{}, "no time", "P0D"},
		{retention.Period{Hours: 12}, "12 hours", "PT12H"},
		{retention.Period{Days: 1}, "1 day", "P1D"},
		{retention.Period{Years: 3, Days: 1}, "3 years and 1 day", "P3Y1D"},
		{retention.Period{Years: 1, Months: 2, Days: 3, Hours: 4}, "1 year and 2 months and 3 days and 4 hours", "P1Y2M3DT4H"},
	} {
		iso, err := c.p.MarshalText()
		if c.p.String() != c.words || string(iso) != c.iso || err != nil {
			t.Errorf("%q, %s, %v; want %q, %s", c.p, iso, err, c.words, c.iso)
		}
	}
}

func TestPeriodCalendar(t *testing.T) {
	for _, c := range []struct {
		from   string
		p      retention.Period
		to     string
		before string // the period's start if it ends at from
	}{
		{"2026-01-31T06:07:08Z", retention.Period{Months: 1}, "2026-02-28T06:07:08Z", "2025-12-31T06:07:08Z"},
		{"2028-01-31T06:07:08Z", retention.Period{Months: 1}, "2028-02-29T06:07:08Z", "2027-12-31T06:07:08Z"},
		{"2026-12-15T00:00:00Z", retention.Period{Months: 1}, "2027-01-15T00:00:00Z", "2026-11-15T00:00:00Z"},
		{"2026-01-15T00:00:00Z", retention.Period{Months: 13}, "2027-02-15T00:00:00Z", "2024-12-15T00:00:00Z"},
		{"2024-02-29T23:59:59Z", retention.Period{Years: 4}, "2028-02-29T23:59:59Z", "2020-02-29T23:59:59Z"},
		{"2024-02-29T23:59:59Z", retention.Period{Years: 1}, "2025-02-28T23:59:59Z", "2023-02-28T23:59:59Z"},
		{"2096-02-29T00:00:00Z", retention.Period{Years: 4}, "2100-02-28T00:00:00Z", "2092-02-29T00:00:00Z"},
		{"2026-05-31T00:00:00Z", retention.Period{Months: 3}, "2026-08-31T00:00:00Z", "2026-02-28T00:00:00Z"},
		{"2026-03-01T00:30:00+01:00", retention.Period{Years: 2}, "2028-02-28T23:30:00Z", "2024-02-28T23:30:00Z"},
	} {
		from := instant(t, c.from)
		after, before := c.p.After(from).Format(time.RFC3339Nano), c.p.Before(from).Format(time.RFC3339Nano)
		if after != c.to || before != c.before {
			t.Errorf("%s: %s after is %s, want %s; before is %s, want %s", c.from, c.p, after, c.to, before, c.before)
		}
	}
}

// For any instant and any rule: the end is in the month the words name, never
// later than the plain calendar sum and at most three days before it, with the
// same time of day; and it does not depend on the zone.
func TestPeriodProperties(t *testing.T) {
	zone := time.FixedZone("", 9*3600)
	rapid.Check(t, func(t *rapid.T) {
		start := time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "start"), rapid.Int64Range(0, 999999999).Draw(t, "ns")).UTC()
		p := retention.Period{Years: rapid.IntRange(0, 80).Draw(t, "years"), Months: rapid.IntRange(0, 30).Draw(t, "months")}
		end := p.After(start)
		sum := start.AddDate(p.Years, p.Months, 0)
		if end.After(sum) || sum.Sub(end) > 3*24*time.Hour {
			t.Fatalf("%s + %s: %s, the calendar has %s", start, p, end, sum)
		}
		months := 12*start.Year() + int(start.Month()) + 12*p.Years + p.Months
		if 12*end.Year()+int(end.Month()) != months {
			t.Fatalf("%s + %s ends in another month: %s", start, p, end)
		}
		if end.Format("15:04:05.000000000") != start.Format("15:04:05.000000000") {
			t.Fatalf("%s + %s: the time of day is %s", start, p, end)
		}
		if end.Day() != start.Day() && end.AddDate(0, 0, 1).Day() != 1 {
			t.Fatalf("%s + %s: %s is neither that day nor the last of its month", start, p, end)
		}
		if !p.After(start.In(zone)).Equal(end) || end.Location() != time.UTC {
			t.Fatalf("%s + %s depends on the zone", start, p)
		}
	})
}
