package sim

import (
	"slices"
	"time"
)

// Percentiles are of the nearest rank, in milliseconds.
type Percentiles struct {
	P50 float64 `json:"p50"`
	P99 float64 `json:"p99"`
}

// Latency is that of a capture from post to recommendation, and of the
// system's stages.
type Latency struct {
	Percentiles
	Stages map[string]Percentiles `json:"stages,omitempty"`
}

func (s *Summary) latencies(a Answers) {
	var all []time.Duration
	stages := map[string][]time.Duration{}
	for _, e := range a.Encounters {
		for _, c := range e.Captures {
			all = append(all, c.Latency)
			for name, d := range c.Stages {
				stages[name] = append(stages[name], d)
			}
		}
	}
	s.Latency = Latency{Percentiles: percentiles(all), Stages: map[string]Percentiles{}}
	for name, d := range stages {
		s.Latency.Stages[name] = percentiles(d)
	}
	if a.Elapsed > 0 {
		s.CapturesPerSecond = float64(s.Captures) / a.Elapsed.Seconds()
	}
}

func percentiles(d []time.Duration) Percentiles {
	if len(d) == 0 {
		return Percentiles{}
	}
	slices.Sort(d)
	at := func(percent int) float64 { // the nearest rank: no value that was not measured
		rank := (percent*len(d) + 99) / 100
		return float64(d[rank-1].Microseconds()) / 1000
	}
	return Percentiles{P50: at(50), P99: at(99)}
}
