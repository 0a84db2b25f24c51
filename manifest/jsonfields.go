package manifest

import (
	"encoding/json"
	"strings"

	"limen/travel"
)

// messageFields are the fields by which an object shows that it is a message.
const messageFields = "reference sender interchange transaction function crew not_boarded legs passengers"

func (j *jsonReader) messageField(name string) (known bool, err error) {
	m := j.msg
	if m == nil {
		return false, nil
	}
	switch name {
	case "reference":
		err = j.text(&m.Reference)
	case "sender":
		err = j.text(&m.Sender)
	case "interchange":
		err = j.text(&m.Interchange)
	case "transaction":
		err = j.text(&m.Transaction)
	case "function":
		err = j.function()
	case "crew":
		err = j.boolean(&m.Crew)
	case "not_boarded":
		err = j.boolean(&m.NotBoarded)
	case "legs":
		err = j.array(j.leg)
	case "passengers":
		err = j.array(j.passenger)
		j.rep.passenger = 0
	case "diagnostics":
		err = j.skip()
	default:
		return false, nil
	}
	return true, err
}

func (j *jsonReader) function() error {
	var s string
	err := j.text(&s)
	switch f := Function(s); f {
	case Original, Update, Reduction, Cancel, CloseOut:
		j.msg.Function = f
	case "":
	default:
		j.msg.Function = Original
		j.rep.add(Error, CodeFunction, "The function is none of original, update, reduction, cancel and close-out; taken for an original list.")
	}
	return err
}

func (j *jsonReader) leg() error {
	if len(j.msg.Legs) >= MaxLegs {
		j.rep.add(Error, CodeTooMany, "A message has at most %d legs; the rest was left out.", MaxLegs)
		return j.skip()
	}
	var l travel.Leg
	err := j.object(func(name string) (bool, error) {
		switch name {
		case "carrier":
			return true, j.text(&l.Carrier)
		case "number":
			err := j.text(&l.Number)
			l.Number = trimZeros(l.Number)
			return true, err
		case "from":
			return true, j.port(&l.From)
		case "to":
			return true, j.port(&l.To)
		case "departure":
			return true, j.marshaled(&l.Departure)
		case "arrival":
			return true, j.marshaled(&l.Arrival)
		}
		return false, nil
	})
	j.msg.Legs = append(j.msg.Legs, l)
	return err
}

func (j *jsonReader) passenger() error {
	m := j.msg
	if err := checkPassengers(len(m.Passengers), j.passengers); err != nil {
		return err
	}
	j.passengers++
	m.Passengers = append(m.Passengers, Passenger{Documents: []travel.Document{}})
	p := &m.Passengers[len(m.Passengers)-1]
	j.rep.place.passenger = len(m.Passengers)
	j.births = append(j.births, j.rep.place)
	return j.object(func(name string) (bool, error) { return j.passengerField(p, name) })
}

func (j *jsonReader) passengerField(p *Passenger, name string) (known bool, err error) {
	switch name {
	case "surname":
		err = j.text(&p.Surname)
		j.rep.checkName(p.Surname)
	case "given_names":
		err = j.text(&p.GivenNames)
		j.rep.checkName(p.GivenNames)
	case "birth_date":
		err = j.marshaled(&p.BirthDate)
	case "sex":
		var s string
		err = j.text(&s)
		p.Sex = j.rep.readSex(s)
	case "nationality":
		err = j.country(&p.Nationality)
	case "embark":
		err = j.port(&p.Embark)
	case "debark":
		err = j.port(&p.Debark)
	case "documents":
		err = j.array(func() error { return j.document(p) })
	case "reference":
		err = j.text(&p.Reference)
	case "locator":
		err = j.text(&p.Locator)
	case "transit":
		err = j.boolean(&p.Transit)
	default:
		return false, nil
	}
	return true, err
}

func (j *jsonReader) document(p *Passenger) error {
	if len(p.Documents) >= MaxDocuments {
		j.rep.add(Error, CodeTooMany, "A passenger has at most %d documents; this one was left out.", MaxDocuments)
		return j.skip()
	}
	var d travel.Document
	err := j.object(func(name string) (bool, error) {
		switch name {
		case "type":
			var s string
			err := j.text(&s)
			d.Type = travel.DocumentType(s)
			return true, err
		case "number":
			return true, j.text(&d.Number)
		case "issuer":
			return true, j.country(&d.Issuer)
		case "expiry":
			return true, j.marshaled(&d.Expiry)
		}
		return false, nil
	})
	if err == nil {
		j.rep.checkDocument(d)
	}
	p.Documents = append(p.Documents, d)
	return err
}

// text reads a string without blanks around it; null is the empty one.
func (j *jsonReader) text(to *string) error {
	t, err := j.token()
	if err != nil || t == nil {
		return err
	}
	s, ok := t.(string)
	if !ok {
		return j.wrongType(t, "a string")
	}
	clean := strings.Map(func(c rune) rune {
		if c < ' ' || c >= 0x7f && c < 0xa0 {
			return -1
		}
		return c
	}, s)
	if len(clean) != len(s) {
		j.rep.add(Error, CodeCharacter, "%s: the value holds control characters, which were left out.", j.where())
	}
	*to = strings.TrimSpace(clean)
	return nil
}

func (j *jsonReader) boolean(to *bool) error {
	t, err := j.token()
	if err != nil || t == nil {
		return err
	}
	b, ok := t.(bool)
	if !ok {
		return j.wrongType(t, "true or false")
	}
	*to = b
	return nil
}

func (j *jsonReader) wrongType(t any, want string) error {
	j.rep.add(Error, CodeFieldType, "%s: %s was expected.", j.where(), want)
	if t == json.Delim('{') || t == json.Delim('[') {
		return j.skipInside()
	}
	return nil
}

func (j *jsonReader) port(to *travel.Port) error {
	err := j.text((*string)(to))
	if *to != "" {
		j.rep.checkPort(*to)
	}
	return err
}

func (j *jsonReader) country(to *travel.Country) error {
	err := j.text((*string)(to))
	if *to != "" {
		j.rep.checkCountry(*to)
	}
	return err
}

// marshaled reads a day or a local time.
func (j *jsonReader) marshaled(to interface{ UnmarshalText([]byte) error }) error {
	var s string
	if err := j.text(&s); err != nil {
		return err
	}
	// The calendar of travel.Day begins with the year 1.
	if strings.HasPrefix(s, "0000") || to.UnmarshalText([]byte(s)) != nil {
		j.rep.add(Error, CodeDate, "%s: the value is not a day (2006-01-02) or local time (2006-01-02T15:04) of the calendar.", j.where())
	}
	return nil
}
