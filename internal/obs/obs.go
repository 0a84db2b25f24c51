// Package obs holds the metrics of a running limen. No label carries personal
// data, and none has a value that a caller can make up.
package obs

import (
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
)

// Metrics is what limen counts. Each App has its own registry.
type Metrics struct {
	registry *prometheus.Registry

	Captures   *prometheus.CounterVec   // by action
	Rejected   *prometheus.CounterVec   // captures refused, by error code
	Stage      *prometheus.HistogramVec // seconds by stage of the path
	Crossings  *prometheus.CounterVec   // by direction, confirmation
	Decisions  *prometheus.CounterVec   // by outcome
	Manifests  *prometheus.CounterVec   // messages by status
	References *prometheus.CounterVec   // by readiness
	OptOuts    prometheus.Counter
	Erased     *prometheus.CounterVec   // sealed items by cause
	Lateness   prometheus.Gauge         // seconds the latest erasure was late
	LatenessOf *prometheus.GaugeVec     // the same by retention class
	Held       prometheus.Gauge         // records past their time that a hold keeps
	Stuck      prometheus.Gauge         // data keys destroyed whose rows could not be deleted
	Requests   *prometheus.HistogramVec // seconds by operation, status

	Notary *Notary
}

var latency = []float64{.001, .002, .005, .01, .02, .035, .05, .075, .1, .15, .25, .5, 1, 2, 5}

// NewMetrics returns metrics at zero.
func NewMetrics() *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry()}
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		c := prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "limen", Name: name, Help: help}, labels)
		m.registry.MustRegister(c)
		return c
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "limen", Name: name, Help: help, Buckets: latency}, labels)
		m.registry.MustRegister(h)
		return h
	}
	m.Captures = counter("captures_total", "Captures answered, by recommended action.", "action")
	m.Rejected = counter("captures_rejected_total", "Captures refused, by error code.", "code")
	m.Stage = histogram("capture_stage_seconds", "Time of each stage from capture to recommendation.", "stage")
	m.Crossings = counter("crossings_total", "Crossings recorded.", "direction", "confirmation")
	m.Decisions = counter("decisions_total", "Decisions, by outcome and by whom: rule or officer.", "outcome", "by")
	m.Manifests = counter("manifest_messages_total", "Manifest messages, by status.", "status")
	m.References = counter("references_total", "References received, by readiness.", "readiness")
	m.Erased = counter("erased_total", "Sealed items erased, by cause.", "cause")
	m.Requests = histogram("http_request_seconds", "HTTP requests.", "operation", "status")
	m.OptOuts = prometheus.NewCounter(prometheus.CounterOpts{Namespace: "limen", Name: "opt_outs_total", Help: "Encounters in which the traveler declined."})
	m.Lateness = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "limen", Name: "erasure_lateness_seconds", Help: "How late the latest erasure was."})
	m.LatenessOf = prometheus.NewGaugeVec(prometheus.GaugeOpts{Namespace: "limen", Name: "erasure_lateness_of_class_seconds", Help: "How late the latest erasure was, by retention class."}, []string{"class"})
	m.registry.MustRegister(m.LatenessOf)
	m.Held = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "limen", Name: "held_records", Help: "Records past their time that a hold keeps."})
	m.Stuck = prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "limen", Name: "erasures_stuck", Help: "Data keys that are destroyed, and whose rows could not be deleted."})
	m.Notary = newNotary(m.registry)
	m.registry.MustRegister(m.OptOuts, m.Lateness, m.Held, m.Stuck, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Handler serves the metrics in the Prometheus text format.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// ObserveStage records how long a stage took.
func (m *Metrics) ObserveStage(stage string, d time.Duration) {
	m.Stage.WithLabelValues(stage).Observe(d.Seconds())
}
