package policydiff_test

import (
	"bytes"
	"errors"
	"io"
	"syscall"
	"testing"
	"time"

	"limen/internal/policydiff"
	"limen/internal/traffic"
)

// benchPersons is how many persons one round has.
const benchPersons = 20_000

// BenchmarkDiff reads a year's file and asks both rule sets, by turns with
// reading the same file alone. It reports persons and decisions a second of the
// process's own time, and how many times the time of reading it takes: on a
// machine with others on it the clock on the wall says little.
func BenchmarkDiff(b *testing.B) {
	var file bytes.Buffer
	if err := traffic.Write(&file, simulated(b, benchPersons, 1), nil); err != nil {
		b.Fatal(err)
	}
	from, to := side(b, "us-2004"), side(b, "us-2025")
	var reading, whole time.Duration
	for b.Loop() {
		start := own(b)
		read(b, file.Bytes())
		middle := own(b)
		r, err := traffic.NewReader(bytes.NewReader(file.Bytes()))
		if err != nil {
			b.Fatal(err)
		}
		if _, err := policydiff.Run(b.Context(), from, to, r, nil); err != nil {
			b.Fatal(err)
		}
		reading, whole = reading+middle-start, whole+own(b)-middle
	}
	b.ReportMetric(float64(b.N)*benchPersons/whole.Seconds(), "persons/cpu-s")
	b.ReportMetric(4*float64(b.N)*benchPersons/whole.Seconds(), "decisions/cpu-s")
	b.ReportMetric(whole.Seconds()/reading.Seconds(), "x_reading")
}

// BenchmarkSim asks both rule sets about simulated persons.
func BenchmarkSim(b *testing.B) {
	from, to := side(b, "us-2004"), side(b, "us-2025")
	start := own(b)
	for b.Loop() {
		if _, err := policydiff.Run(b.Context(), from, to, simulated(b, benchPersons, 1), nil); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.N)*benchPersons/(own(b)-start).Seconds(), "persons/cpu-s")
}

// own is the time that this process has had on all cores.
func own(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
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
