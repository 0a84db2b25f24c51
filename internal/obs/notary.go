package obs

import "github.com/prometheus/client_golang/prometheus"

// Notary is what the notary of the audit log counts.
type Notary struct {
	Leaves   prometheus.Gauge   // of the latest checkpoint
	Signed   prometheus.Gauge   // when that was, in seconds since 1970
	Altered  prometheus.Gauge   // 1 once the log is found altered
	Held     prometheus.Gauge   // leaves of the latest checkpoint at the witness
	Failures prometheus.Counter // pushes to the witness that failed
}

func newNotary(r *prometheus.Registry) *Notary {
	gauge := func(name, help string) prometheus.Gauge {
		g := prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "limen", Subsystem: "audit", Name: name, Help: help})
		r.MustRegister(g)
		return g
	}
	n := &Notary{
		Leaves:  gauge("checkpoint_leaves", "Leaves of the latest checkpoint."),
		Signed:  gauge("checkpoint_timestamp_seconds", "When the latest checkpoint was signed."),
		Altered: gauge("altered", "1 once the audit log is found altered; the program stops then."),
		Held:    gauge("witness_leaves", "Leaves of the latest checkpoint at the witness."),
		Failures: prometheus.NewCounter(prometheus.CounterOpts{Namespace: "limen", Subsystem: "audit", Name: "witness_failures_total",
			Help: "Checkpoints that could not be pushed to the witness; each is tried again."}),
	}
	r.MustRegister(n.Failures)
	return n
}
