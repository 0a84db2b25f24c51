// Package traffic reads and simulates streams of persons who cross a border:
// what a rule of law is tried on before it is switched on.
//
// A stream is a CSV with a header line; a row is one person at one crossing. A
// cell that is empty, or a column that is missing, is a fact that nobody
// stated: it stays unknown, and never becomes a no.
//
//	r, err := traffic.NewReader(file)
//	s, err := traffic.NewSim(traffic.Sim{Assumptions: traffic.BuiltIn(), Persons: 1_000_000, Year: 2026, Seed: 1})
//	for err := r.Next(&row); err == nil; err = r.Next(&row) { err := row.Question(&q) … }
//
// Both hold one row at a time. Simulated persons do not exist; they are drawn
// from stated shares (assumptions.csv), each with its source.
package traffic
