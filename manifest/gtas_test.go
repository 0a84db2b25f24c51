package manifest_test

import (
	"os"
	"testing"

	"limen/manifest"
	"limen/travel"
)

// readGTAS parses one of the messages published by the U.S. Global Travel
// Assessment System, which lie beside the checkout and not in it.
func readGTAS(t *testing.T, name string) manifest.Message {
	t.Helper()
	f, err := os.Open("../../shared/data/manifests/" + name)
	if err != nil {
		t.Skip("the GTAS messages are not here: they are read from shared/data/manifests beside the checkout")
	}
	defer f.Close()
	p, err := manifest.Parse(f)
	if err != nil || len(p.Messages) != 1 || len(p.Diagnostics) != 0 {
		t.Fatalf("got %d messages, outside diagnostics %v, error %v", len(p.Messages), p.Diagnostics, err)
	}
	return p.Messages[0]
}

func localTime(t *testing.T, s string) (l travel.LocalTime) {
	t.Helper()
	if err := l.UnmarshalText([]byte(s)); err != nil {
		t.Fatal(err)
	}
	return l
}

func day(t *testing.T, s string) travel.Day {
	t.Helper()
	d, err := travel.ParseDay(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestGTASTwoLegs(t *testing.T) {
	m := readGTAS(t, "gtas-d05b-two-legs.txt")
	want := []travel.Leg{
		{Carrier: "AA", Number: "123", From: "ATL", To: "ORD", Departure: localTime(t, "2007-02-19T15:40"), Arrival: localTime(t, "2007-02-19T17:40")},
		{Carrier: "AA", Number: "124", From: "ORD", To: "JFK", Departure: localTime(t, "2007-02-19T18:40"), Arrival: localTime(t, "2007-02-19T19:55")},
	}
	if len(m.Legs) != 2 || m.Legs[0] != want[0] || m.Legs[1] != want[1] {
		t.Errorf("legs %+v", m.Legs)
	}
	if m.Reference != "PAX001" || m.Sender != "AIR1" || m.Function != manifest.Original || m.Crew {
		t.Errorf("message %q of %q is %q, crew %t", m.Reference, m.Sender, m.Function, m.Crew)
	}
	if len(m.Diagnostics) != 0 {
		t.Errorf("diagnostics %+v", m.Diagnostics)
	}
	if len(m.Passengers) != 2 {
		t.Fatalf("%d passengers", len(m.Passengers))
	}
	a, b := m.Passengers[0], m.Passengers[1]
	if a.Surname != "CLARK" || a.GivenNames != "MICHAEL" || a.Sex != travel.Male || a.BirthDate != day(t, "1972-09-07") ||
		a.Embark != "ATL" || a.Debark != "JFK" || a.Locator != "TYR123" || a.Reference != "ABC123" {
		t.Errorf("first passenger %+v", a)
	}
	if b.GivenNames != "CHERYL" || b.Sex != travel.Female || b.BirthDate != day(t, "1973-04-07") || b.Embark != "ORD" || b.Debark != "JFK" {
		t.Errorf("second passenger %+v", b)
	}
}

func TestGTASOwnSeparators(t *testing.T) {
	m := readGTAS(t, "gtas-d02b-custom-una.edi")
	if len(m.Legs) != 1 || m.Legs[0].Carrier != "TN" || m.Legs[0].Number != "506" || m.Legs[0].From != "BRE" || m.Legs[0].To != "YEU" {
		t.Errorf("legs %+v", m.Legs)
	}
	if len(m.Passengers) != 10 {
		t.Fatalf("%d passengers", len(m.Passengers))
	}
	numbers := map[string]bool{}
	for i, p := range m.Passengers {
		if p.Surname == "" || p.GivenNames == "" || p.BirthDate != day(t, "1954-10-16") || p.Nationality != "USA" || len(p.Documents) != 1 {
			t.Errorf("passenger %d is %+v", i+1, p)
			continue
		}
		d := p.Documents[0]
		if d.Type != travel.Passport || d.Issuer != "USA" || d.Expiry != day(t, "2018-02-21") {
			t.Errorf("passenger %d has document %+v", i+1, d)
		}
		numbers[d.Number] = true
	}
	if len(numbers) != 10 {
		t.Errorf("%d different document numbers", len(numbers))
	}
	// UNT's count and reference and CNT's count are wrong in the file.
	for _, d := range m.Diagnostics {
		if d.Severity != manifest.Warning || d.Passenger != 0 {
			t.Errorf("diagnostic %+v", d)
		}
	}
	if len(m.Diagnostics) != 3 {
		t.Errorf("%d diagnostics", len(m.Diagnostics))
	}
}
