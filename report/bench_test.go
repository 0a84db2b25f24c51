package report_test

import (
	"testing"
	"time"

	"limen/internal/staysim"
	"limen/report"
)

// BenchmarkTake counts a million stays, as a ratio to a plain pass over the
// same rows in memory that only adds up their days.
func BenchmarkTake(b *testing.B) {
	o := of2026(b, "2027-01-31")
	p, err := staysim.New(1_000_000, 1, o.Period)
	if err != nil {
		b.Fatal(err)
	}
	rows := make([]report.Stay, 0, 1_000_000)
	for s := range p.Stays() {
		rows = append(rows, s)
	}
	var plain, counted time.Duration
	sum := 0
	for b.Loop() {
		start := time.Now()
		for i := range rows {
			r := &rows[i]
			sum += int(r.Until.Date) + int(r.Departed.Date) + len(r.Citizenship) + len(r.Class)
		}
		plain += time.Since(start)
		start = time.Now()
		if _, err := report.Take(o, each(rows...), each[report.Departure]()); err != nil {
			b.Fatal(err)
		}
		counted += time.Since(start)
	}
	if sum == 0 {
		b.Fatal("nothing was read")
	}
	b.ReportMetric(float64(counted)/float64(plain), "×plain")
	b.ReportMetric(float64(len(rows)*b.N)/counted.Seconds(), "rows/s")
}
