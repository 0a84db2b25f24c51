package policydiff

import (
	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"limen/policy"
)

// meaning says in a few words what a group is, or "".
func meaning(dimension, value string) string {
	switch dimension {
	case byClass:
		return classes[value]
	case byMode:
		return modeMeanings[policy.Mode(value)]
	case byNationality:
		return countryName(value)
	}
	return ""
}

var modeMeanings = map[policy.Mode]string{policy.Land: "by vehicle", policy.Pedestrian: "land, on foot"}

// classes says what the common classes of admission are.
//
// Source: 8 USC 1101(a)(15), 1187 (WB, WT); 8 CFR 214.2, 214.6 (TN).
var classes = map[string]string{
	"citizen": "presents as a citizen",
	"LPR":     "lawful permanent resident",
	"A-1":     "ambassador, minister, diplomat; family",
	"A-2":     "other foreign official; family",
	"A-3":     "employee of A-1 or A-2",
	"B-1":     "visitor for business",
	"B-2":     "visitor for pleasure",
	"C-1":     "in transit",
	"C-3":     "foreign official in transit",
	"D":       "crew",
	"E-1":     "treaty trader; family",
	"E-2":     "treaty investor; family",
	"F-1":     "student",
	"F-2":     "family of F-1",
	"G-1":     "representative to an international organization",
	"G-2":     "other representative to one",
	"G-3":     "representative of a state not recognized, or no member",
	"G-4":     "employee of an international organization",
	"G-5":     "employee of G-1 to G-4",
	"H-1B":    "specialty occupation",
	"H-2A":    "farm worker",
	"H-2B":    "seasonal worker",
	"H-4":     "family of H",
	"J-1":     "exchange visitor",
	"J-2":     "family of J-1",
	"L-1":     "transfer within a company",
	"L-2":     "family of L-1",
	"M-1":     "vocational student",
	"NATO-1":  "principal representative to NATO; family",
	"NATO-2":  "other representative or force member; family",
	"NATO-4":  "NATO official; family",
	"NATO-6":  "civilian of a NATO force; family",
	"O-1":     "extraordinary ability",
	"P-1":     "athlete or entertainer",
	"TN":      "professional under the trade agreement",
	"WB":      "visa waiver, business",
	"WT":      "visa waiver, pleasure",
}

// countryName returns the English name of a country code, or "" where a code
// is of ICAO Doc 9303 only, such as XXA.
func countryName(code string) string {
	region, err := language.ParseRegion(code)
	if err != nil {
		return ""
	}
	return display.English.Regions().Name(region)
}
