package manifest

import "limen/travel"

// kinds is a set of segments that stand once in a passenger's group.
type kinds uint16

const (
	kindSex kinds = 1 << iota
	kindBirth
	kindEmbark
	kindDebark
	kindClearance
	kindResidence
	kindBirthplace
	kindNationality
	kindExpiry
	kindIssuer
)

// begin starts a passenger. Years in two digits are read by the voyage from
// here on, so the legs end here.
func (p *paxlst) begin() error {
	m := p.msg
	if err := checkPassengers(len(m.Passengers), p.passengers); err != nil {
		return err
	}
	p.passengers++
	if !m.body {
		p.endStage()
		m.body, m.base = true, p.base()
	}
	m.Passengers = append(m.Passengers, Passenger{Documents: []travel.Document{}})
	m.passenger = &m.Passengers[len(m.Passengers)-1]
	m.place.passenger = len(m.Passengers)
	m.sawKinds, m.lastKind, m.late, m.document = 0, 0, false, false
	return nil
}

// base returns the day that two-digit years are read by: the first departure,
// or what comes closest to it.
func (p *paxlst) base() travel.Day {
	for _, l := range p.msg.Legs {
		if d := l.Departure.Day; !d.IsZero() {
			return d
		}
		if d := l.Arrival.Day; !d.IsZero() {
			return d
		}
	}
	return p.env.prepared
}

// belongs finds the passenger that a fact of kind k is of, and reports whether
// the fact should be read. A fact that the passenger has already shows that
// the NAD of the next one was lost, unless it stands right after the first.
func (p *paxlst) belongs(k kinds) (bool, error) {
	m := p.msg
	early := k == kindSex || k == kindBirth
	switch {
	case m.passenger == nil, m.late && early:
		if err := p.orphan(); err != nil {
			return false, err
		}
	case m.sawKinds&k != 0 && m.lastKind == k:
		m.add(Warning, CodeRepeated, "The passenger has this fact already; the first one was kept.")
		return false, nil
	case m.sawKinds&k != 0:
		if err := p.orphan(); err != nil {
			return false, err
		}
	}
	m.sawKinds |= k
	m.lastKind = k
	return true, nil
}

// orphan begins a passenger whose NAD segment was lost, so that these facts
// are not taken for those of the one before.
func (p *paxlst) orphan() error {
	if err := p.begin(); err != nil {
		return err
	}
	p.msg.add(Error, CodeNameMissing, "The facts of another passenger begin here without a NAD segment: the name is lost.")
	return nil
}

// nad reads NAD: the reporting party, or the name of a passenger.
//
// Source: PAXLST implementation guide, 4.6 and 4.11.
func (p *paxlst) nad() error {
	m := p.msg
	role := string(p.seg.Code(1, 0))
	switch role {
	case "MS":
		if m.body {
			m.add(Error, CodeMisplaced, "The reporting party stands before the passengers.")
		}
		return nil
	case "FL", "FM", "DDU", "DDT":
	default:
		if !m.body && len(m.Legs) == 0 && !m.stage.open {
			m.add(Warning, CodeQualifier, "The party is not qualified as the guide has it; it was left out.")
			return nil
		}
	}
	if err := p.begin(); err != nil {
		return err
	}
	switch role {
	case "FL", "FM", "DDU", "DDT":
	default:
		m.add(Error, CodeQualifier, "The person is qualified neither as passenger (FL), crew (FM) nor in transit (DDU, DDT).")
	}
	crew := role == "FM" || role == "DDT"
	if !m.hasBGM && len(m.Passengers) == 1 {
		m.Crew = crew
	} else if m.Crew != crew && (role == "FM" || role == "FL") {
		m.add(Warning, CodeRole, "The person's role is not that of the list: crew among passengers, or the other way round.")
	}
	m.passenger.Transit = role == "DDU" || role == "DDT"
	p.name()
	return nil
}

// name reads the components of NAD's name: surname, then given names.
func (p *paxlst) name() {
	m, e := p.msg, 4
	if p.seg.Components(e) == 0 || len(p.seg.Code(e, 0)) == 0 && p.seg.Components(e) == 1 {
		if e = 3; len(p.seg.Code(e, 0)) > 0 {
			m.add(Warning, CodeNameForm, "The name stands in the element before the one that is for it.")
		}
	}
	m.passenger.Surname = p.text(p.seg.Code(e, 0))
	for c := 1; c < min(p.seg.Components(e), 5); c++ {
		given := p.text(p.seg.Code(e, c))
		switch {
		case given == "":
		case m.passenger.GivenNames == "":
			m.passenger.GivenNames = given
		default:
			m.passenger.GivenNames += " " + given
		}
	}
	if m.passenger.Surname == "" {
		m.add(Error, CodeNameMissing, "The passenger has no surname.")
	}
	m.checkName(m.passenger.Surname)
	m.checkName(m.passenger.GivenNames)
}

// att reads ATT: the sex, as the document states it.
func (p *paxlst) att() error {
	m := p.msg
	if q := string(p.seg.Code(1, 0)); q != "2" {
		m.lastKind = 0
		m.add(Warning, CodeQualifier, "The attribute is not the sex (2); it was left out.")
		return nil
	}
	ok, err := p.belongs(kindSex)
	if !ok {
		return err
	}
	code := p.seg.Code(3, 0)
	if len(code) == 0 {
		m.add(Error, CodeValueMissing, "The segment has no value.")
	}
	m.passenger.Sex = m.readSex(string(code))
	return nil
}

// nat reads NAT: the nationality.
func (p *paxlst) nat() error {
	m := p.msg
	if q := string(p.seg.Code(1, 0)); q != "2" {
		m.lastKind = 0
		m.add(Warning, CodeQualifier, "The nationality is not the current one (2); it was left out.")
		return nil
	}
	ok, err := p.belongs(kindNationality)
	if ok {
		m.passenger.Nationality = p.country()
	}
	return err
}

// country reads element 2 as a country.
func (p *paxlst) country() travel.Country {
	c := travel.Country(p.word(p.seg.Code(2, 0)))
	if c == "" {
		p.msg.add(Error, CodeValueMissing, "The segment has no value.")
	} else {
		p.msg.checkCountry(c)
	}
	return c
}

// port reads element 2 as a location.
func (p *paxlst) port() travel.Port {
	port := travel.Port(p.word(p.seg.Code(2, 0)))
	if port == "" {
		p.msg.add(Error, CodeValueMissing, "The segment has no value.")
	} else {
		p.msg.checkPort(port)
	}
	return port
}
