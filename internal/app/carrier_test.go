package app

import (
	"bytes"
	"encoding/json"
	"testing"

	"limen/authz"
	"limen/internal/store"
	"limen/manifest"
	"limen/travel"
)

// An airline's code may begin like another's, and a voyage's id joins code and
// number: flight 101 of ZZ and flight Z101 of Z have one id. The second is still
// not the second's to change.
func TestOneCarrierCannotChangeAnothersVoyage(t *testing.T) {
	s := newSite(t)
	v, ps := s.board("GBR", "USA")
	for name, leg := range map[string]travel.Leg{
		"split otherwise":    {Carrier: "Z", Number: "Z101", From: "BGR", To: "KEF"},
		"with a sign inside": {Carrier: "Z", Number: "Z-101", From: "BGR", To: "KEF"},
	} {
		l := ownLeg(leg)
		b, err := json.Marshal(manifest.Message{Reference: name, Sender: "Z", Function: manifest.Reduction, Legs: []travel.Leg{l},
			Passengers: []manifest.Passenger{person(0, "GBR")}})
		if err != nil {
			t.Fatal(err)
		}
		r, err := s.TakeManifest(t.Context(), Actor{Key: "k-z", Role: authz.Carrier, Carrier: "Z"}, bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range r.Messages {
			if m.Voyage == v && m.Status != Rejected || m.Voyage == v && len(m.Passengers) != 0 {
				t.Errorf("%s: %+v", name, m)
			}
		}
	}
	listed := read(s, func(tx *store.Tx) ([]store.Passenger, error) { return tx.Passengers(v) })
	if len(listed) != len(ps) {
		t.Errorf("%d passengers are left of %d", len(listed), len(ps))
	}
	if got := read(s, func(tx *store.Tx) (*store.Voyage, error) { return tx.Voyage(v) }); got.Carrier != "ZZ" || got.Legs[0].Carrier != "ZZ" {
		t.Errorf("the voyage is now %+v", got)
	}
}

// ownLeg gives a leg the times of the voyage under test.
func ownLeg(l travel.Leg) travel.Leg {
	times := leg(l.From, l.To)
	l.Departure, l.Arrival = times.Departure, times.Arrival
	return l
}
