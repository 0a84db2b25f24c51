package policydiff_test

import (
	"context"
	"strings"
	"testing"

	"limen/internal/policydiff"
	"limen/internal/traffic"
	"limen/policy"
)

// side returns an embedded rule set.
func side(tb testing.TB, id string) policydiff.Side {
	tb.Helper()
	set, err := policy.Default().Set(id)
	if err != nil {
		tb.Fatal(err)
	}
	return policydiff.Side{Set: set, Until: policy.Default().Until(set)}
}

func simulated(tb testing.TB, persons int, seed uint64) *traffic.Simulator {
	tb.Helper()
	s, err := traffic.NewSim(traffic.Sim{Assumptions: traffic.BuiltIn(), Persons: persons, Year: 2026, Seed: seed})
	if err != nil {
		tb.Fatal(err)
	}
	return s
}

// diff compares two embedded rule sets on a stream.
func diff(tb testing.TB, from, to string, in traffic.Source) *policydiff.Diff {
	tb.Helper()
	d, err := policydiff.Run(context.Background(), side(tb, from), side(tb, to), in, nil)
	if err != nil {
		tb.Fatal(err)
	}
	d.Traffic.Name = "test.csv"
	return d
}

// rows reads a CSV that stands in a test.
func rows(tb testing.TB, csv string) *traffic.Reader {
	tb.Helper()
	r, err := traffic.NewReader(strings.NewReader(csv))
	if err != nil {
		tb.Fatal(err)
	}
	return r
}
