package manifest_test

import (
	"bytes"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"limen/errs"
	"limen/manifest"
	"limen/travel"

	"pgregory.net/rapid"
)

// drawMessage draws a message that the writer can write and the reader can
// read back: values within the alphabet, nobody born after the departure.
func drawMessage(t *rapid.T) manifest.Message {
	functions := []manifest.Function{manifest.Original, manifest.Update, manifest.Reduction, manifest.Cancel, manifest.CloseOut}
	m := manifest.Message{
		Reference:   text(1, 14).Draw(t, "reference"),
		Sender:      text(1, 35).Draw(t, "sender"),
		Interchange: text(1, 14).Draw(t, "interchange"),
		Transaction: text(0, 20).Draw(t, "transaction"),
		Function:    rapid.SampledFrom(functions).Draw(t, "function"),
		Crew:        rapid.Bool().Draw(t, "crew"),
		Passengers:  []manifest.Passenger{},
		Diagnostics: []manifest.Diagnostic{},
	}
	m.NotBoarded = m.Function == manifest.CloseOut && !m.Crew && rapid.Bool().Draw(t, "not boarded")
	from := drawPort(t)
	for range rapid.IntRange(1, 4).Draw(t, "legs") {
		l := travel.Leg{Carrier: rapid.StringMatching(`[A-Z]{2,3}`).Draw(t, "carrier"), From: from, To: drawPort(t),
			Number:    rapid.StringMatching(`[1-9][0-9]{0,3}[A-Z]?`).Draw(t, "number"),
			Departure: drawTime(t), Arrival: drawTime(t)}
		m.Legs = append(m.Legs, l)
		from = l.To
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "passengers") {
		m.Passengers = append(m.Passengers, drawPassenger(t, i))
	}
	return m
}

// text draws printable ASCII, service characters included, without blanks at
// the ends.
func text(least, most int) *rapid.Generator[string] {
	r := rapid.RuneFrom(nil, asciiTable)
	return rapid.Map(rapid.StringOfN(r, least, most, -1), func(s string) string {
		if s = strings.TrimSpace(s); len(s) < least {
			s += "?"
		}
		return s
	})
}

func drawPort(t *rapid.T) travel.Port {
	return travel.Port(rapid.StringMatching(`[A-Z]{3}`).Draw(t, "port"))
}

func drawDay(t *rapid.T, from, to int) travel.Day {
	d, _ := travel.NewDay(rapid.IntRange(from, to).Draw(t, "year"), rapid.IntRange(1, 12).Draw(t, "month"), rapid.IntRange(1, 28).Draw(t, "date"))
	return d
}

func drawTime(t *rapid.T) travel.LocalTime {
	return travel.LocalTime{Day: drawDay(t, 2000, 2080), Minute: int16(rapid.IntRange(0, 1439).Draw(t, "minute"))}
}

func drawPassenger(t *rapid.T, i int) manifest.Passenger {
	p := manifest.Passenger{
		Person: travel.Person{
			// A number in letters keeps neighbors from having one name.
			Surname:     rapid.StringMatching(`[A-Z]{1,12}( [A-Z]{1,12})?`).Draw(t, "surname") + string(rune('A'+i)),
			GivenNames:  rapid.StringMatching(`([A-Z]{1,20}( [A-Z]{1,20}){0,3})?`).Draw(t, "given"),
			Sex:         rapid.SampledFrom([]travel.Sex{"", travel.Female, travel.Male, travel.SexX}).Draw(t, "sex"),
			Nationality: travel.Country(rapid.StringMatching(`([A-Z]{3}|D)?`).Draw(t, "nationality")),
		},
		Embark: drawPort(t), Debark: drawPort(t),
		Reference: text(0, 10).Draw(t, "reference"), Locator: text(0, 6).Draw(t, "locator"),
		Transit:   rapid.Bool().Draw(t, "transit"),
		Documents: []travel.Document{},
	}
	if rapid.Bool().Draw(t, "born") {
		p.BirthDate = drawDay(t, 1890, 1999)
	}
	for k := range rapid.IntRange(0, 3).Draw(t, "documents") {
		d := travel.Document{Type: rapid.SampledFrom([]travel.DocumentType{"P", "V", "I", "C"}).Draw(t, "type"),
			Number: text(1, 12).Draw(t, "number") + fmt.Sprint(k), Issuer: "UTO"}
		if rapid.Bool().Draw(t, "expires") {
			d.Expiry = drawDay(t, 1990, 2099)
		}
		p.Documents = append(p.Documents, d)
	}
	return p
}

// What is written is read back the same, release characters and all.
func TestWriteThenParse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := drawMessage(t)
		var b bytes.Buffer
		if err := manifest.WritePAXLST(&b, m); err != nil {
			t.Fatal(err)
		}
		got, err := manifest.ParsePAXLST(&b)
		if err != nil || len(got.Messages) != 1 || len(got.Diagnostics) != 0 {
			t.Fatalf("%d messages, outside diagnostics %v, error %v", len(got.Messages), got.Diagnostics, err)
		}
		g := got.Messages[0]
		for _, d := range g.Diagnostics {
			// Drawn document numbers have characters that real ones have not.
			if d.Code != manifest.CodeDocumentForm {
				t.Fatalf("diagnostic %+v", d)
			}
		}
		g.Diagnostics = []manifest.Diagnostic{}
		if !reflect.DeepEqual(g, m) {
			t.Fatalf("wrote %+v\nread  %+v", m, g)
		}
	})
}

func TestWriteRefuses(t *testing.T) {
	good := func() manifest.Message {
		return manifest.Message{Reference: "1", Sender: "TEST", Function: manifest.Original,
			Legs:       []travel.Leg{{Carrier: "XQ", Number: "7", From: "AAA", To: "BBB"}},
			Passengers: []manifest.Passenger{{Person: travel.Person{Surname: "ADAMS"}}}}
	}
	if err := manifest.WritePAXLST(&bytes.Buffer{}, good()); err != nil {
		t.Fatal(err)
	}
	for name, spoil := range map[string]func(*manifest.Message){
		"no reference":     func(m *manifest.Message) { m.Reference = "" },
		"long reference":   func(m *manifest.Message) { m.Reference = "123456789012345" },
		"no sender":        func(m *manifest.Message) { m.Sender = "" },
		"no function":      func(m *manifest.Message) { m.Function = "" },
		"no leg":           func(m *manifest.Message) { m.Legs = nil },
		"no number":        func(m *manifest.Message) { m.Legs[0].Number = "" },
		"zeros in number":  func(m *manifest.Message) { m.Legs[0].Number = "007" },
		"no surname":       func(m *manifest.Message) { m.Passengers[0].Surname = "" },
		"other script":     func(m *manifest.Message) { m.Passengers[0].Surname = "Ω" },
		"long name":        func(m *manifest.Message) { m.Passengers[0].Surname = strings.Repeat("A", 36) },
		"sex":              func(m *manifest.Message) { m.Passengers[0].Sex = "Q" },
		"locator in UTF-8": func(m *manifest.Message) { m.Passengers[0].Locator = "É" },
		"nameless paper":   func(m *manifest.Message) { m.Passengers[0].Documents = []travel.Document{{Type: "P"}} },
	} {
		m := good()
		spoil(&m)
		var b bytes.Buffer
		if err := manifest.WritePAXLST(&b, m); errs.KindOf(err) != errs.Invalid || b.Len() != 0 {
			t.Errorf("%s: error %v after %d bytes", name, err, b.Len())
		}
	}
}
