// Package report counts what the records hold, for boards, statistics and
// reports. It holds no personal data: only counts.
package report

import "limen/travel"

// Voyage is the counts of one voyage.
type Voyage struct {
	ID         travel.VoyageID  `json:"id"`
	Direction  travel.Direction `json:"direction"`
	Route      string           `json:"route"` // such as BGR–YHZ–LHR
	Departure  travel.LocalTime `json:"departure"`
	Arrival    travel.LocalTime `json:"arrival"`
	Closed     bool             `json:"closed"`
	Passengers int              `json:"passengers"`
	InScope    int              `json:"in_scope"`
	Ready      int              `json:"ready"`    // who have or had a usable reference
	Captures   int              `json:"captures"` // every one, repeats included
	Confirmed  int              `json:"confirmed"`
	Manual     int              `json:"manual"` // sent to an officer or decided by one
	OptOuts    int              `json:"opt_outs"`
	Crossed    int              `json:"crossed"`
}

// Total returns the sum of the counts.
func Total(vs []Voyage) (t Voyage) {
	for _, v := range vs {
		t.Passengers += v.Passengers
		t.InScope += v.InScope
		t.Ready += v.Ready
		t.Captures += v.Captures
		t.Confirmed += v.Confirmed
		t.Manual += v.Manual
		t.OptOuts += v.OptOuts
		t.Crossed += v.Crossed
	}
	return t
}
