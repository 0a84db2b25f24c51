package manifest

import (
	"strconv"

	"limen/travel"
)

// openMessage begins a message with the sender of the envelope around it.
func (p *paxlst) openMessage(reference string) error {
	if len(p.out.Messages) >= MaxMessages {
		return tooMany("messages-too-many", MaxMessages, "messages")
	}
	p.env.messages++
	p.env.inGroup++
	m := &message{counted: -1}
	m.Message = Message{
		Reference: reference, Sender: p.env.sender, Interchange: p.env.reference,
		Legs: []travel.Leg{}, Passengers: []Passenger{},
	}
	m.place = place{segment: 1, tag: p.outside.tag, offset: p.outside.offset}
	m.header = m.place
	p.msg = m
	return nil
}

// closeMessage checks what can be told only at the end, and keeps the message.
func (p *paxlst) closeMessage() {
	m := p.msg
	p.endStage()
	m.place.passenger = 0
	last := m.place
	m.place = m.header
	if !m.hasBGM {
		m.Function = Original
		m.add(Error, CodeFunction, "The message has no BGM segment: it was taken for an original list.")
	}
	m.checkLegs(m.Legs, m.legPlaces)
	m.place = last
	if m.counted == len(m.Passengers)+len(m.twins) {
		m.Passengers = append(m.Passengers, m.twins...)
	}
	if m.counted >= 0 && m.counted != len(m.Passengers) {
		m.addAt(m.countPlace, Warning, CodeCount, "CNT states %d persons; %d were read.", m.counted, len(m.Passengers))
	}
	m.Message.Diagnostics = m.finish()
	p.out.Messages = append(p.out.Messages, m.Message)
	p.msg = nil
}

// bgm reads BGM: which list it is, and what it does.
//
// Source: PAXLST implementation guide, 4.5; code list 1225.
func (p *paxlst) bgm() {
	m := p.msg
	if m.hasBGM || m.body {
		m.add(Error, CodeMisplaced, "A BGM segment stands only once, at the head of a message; this one was left out.")
		return
	}
	m.hasBGM = true
	f, ok := readFunction(string(p.seg.Code(1, 0)), string(p.seg.Code(2, 0)), string(p.seg.Code(3, 0)))
	m.Function, m.Crew, m.NotBoarded = f.function, f.crew, f.notBoarded
	if !ok {
		m.add(Warning, CodeFunction, "The codes of BGM are not ones of the guide; read as: %s list.", f.function)
	}
}

// listKind is what the codes of BGM say.
type listKind struct {
	function   Function
	crew       bool
	notBoarded bool
}

// readFunction reads the document name (1001), the document identifier (1004)
// and the message function (1225). It reports false if one is unknown.
func readFunction(name, id, function string) (listKind, bool) {
	k := listKind{function: Original, crew: name == "250" || name == "336"}
	ok := true
	switch name {
	case "745", "250", "336":
	case "266":
		k.function = CloseOut
	default:
		ok = false
	}
	switch id {
	case "CP", "CC", "BC", "EC", "FC", "G", "I":
		k.function = Update
	case "RP", "XR", "H":
		k.function = Reduction
	case "CL", "CLOB":
		k.function = CloseOut
	case "CLNB":
		k.function, k.notBoarded = CloseOut, true
	case "XF":
		k.function = Cancel
	}
	// Any other identifier is the carrier's own number of the document.
	switch function {
	case "", "9", "5":
	case "1":
		k.function = Cancel
	case "2", "4":
		k.function = Update
	case "3":
		k.function = Reduction
	case "22":
		k.function = CloseOut
	default:
		ok = false
	}
	return k, ok
}

// tdt begins a leg, or a row of legs under one number.
//
// Source: PAXLST implementation guide, 4.8.
func (p *paxlst) tdt() {
	m := p.msg
	if m.body {
		m.add(Error, CodeMisplaced, "A leg stands before the passengers; this one was left out.")
		return
	}
	p.endStage()
	if q := string(p.seg.Code(1, 0)); q != "20" && q != "34" {
		m.add(Warning, CodeQualifier, "The leg is qualified neither as the voyage (20) nor as an overflight (34).")
	}
	stated := p.word(p.seg.Code(5, 0))
	carrier, number, ok := readJourney(p.text(p.seg.Code(2, 0)), stated)
	if !ok {
		m.add(Warning, CodeCarrierDiffers, "The carrier stated is not the one of the flight number.")
	}
	m.stage.begin(m.place, carrier, number)
}

// endStage turns the ports read since the last TDT into legs.
func (p *paxlst) endStage() {
	m := p.msg
	if !m.stage.open {
		return
	}
	m.stage.open = false
	for _, leg := range m.stage.legs() {
		if len(m.Legs) >= MaxLegs {
			m.add(Error, CodeTooMany, "A message has at most %d legs; the rest was left out.", MaxLegs)
			return
		}
		m.Legs = append(m.Legs, leg)
		m.legPlaces = append(m.legPlaces, m.stage.at)
	}
}

// needStage makes sure that ports and times have a leg to go to: their TDT may
// have been lost.
func (p *paxlst) needStage() {
	m := p.msg
	if !m.stage.open {
		m.add(Error, CodeValueMissing, "The TDT segment before this one is missing: the leg has no number.")
		m.stage.begin(m.place, "", "")
	}
}

// call reads LOC 125, 87 or 92: a port of the leg.
func (p *paxlst) call(kind string) {
	m := p.msg
	if m.body {
		m.add(Error, CodeMisplaced, "A port of a leg stands before the passengers; this one was left out.")
		return
	}
	p.needStage()
	if len(m.stage.stops) > MaxLegs {
		m.add(Error, CodeTooMany, "A message has at most %d legs; the rest was left out.", MaxLegs)
		return
	}
	m.stage.call(p.port(), kind)
}

// legTime reads DTM 189 or 232: the departure from the last port, or the
// arrival there.
func (p *paxlst) legTime(departure bool) {
	m := p.msg
	if m.body {
		m.add(Error, CodeMisplaced, "A time of a leg stands before the passengers; this one was left out.")
		return
	}
	d, ok := p.date()
	if !ok {
		return
	}
	day, ok := d.voyageDay()
	if !ok {
		m.add(Error, CodeDate, "The calendar has no such day.")
		return
	}
	if d.minute < 0 {
		m.add(Warning, CodeTimeMissing, "The day has no time with it; midnight was taken.")
		d.minute = 0
	}
	p.needStage()
	t := travel.LocalTime{Day: day, Minute: int16(d.minute)}
	set := m.stage.arrive
	if departure {
		set = m.stage.depart
	}
	if !set(t) {
		m.add(Warning, CodeRepeated, "The port has such a time already; this one was left out.")
	}
}

// cnt reads CNT: the number of passengers (42) or of crew (41).
func (p *paxlst) cnt() {
	m := p.msg
	m.passenger, m.place.passenger, m.lastKind = nil, 0, 0
	n, err := strconv.Atoi(string(p.seg.Code(1, 1)))
	if q := string(p.seg.Code(1, 0)); err != nil || q != "41" && q != "42" {
		m.add(Warning, CodeCount, "The control total cannot be read.")
		return
	}
	m.counted, m.countPlace = max(m.counted, 0)+n, m.place
}
