package report

import (
	_ "embed"
	"maps"
	"slices"
	"strings"

	"limen/travel"
)

// NotKnown is the nationality of whom none is known.
const NotKnown travel.Country = "XXX"

// countriesText has a line for each nationality: code, space, English name.
//
// Source: ISO 3166-1 alpha-3 (codes with a population of their own); ICAO Doc
// 9303-3, section 5, parts B to D (nationalities beyond them, such as XXA).
//
//go:embed countries.txt
var countriesText string

var countryNames = func() map[travel.Country]string {
	names := map[travel.Country]string{}
	for line := range strings.Lines(countriesText) {
		code, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		names[travel.Country(code)] = name
	}
	return names
}()

// Nationality returns the code a nationality is counted under: "D", as German
// documents have it, is DEU; a code that is not in the table is NotKnown.
func Nationality(code travel.Country) travel.Country {
	if code == "D" {
		return "DEU"
	}
	if _, ok := countryNames[code]; ok {
		return code
	}
	return NotKnown
}

// Nationalities returns every code of the table, in order.
func Nationalities() []travel.Country { return slices.Sorted(maps.Keys(countryNames)) }

// CountryName returns the English name of a nationality.
func CountryName(code travel.Country) string { return countryNames[Nationality(code)] }
