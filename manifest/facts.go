package manifest

import "limen/travel"

// loc reads LOC, which means as many things as it has qualifiers.
//
// Source: PAXLST implementation guide, 4.9, 4.17 and 4.23; code list 3227.
func (p *paxlst) loc() error {
	m := p.msg
	q := string(p.seg.Code(1, 0))
	switch q {
	case "125", "87", "92":
		p.call(q)
		return nil
	case "178":
		return p.portOf(kindEmbark)
	case "179":
		return p.portOf(kindDebark)
	case "91":
		p.issuer()
		return nil
	// The next three only show which passenger's group the walker is in: limen
	// keeps neither port of clearance nor residence nor birthplace.
	case "22":
		_, err := p.belongs(kindClearance)
		return err
	case "174":
		_, err := p.belongs(kindResidence)
		return err
	case "180":
		_, err := p.belongs(kindBirthplace)
		return err
	case "130", "172", "188":
	default:
		m.add(Warning, CodeQualifier, "The location has a qualifier that the guide does not know; it was left out.")
	}
	m.lastKind = 0
	return nil
}

// portOf reads where the passenger embarks or debarks.
func (p *paxlst) portOf(k kinds) error {
	ok, err := p.belongs(k)
	if !ok {
		return err
	}
	port := p.port()
	if k == kindEmbark {
		p.msg.passenger.Embark = port
	} else {
		p.msg.passenger.Debark = port
	}
	return nil
}

// dtm reads DTM: a time of the leg, a birth, or the expiry of a document.
func (p *paxlst) dtm() error {
	m := p.msg
	switch q := string(p.seg.Code(1, 0)); q {
	case "189", "232":
		p.legTime(q == "189")
		return nil
	case "329":
		return p.birth()
	case "36":
		p.expiry()
		return nil
	case "182":
	default:
		m.add(Warning, CodeQualifier, "The date has a qualifier that the guide does not know; it was left out.")
	}
	m.lastKind = 0
	return nil
}

// date reads the date of a DTM by its digits.
func (p *paxlst) date() (digits, bool) {
	m, v, format := p.msg, p.seg.Code(1, 1), p.seg.Code(1, 2)
	d, ok := readDigits(v)
	switch {
	case len(v) == 0:
		m.add(Error, CodeValueMissing, "The segment has no value.")
	case !ok:
		m.add(Error, CodeDate, "The date is not one of YYMMDD, CCYYMMDD, YYMMDDHHMM and CCYYMMDDHHMM.")
	case !formatFits(format, len(v)):
		m.add(Warning, CodeDateFormat, "The date is not in the format that the segment states; it was read by its length.")
	}
	return d, ok
}

// day reads a date whose two-digit year is told by the voyage.
func (p *paxlst) day(resolve func(digits, travel.Day) (travel.Day, bool)) travel.Day {
	m := p.msg
	d, ok := p.date()
	if !ok {
		return travel.Day{}
	}
	if d.short && m.base.IsZero() {
		m.add(Error, CodeDateCentury, "The year has two digits and the message has no day to tell the century by.")
		return travel.Day{}
	}
	day, ok := resolve(d, m.base)
	if !ok {
		m.add(Error, CodeDate, "The calendar has no such day.")
		return travel.Day{}
	}
	return day
}

func (p *paxlst) birth() error {
	ok, err := p.belongs(kindBirth)
	if !ok {
		return err
	}
	day := p.day(digits.birthDay)
	if base := p.msg.base; !day.IsZero() && !base.IsZero() && day.After(base) {
		p.msg.add(Error, CodeDate, "The birth is after the departure.")
		return nil
	}
	p.msg.passenger.BirthDate = day
	return nil
}

// rff reads RFF: the message's transaction, or the passenger's references.
//
// Source: PAXLST implementation guide, 4.20; code list 1153.
func (p *paxlst) rff() error {
	m := p.msg
	m.lastKind = 0
	m.late = m.passenger != nil
	q := string(p.seg.Code(1, 0))
	switch q {
	case "TN":
		if !m.body {
			m.Transaction = p.text(p.seg.Code(1, 1))
		}
		return nil
	case "AVF", "ABO":
	case "SEA", "AEA", "CR": // seat, agency's and customer's references
		return nil
	default:
		m.add(Warning, CodeQualifier, "The reference has a qualifier that the guide does not know; it was left out.")
		return nil
	}
	if m.passenger == nil {
		if err := p.orphan(); err != nil {
			return err
		}
	}
	m.late = true
	v := p.text(p.seg.Code(1, 1))
	if v == "" {
		m.add(Warning, CodeValueMissing, "The segment has no value.")
	}
	to := &m.passenger.Locator
	if q == "ABO" {
		to = &m.passenger.Reference
	}
	if *to == "" { // a second locator is that of another system
		*to = v
	}
	return nil
}

// doc reads DOC: type and number of a document, which DTM+36 and LOC+91 after
// it complete.
//
// Source: PAXLST implementation guide, 4.21 to 4.23.
func (p *paxlst) doc() error {
	m := p.msg
	m.lastKind = 0
	if m.passenger == nil {
		if err := p.orphan(); err != nil {
			return err
		}
	}
	m.late = true
	m.sawKinds &^= kindExpiry | kindIssuer
	if m.document = len(m.passenger.Documents) < MaxDocuments; !m.document {
		m.add(Error, CodeTooMany, "A passenger has at most %d documents; this one was left out.", MaxDocuments)
		return nil
	}
	d := travel.Document{
		Type:   travel.DocumentType(p.word(p.seg.Code(1, 0))),
		Number: p.text(p.seg.Code(2, 0)),
	}
	m.checkDocument(d)
	m.passenger.Documents = append(m.passenger.Documents, d)
	return nil
}

// ofDocument returns the document that a fact of kind k completes, or nil.
func (p *paxlst) ofDocument(k kinds) *travel.Document {
	m := p.msg
	switch {
	case m.passenger == nil || len(m.passenger.Documents) == 0:
		m.add(Error, CodeDocumentMissing, "The fact is of a document, and no DOC segment stands before it.")
		return nil
	case !m.document:
		return nil
	case m.sawKinds&k != 0:
		m.add(Error, CodeRepeated, "The document has this fact already; the first one was kept. A DOC segment may be lost.")
		return nil
	}
	m.sawKinds |= k
	return &m.passenger.Documents[len(m.passenger.Documents)-1]
}

func (p *paxlst) expiry() {
	p.msg.lastKind = 0
	if d := p.ofDocument(kindExpiry); d != nil {
		d.Expiry = p.day(digits.expiryDay)
	}
}

func (p *paxlst) issuer() {
	p.msg.lastKind = 0
	if d := p.ofDocument(kindIssuer); d != nil {
		d.Issuer = p.country()
	}
}
