package travel

import (
	"fmt"
	"strings"
)

// Port is a port of entry or departure, as an IATA location code ("JFK") or a
// UN/LOCODE ("USJFK"). The empty string is unspecified.
type Port string

// PointID names a capture point within limen: a gate, booth, lane or kiosk with
// a camera at a port.
type PointID string

// Direction says which way a crossing goes. Its zero value is unspecified and
// is refused wherever a direction matters.
type Direction string

// The directions.
const (
	Entry Direction = "entry"
	Exit  Direction = "exit"
)

// Leg is one flight or sailing between two ports. Times are local at their
// own port and may be missing.
type Leg struct {
	Carrier   string    `json:"carrier"`
	Number    string    `json:"number"`
	From      Port      `json:"from"`
	To        Port      `json:"to"`
	Departure LocalTime `json:"departure"`
	Arrival   LocalTime `json:"arrival"`
}

// VoyageID names a voyage: carrier, number, first departure day, ports. Two
// manifests for the same movement give the same id. It holds no personal data
// and may stand in a URL.
type VoyageID string

// Voyage is one movement of an aircraft or vessel across the border, in one
// leg or several.
type Voyage struct {
	ID        VoyageID  `json:"id"`
	Direction Direction `json:"direction"`
	Port      Port      `json:"port"` // where the crossing takes place
	Legs      []Leg     `json:"legs"`
}

// NewVoyageID makes the id of the movement with these legs. It returns an
// error if there is no leg, or the first lacks number, port or day.
func NewVoyageID(legs []Leg) (VoyageID, error) {
	if len(legs) == 0 {
		return "", fmt.Errorf("a voyage needs at least one leg")
	}
	first, last := legs[0], legs[len(legs)-1]
	day := first.Departure.Day
	if day.IsZero() {
		day = first.Arrival.Day
	}
	switch {
	case first.Number == "":
		return "", fmt.Errorf("the first leg has no flight or voyage number")
	case !plain(first.Carrier, 0, 3) || !plain(first.Number, 1, 8):
		return "", fmt.Errorf("a carrier code has up to 3 letters and digits, a flight or voyage number up to 8")
	case !plain(string(first.From), 0, 5) || !plain(string(last.To), 0, 5):
		return "", fmt.Errorf("a port code has up to 5 letters and digits")
	case first.From == "" || last.To == "":
		return "", fmt.Errorf("the voyage has no first or no last port")
	case day.IsZero():
		return "", fmt.Errorf("the first leg has no departure day")
	}
	parts := []string{first.Carrier + first.Number, day.String(), string(first.From), string(last.To)}
	return VoyageID(strings.Join(parts, "-")), nil
}

// plain reports whether s has least to most letters and digits and nothing
// else, so that an id made of it can stand in a URL and a log line, and no two
// voyages share one.
func plain(s string, least, most int) bool {
	if len(s) < least || len(s) > most {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if !(c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9') {
			return false
		}
	}
	return true
}
