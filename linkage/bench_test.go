package linkage_test

import (
	"testing"

	"limen/linkage"
	"limen/travel"
)

var sink float64

func person(surname, given string, year int16, month, date uint8) linkage.Person {
	return linkage.Person{Surname: surname, GivenNames: given, Birth: linkage.BirthDate{Year: year, Month: month, Date: date}, Sex: travel.Female, Nationality: "FRA",
		Documents: []travel.Document{{Type: travel.Passport, Number: "12AB34567", Issuer: "FRA"}}}
}

func BenchmarkCompare(b *testing.B) {
	x := person("LEFEVRE", "MARIE THERESE", 1980, 5, 17)
	for name, y := range map[string]linkage.Person{
		"same":     person("LEFEVRE", "MARIE THERESE", 1980, 5, 17),
		"variant":  person("Lefèvre", "Marie-Thérèse", 1980, 5, 17),
		"swapped":  person("MARIE THERESE", "LEFEVRE", 1980, 5, 17),
		"stranger": person("OKONKWO", "EMEKA DAVID", 1961, 11, 2),
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, sink = linkage.Compare(x, y, nil)
			}
		})
	}
}

func BenchmarkSearchKeys(b *testing.B) {
	x := person("LEFEVRE", "MARIE THERESE", 1980, 5, 17)
	b.ReportAllocs()
	for b.Loop() {
		sink += float64(len(linkage.SearchKeys(x)))
	}
}
