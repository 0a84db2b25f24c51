package manifest

import (
	"unicode"

	"limen/travel"
)

// The checks here are the same for every form of a message. They take a value
// as it was sent, report what is odd about it, and leave it as it is: a code
// that nobody expected may still be the right one.

// checkName reports a name with characters that no travel document prints.
func (r *reporter) checkName(name string) {
	for _, c := range name {
		if !unicode.IsLetter(c) && !unicode.IsMark(c) && c != ' ' && c != '-' && c != '\'' && c != '.' && c != '’' {
			r.add(Warning, CodeNameForm, "The name holds a character that is no letter, blank, hyphen or apostrophe.")
			return
		}
	}
}

// checkCountry reports a code that is not three capital letters, other than
// the D of German documents (ICAO Doc 9303-3, section 5).
func (r *reporter) checkCountry(c travel.Country) {
	if c != "D" && !isCapitals(string(c), 3, 3) {
		r.add(Warning, CodeCountry, "The country is not a three-letter code of ICAO Doc 9303-3.")
	}
}

// checkPort reports a code that is neither an IATA location (three letters),
// an ICAO one (four) nor a UN/LOCODE (five characters).
func (r *reporter) checkPort(p travel.Port) {
	s := string(p)
	if !isCapitals(s, 3, 4) && !(len(s) == 5 && isCapitals(s[:2], 2, 2) && isAlnum(s[2:])) {
		r.add(Warning, CodePort, "The location is neither an IATA or ICAO code nor a UN/LOCODE.")
	}
}

// checkDocument reports a number or a type that no document has.
func (r *reporter) checkDocument(d travel.Document) {
	if d.Number == "" {
		r.add(Error, CodeDocumentMissing, "The document has no number.")
	} else if !isAlnum(d.Number) {
		r.add(Warning, CodeDocumentForm, "The document number holds a character that is no letter or digit.")
	}
	if !isCapitals(string(d.Type), 1, 3) {
		r.add(Warning, CodeDocumentForm, "The document type is not a code of one to three letters.")
	}
}

// readSex returns the sex of its code; U and blank are nobody's answer.
func (r *reporter) readSex(code string) travel.Sex {
	switch code {
	case "M", "F", "X":
		return travel.Sex(code)
	case "U", "":
		return ""
	}
	r.add(Error, CodeSex, "The sex is none of the codes M, F, X and U.")
	return ""
}

func isCapitals(s string, least, most int) bool {
	for _, c := range []byte(s) {
		if c < 'A' || c > 'Z' {
			return false
		}
	}
	return len(s) >= least && len(s) <= most
}

func isAlnum(s string) bool {
	for _, c := range []byte(s) {
		if !(c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z') {
			return false
		}
	}
	return true
}

// checkLegs reports legs that lack a fact a voyage needs, and legs that do not
// join. at says where each leg stands in the input.
func (r *reporter) checkLegs(legs []travel.Leg, at []place) {
	for i, l := range legs {
		switch {
		case l.From == "" || l.To == "":
			r.addAt(at[i], Error, CodeLegIncomplete, "Leg %d lacks the port of departure or of arrival.", i+1)
		case l.Number == "":
			r.addAt(at[i], Error, CodeLegIncomplete, "Leg %d has no flight or voyage number.", i+1)
		case l.Departure.IsZero() && l.Arrival.IsZero():
			r.addAt(at[i], Error, CodeLegIncomplete, "Leg %d has neither a departure nor an arrival time.", i+1)
		case l.Departure.IsZero() || l.Arrival.IsZero():
			r.addAt(at[i], Warning, CodeLegIncomplete, "Leg %d lacks the departure or the arrival time.", i+1)
		}
		if i > 0 && legs[i-1].To != l.From {
			r.addAt(at[i], Warning, CodeLegGap, "Leg %d does not begin where leg %d ends.", i+1, i)
		}
	}
	if len(legs) == 0 {
		r.add(Error, CodeLegsMissing, "The message has no leg: which flight or voyage it is for is not known.")
	}
}
