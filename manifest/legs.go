package manifest

import (
	"strings"

	"limen/travel"
)

// stop is a port that a conveyance calls at, as LOC and the DTM after it say.
type stop struct {
	port      travel.Port
	kind      string // 125 departure, 87 arrival, 92 either
	arrival   travel.LocalTime
	departure travel.LocalTime
}

// stage gathers the ports of one TDT, which may be one leg or a row of them.
type stage struct {
	open    bool
	at      place
	carrier string
	number  string
	stops   []stop
}

func (s *stage) begin(at place, carrier, number string) {
	*s = stage{open: true, at: at, carrier: carrier, number: number, stops: s.stops[:0]}
}

// call adds a port. A port named twice in a row, as the end of one leg and the
// beginning of the next, is one stop; not so where it has been departed from,
// for a flight may come back to where it began.
func (s *stage) call(port travel.Port, kind string) {
	if n := len(s.stops); n > 0 && port != "" {
		last := s.stops[n-1]
		if last.port == port && last.kind != "125" && last.departure.IsZero() {
			return
		}
	}
	s.stops = append(s.stops, stop{port: port, kind: kind})
}

// depart sets the departure from the last port, or from a port that was lost.
// It reports false if that port has one already.
func (s *stage) depart(t travel.LocalTime) bool {
	if len(s.stops) == 0 {
		s.call("", "125")
	}
	last := &s.stops[len(s.stops)-1]
	if !last.departure.IsZero() {
		return false
	}
	last.departure = t
	return true
}

// arrive sets the arrival at the last port. One that has been departed from
// already is not it: then the LOC of the port of arrival was lost.
func (s *stage) arrive(t travel.LocalTime) bool {
	if n := len(s.stops); n == 0 || !s.stops[n-1].departure.IsZero() || s.stops[n-1].kind == "125" {
		s.stops = append(s.stops, stop{kind: "87"})
	}
	last := &s.stops[len(s.stops)-1]
	if !last.arrival.IsZero() {
		return false
	}
	last.arrival = t
	return true
}

// legs returns the stage as legs between its stops. Where 125 and 87 name both
// ends, 92 names ports on the way that carriers repeat, and is passed over.
func (s *stage) legs() []travel.Leg {
	stops := s.stops
	if s.has("125") && s.has("87") {
		stops = nil
		for _, c := range s.stops {
			if c.kind != "92" {
				stops = append(stops, c)
			}
		}
	}
	switch {
	case len(stops) == 0:
		return []travel.Leg{{Carrier: s.carrier, Number: s.number}}
	case len(stops) == 1 && stops[0].kind == "87":
		stops = []stop{{}, stops[0]}
	case len(stops) == 1:
		stops = []stop{stops[0], {}}
	}
	legs := make([]travel.Leg, 0, len(stops)-1)
	for i, from := range stops[:len(stops)-1] {
		to := stops[i+1]
		legs = append(legs, travel.Leg{
			Carrier: s.carrier, Number: s.number, From: from.port, To: to.port,
			Departure: from.departure, Arrival: to.arrival,
		})
	}
	return legs
}

func (s *stage) has(kind string) bool {
	for _, c := range s.stops {
		if c.kind == kind {
			return true
		}
	}
	return false
}

// splitJourney parts an identifier such as TN506, U21234 or BAW9 into the
// carrier's designator and the number; zeros in front of the number go, so
// that AA0123 and AA123 are one flight. What has no designator is all number.
//
// Source: IATA Resolution 762 (two-character designators, of which one may be
// a digit); ICAO Doc 8585 (three letters).
func splitJourney(id string) (carrier, number string) {
	n := 0
	switch {
	case len(id) > 3 && isCapitals(id[:3], 3, 3) && isDigit(id[3]):
		n = 3
	case len(id) > 2 && isAlnum(id[:2]) && !(isDigit(id[0]) && isDigit(id[1])) && isDigit(id[2]):
		n = 2
	}
	return id[:n], trimZeros(id[n:])
}

// readJourney parts the identifier of a journey whose carrier may be stated
// beside it. It reports false if the two name different carriers of the same
// kind; the one stated is taken.
func readJourney(id, stated string) (carrier, number string, ok bool) {
	carrier, number = splitJourney(id)
	switch {
	case stated == "":
		return carrier, number, true
	case carrier == "" && strings.HasPrefix(id, stated) && len(id) > len(stated):
		return stated, trimZeros(id[len(stated):]), true
	}
	return stated, number, carrier == "" || carrier == stated || len(carrier) != len(stated)
}

func trimZeros(s string) string {
	t := strings.TrimLeft(s, "0")
	if t == "" || !isDigit(t[0]) {
		return s
	}
	return t
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }
