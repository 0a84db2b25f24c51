package manifest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"testing"

	"limen/manifest"
	"limen/travel"
)

// bigMessage is a message of n passengers as a wide-body's carrier sends it.
func bigMessage(n int) manifest.Message {
	m := manifest.Message{Reference: "BIG", Sender: "XQAIR", Interchange: "1", Function: manifest.Original,
		Legs: []travel.Leg{{Carrier: "XQ", Number: "12", From: "LHR", To: "BOS",
			Departure: travel.LocalTime{Day: mustDay("2026-03-02"), Minute: 570}, Arrival: travel.LocalTime{Day: mustDay("2026-03-02"), Minute: 720}}}}
	for i := range n {
		letters := string([]byte{'A' + byte(i/26/26%26), 'A' + byte(i/26%26), 'A' + byte(i%26)})
		m.Passengers = append(m.Passengers, manifest.Passenger{
			Person: travel.Person{Surname: "ADAMSON" + letters, GivenNames: "ROSE ANN", BirthDate: mustDay("1980-02-29"), Sex: travel.Female, Nationality: "GBR"},
			Embark: "LHR", Debark: "BOS", Locator: "QWERTY", Reference: fmt.Sprintf("%05d", i),
			Documents: []travel.Document{{Type: "P", Number: fmt.Sprintf("AB%07d", i), Issuer: "GBR", Expiry: mustDay("2030-12-31")}},
		})
	}
	return m
}

func BenchmarkParsePAXLST(b *testing.B) {
	var wire bytes.Buffer
	if err := manifest.WritePAXLST(&wire, bigMessage(500)); err != nil {
		b.Fatal(err)
	}
	benchmarkParse(b, wire.Bytes())
}

func BenchmarkParseJSON(b *testing.B) {
	wire, err := json.Marshal(bigMessage(500))
	if err != nil {
		b.Fatal(err)
	}
	benchmarkParse(b, wire)
}

func benchmarkParse(b *testing.B, wire []byte) {
	b.SetBytes(int64(len(wire)))
	b.ReportAllocs()
	for b.Loop() {
		p, err := manifest.Parse(bytes.NewReader(wire))
		if err != nil || len(p.Messages[0].Passengers) != 500 {
			b.Fatal(err)
		}
	}
}
