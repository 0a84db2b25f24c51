package travel_test

import (
	"regexp"
	"testing"

	"pgregory.net/rapid"

	"limen/travel"
)

func flight(t testing.TB, carrier, number string, from, to travel.Port, departure string) travel.Leg {
	l := travel.Leg{Carrier: carrier, Number: number, From: from, To: to}
	if departure != "" {
		l.Departure.Day = day(t, departure)
	}
	return l
}

func TestNewVoyageID(t *testing.T) {
	direct := flight(t, "ZZ", "702", "BGR", "KEF", "2026-11-23")
	onward := flight(t, "ZZ", "702", "KEF", "LHR", "2026-11-24")
	arrivalOnly := flight(t, "ZZ", "702", "BGR", "KEF", "")
	arrivalOnly.Arrival.Day = day(t, "2026-11-24")
	for _, c := range []struct {
		name string
		legs []travel.Leg
		want travel.VoyageID // "" for an error
	}{
		{"direct", []travel.Leg{direct}, "ZZ702-2026-11-23-BGR-KEF"},
		{"two legs: first day, first and last port", []travel.Leg{direct, onward}, "ZZ702-2026-11-23-BGR-LHR"},
		{"no departure day: the arrival's", []travel.Leg{arrivalOnly}, "ZZ702-2026-11-24-BGR-KEF"},
		{"no leg", nil, ""},
		{"no number", []travel.Leg{flight(t, "ZZ", "", "BGR", "KEF", "2026-11-23")}, ""},
		{"no first port", []travel.Leg{flight(t, "ZZ", "1", "", "KEF", "2026-11-23")}, ""},
		{"no last port", []travel.Leg{direct, flight(t, "ZZ", "1", "KEF", "", "2026-11-23")}, ""},
		{"a number of nine", []travel.Leg{flight(t, "ZZ", "123456789", "BGR", "KEF", "2026-11-23")}, ""},
		{"a number of signs", []travel.Leg{flight(t, "ZZ", "é☃", "BGR", "KEF", "2026-11-23")}, ""},
		{"a carrier of four", []travel.Leg{flight(t, "ZZZZ", "1", "BGR", "KEF", "2026-11-23")}, ""},
		{"a port of six", []travel.Leg{flight(t, "ZZ", "1", "BGR", "ISKEFX", "2026-11-23")}, ""},
		{"no day", []travel.Leg{flight(t, "ZZ", "1", "BGR", "KEF", "")}, ""},
	} {
		got, err := travel.NewVoyageID(c.legs)
		if got != c.want || (err == nil) != (c.want != "") {
			t.Errorf("%s: %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

// TestVoyageIDStandsInURL: whatever a carrier sends, the id is short and needs
// no escaping, or there is none.
func TestVoyageIDStandsInURL(t *testing.T) {
	plain := regexp.MustCompile(`^[A-Za-z0-9-]+$`)
	rapid.Check(t, func(r *rapid.T) {
		l := flight(t, rapid.String().Draw(r, "carrier"), "x"+rapid.String().Draw(r, "number"),
			travel.Port("a"+rapid.String().Draw(r, "from")), travel.Port("b"+rapid.String().Draw(r, "to")), "2026-11-23")
		id, err := travel.NewVoyageID([]travel.Leg{l})
		if err == nil && (!plain.MatchString(string(id)) || len(id) > 40) || err != nil && id != "" {
			r.Fatalf("%q, %v", id, err)
		}
	})
}
