package sim

import (
	"fmt"
	"strings"

	"limen/manifest"
	"limen/travel"
)

// Manifest is the list of all passengers as the carrier sends it before the
// voyage: names in capitals without diacritics, because that is what its
// system holds.
func (v *Voyage) Manifest() manifest.Message {
	m := v.message(manifest.Original, "1")
	for _, p := range v.Passengers {
		m.Passengers = append(m.Passengers, p.onManifest())
	}
	return m
}

// CloseOut is the carrier's list after boarding: those who came to the gate.
// Whoever holds a picture boards under the name of the passenger shown.
func (v *Voyage) CloseOut() manifest.Message {
	m := v.message(manifest.CloseOut, "2")
	for _, p := range v.Passengers {
		if p.Fate != NoShow {
			m.Passengers = append(m.Passengers, p.onManifest())
		}
	}
	return m
}

func (v *Voyage) message(f manifest.Function, suffix string) manifest.Message {
	first := v.Legs[0]
	return manifest.Message{
		Reference: fmt.Sprintf("%s%s%s%s", first.Carrier, first.Number, strings.ReplaceAll(first.Departure.Day.String(), "-", ""), suffix),
		Sender:    first.Carrier,
		Function:  f,
		Legs:      v.Legs,
	}
}

func (p *Passenger) onManifest() manifest.Passenger {
	return manifest.Passenger{
		Person: travel.Person{
			Surname:     carrierName(p.Person.Surname),
			GivenNames:  carrierName(p.Person.GivenNames),
			BirthDate:   p.Person.BirthDate,
			Sex:         p.Person.Sex,
			Nationality: p.Person.Nationality,
		},
		Embark: p.Embark, Debark: p.Debark,
		Documents: p.Documents,
		Reference: p.Reference, Locator: p.Locator,
	}
}
