package manifest

import (
	"limen/document"
	"limen/travel"
)

// check refuses what cannot be written, before a byte of it is.
func (x *paxlstWriter) check() error {
	m := x.m
	switch {
	case m.Reference == "" || len(m.Reference) > maxReference || len(m.Interchange) > maxReference:
		return unwritable("the references of a message have 1 to %d characters", maxReference)
	case m.Sender == "" || len(m.Sender) > maxSender:
		return unwritable("the sender has 1 to %d characters", maxSender)
	case len(m.Legs) == 0 || len(m.Legs) > MaxLegs:
		return unwritable("a message has 1 to %d legs", MaxLegs)
	case len(m.Passengers) > MaxPassengers:
		return unwritable("a message has at most %d passengers", MaxPassengers)
	case m.NotBoarded && (m.Crew || m.Function != CloseOut):
		return unwritable("only a close-out of passengers lists those not on board")
	}
	switch m.Function {
	case Original, Update, Reduction, Cancel, CloseOut:
	default:
		return unwritable("the function of the message is not one that limen knows")
	}
	if !printable(m.Reference, m.Interchange, m.Sender, m.Transaction) {
		return unwritable("the references and the sender are written in ASCII")
	}
	for i, l := range m.Legs {
		if _, n, _ := readJourney(l.Carrier+l.Number, l.Carrier); n != l.Number {
			return unwritable("leg %d has a number that could not be told from its carrier", i+1)
		}
		if l.Number == "" || l.From == "" || l.To == "" {
			return unwritable("leg %d has no number, or lacks a port", i+1)
		}
		if !printable(l.Carrier, l.Number, string(l.From), string(l.To)) {
			return unwritable("leg %d has a value that is not in ASCII", i+1)
		}
	}
	for i := range m.Passengers {
		if err := checkWritable(i+1, &m.Passengers[i]); err != nil {
			return err
		}
	}
	return nil
}

func checkWritable(n int, p *Passenger) error {
	surname, whole := document.Transliterate(p.Surname)
	given, wholeGiven := document.Transliterate(p.GivenNames)
	parts, fits := nameParts(given)
	switch {
	case !whole || !wholeGiven:
		return unwritable("the name of passenger %d has a letter without a form in A to Z", n)
	case surname == "" || len(surname) > maxNamePart || !fits || len(parts) > maxNameParts:
		return unwritable("the name of passenger %d is missing, or longer than %d letters a part", n, maxNamePart)
	case len(p.Documents) > MaxDocuments:
		return unwritable("passenger %d has more than %d documents", n, MaxDocuments)
	case !printable(string(p.Sex), string(p.Nationality), string(p.Embark), string(p.Debark), p.Reference, p.Locator):
		return unwritable("passenger %d has a value that is not in ASCII", n)
	}
	if p.Sex != "" && p.Sex != travel.Male && p.Sex != travel.Female && p.Sex != travel.SexX {
		return unwritable("the sex of passenger %d is none of F, M and X", n)
	}
	for _, d := range p.Documents {
		if !writableDocument(d) {
			return unwritable("a document of passenger %d has no type or number, or a value that is not in ASCII", n)
		}
	}
	return nil
}

func writableDocument(d travel.Document) bool {
	return d.Type != "" && d.Number != "" && printable(string(d.Type), d.Number, string(d.Issuer))
}

// printable reports whether the values are of characters that all levels of
// the syntax allow.
func printable(values ...string) bool {
	for _, v := range values {
		for i := range len(v) {
			if v[i] < ' ' || v[i] >= 0x7f {
				return false
			}
		}
	}
	return true
}
