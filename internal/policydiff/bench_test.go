package policydiff_test

import (
	"bytes"
	"errors"
	"io"
	"testing"
	"time"

	"limen/internal/policydiff"
	"limen/internal/traffic"
)

// benchPersons is how many persons one round has.
const benchPersons = 20_000

// BenchmarkDiff reads a year's file and asks both rule sets, by turns with
// reading the same file alone. It reports persons and decisions a second, and
// how many times as long as reading it takes.
func BenchmarkDiff(b *testing.B) {
	var file bytes.Buffer
	if err := traffic.Write(&file, simulated(b, benchPersons, 1), nil); err != nil {
		b.Fatal(err)
	}
	from, to := side(b, "us-2004"), side(b, "us-2025")
	var reading, whole time.Duration
	for b.Loop() {
		start := time.Now()
		read(b, file.Bytes())
		reading += time.Since(start)
		start = time.Now()
		r, err := traffic.NewReader(bytes.NewReader(file.Bytes()))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := policydiff.Run(b.Context(), from, to, r, nil); err != nil {
			b.Fatal(err)
		}
		whole += time.Since(start)
	}
	b.ReportMetric(float64(b.N)*benchPersons/whole.Seconds(), "persons/s")
	b.ReportMetric(4*float64(b.N)*benchPersons/whole.Seconds(), "decisions/s")
	b.ReportMetric(whole.Seconds()/reading.Seconds(), "x_reading")
}

// BenchmarkSim asks both rule sets about simulated persons.
func BenchmarkSim(b *testing.B) {
	from, to := side(b, "us-2004"), side(b, "us-2025")
	for b.Loop() {
		if _, err := policydiff.Run(b.Context(), from, to, simulated(b, benchPersons, 1), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*benchPersons/b.Elapsed().Seconds(), "persons/s")
}

// read reads every row and does nothing else.
func read(tb testing.TB, data []byte) {
	r, err := traffic.NewReader(bytes.NewReader(data))
	if err != nil {
		tb.Fatal(err)
	}
	var row traffic.Row
	for err == nil {
		err = r.Next(&row)
	}
	if !errors.Is(err, io.EOF) {
		tb.Fatal(err)
	}
}
