package linkage

import (
	"math"

	"limen/travel"
)

// Compare weighs two persons, each field by itself, and returns the evidence
// and its sum in bits. It is symmetric. Its time is bounded whatever the names
// are: the first 64 letters of the first 8 parts of a name are looked at, and
// the first 8 documents.
func Compare(a, b Person, shares Shares) (evidence []Evidence, total float64) {
	return compare(newProfile(&a), newProfile(&b), shares)
}

func compare(a, b *profile, shares Shares) ([]Evidence, float64) {
	if a.after(b) {
		a, b = b, a
	}
	out := make([]Evidence, 0, 8)
	out = append(out, evidence(DocumentField, compareDocuments(a.documents, b.documents), 0))
	out = weigher{shares}.names(out, a, b)
	birth, extra := compareBirth(a.person.Birth, b.person.Birth)
	out = append(out, evidence(BirthField, birth, extra),
		evidence(SexField, compareSex(a.person.Sex, b.person.Sex), 0),
		evidence(NationalityField, compareNationality(a.person, b.person), 0))
	return out, sum(out)
}

func evidence(f Field, l Level, extra float64) Evidence {
	return Evidence{Field: f, Level: l, Bits: tenths(bits(f, l) + extra)}
}

func tenths(bits float64) float64 { return math.Round(bits*10)/10 + 0 } // never -0

func sum(all []Evidence) float64 {
	total := 0.0
	for _, e := range all {
		total += e.Bits
	}
	return tenths(total)
}

func compareDocuments(a, b []string) Level {
	if len(a) == 0 || len(b) == 0 {
		return Unknown
	}
	for _, x := range a {
		for _, y := range b {
			if x == y {
				return Same
			}
		}
	}
	return Different
}

// maxDocuments is how many documents of a person are compared.
const maxDocuments = 8

// country is a code of which documents have one form and carriers another.
//
// Source: ICAO Doc 9303-3 section 5 (D is Germany; ISO 3166-1 has DEU).
func country(c travel.Country) string {
	if c == "D" {
		return "DEU"
	}
	return string(c[:min(len(c), 3)])
}

// documentKey is issuer, type and number of a document, or "" if it lacks
// issuer or number.
//
// Source: ICAO Doc 9303-4 (the first letter of the type is that of the kind of
// document).
func documentKey(d travel.Document) string {
	if d.Number == "" || d.Issuer == "" {
		return ""
	}
	kind := string(d.Type[:min(len(d.Type), 1)])
	var buf [maxName]byte
	number := buf[:0]
	for i := range min(len(d.Number), maxName) {
		switch c := d.Number[i]; {
		case c >= 'a' && c <= 'z':
			number = append(number, c-'a'+'A')
		case c >= 'A' && c <= 'Z' || c >= '0' && c <= '9':
			number = append(number, c)
		}
	}
	if len(number) == 0 {
		return ""
	}
	return country(d.Issuer) + "/" + kind + "/" + string(number)
}

func compareSex(a, b travel.Sex) Level {
	known := func(s travel.Sex) bool { return s == travel.Female || s == travel.Male }
	switch {
	case !known(a) || !known(b):
		return Unknown
	case a == b:
		return Same
	}
	return Different
}

func compareNationality(a, b *Person) Level {
	switch {
	case a.Nationality == "" || b.Nationality == "":
		return Unknown
	case country(a.Nationality) == country(b.Nationality):
		return Same
	case issuedBy(a.Documents, b.Nationality) || issuedBy(b.Documents, a.Nationality):
		return Partly
	}
	return Different
}

// issuedBy reports whether one of a person's documents is a passport of a
// country.
func issuedBy(documents []travel.Document, c travel.Country) bool {
	for _, d := range documents[:min(len(documents), maxDocuments)] {
		if country(d.Issuer) == country(c) && d.Type == travel.Passport {
			return true
		}
	}
	return false
}
