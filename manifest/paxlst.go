package manifest

import (
	"io"

	"limen/errs"
	"limen/manifest/edifact"
	"limen/travel"
)

// ParsePAXLST reads an EDIFACT interchange of PAXLST messages, of the syntax
// levels and dialects that package edifact can cut into segments. Whatever is
// odd about it becomes a Diagnostic: a broken segment costs a fact of its
// passenger, and nothing of another's. A message that ends too early keeps the
// passengers read so far and a Fatal diagnostic.
//
// Errors: those of r, unchanged; errs.TooLarge where the input passes a limit
// of this package or of edifact. What was read before the error is returned
// with it.
//
// Source: WCO/IATA/ICAO PAXLST implementation guide, versions 2 and 3 (UN
// directories D.02B and D.05B), chapter 4.
func ParsePAXLST(r io.Reader) (Parsed, error) {
	p := paxlst{in: edifact.NewReader(r), words: make(map[string]string)}
	err := p.run()
	return p.out, err
}

// paxlst walks the segments of an interchange. Each segment says by itself
// where it belongs, so that a lost one does not shift those that follow.
type paxlst struct {
	in         *edifact.Reader
	seg        *edifact.Segment
	out        Parsed
	outside    reporter // diagnostics of what lies in no message
	env        envelope
	msg        *message // nil outside a message
	skip       bool     // inside a message of another type
	passengers int      // of all messages
	words      map[string]string
}

// message is the one being read.
type message struct {
	Message
	reporter
	header     place
	passenger  *Passenger // being read; nil before the first and after the last
	base       travel.Day // the departure that two-digit years are read by
	stage      stage
	legPlaces  []place
	counted    int // of CNT, -1 before
	countPlace place
	hasBGM     bool
	sawKinds   kinds
	lastKind   kinds
	late       bool        // past the segments that come first in a passenger's group
	document   bool        // a DOC has opened the group that DTM+36 and LOC+91 go to
	twins      []Passenger // left out as repetitions, unless CNT counts them
	body       bool        // a passenger has begun
}

func (p *paxlst) run() (err error) {
	p.out.Messages = []Message{}
	for err == nil {
		if p.seg, err = p.in.Next(); err == nil {
			p.recoverTag()
			err = p.segment()
		}
	}
	if err == io.EOF {
		err = nil
	}
	p.end(err)
	p.out.Diagnostics = p.outside.finish()
	return err
}

// rep returns the reporter of where the parser stands.
func (p *paxlst) rep() *reporter {
	if p.msg != nil {
		return &p.msg.reporter
	}
	return &p.outside
}

// segment reads one segment, whatever it is.
func (p *paxlst) segment() error {
	tag := p.seg.Tag()
	p.outside.place = place{offset: p.seg.Offset, tag: knownTag(tag)}
	if m := p.msg; m != nil {
		m.place = place{segment: m.segment + 1, tag: p.outside.tag, offset: p.seg.Offset, passenger: m.place.passenger}
	}
	if p.seg.Repeated {
		p.twin(string(tag))
		p.rep().add(Warning, CodeRepeated, "The segment is the same as the one before and was left out.")
		return nil
	}
	if p.seg.Partial && !isTrailer(tag) {
		p.partial()
		return nil
	}
	if p.seg.Partial {
		p.rep().add(Warning, CodeTerminator, "The last segment has no terminator.")
	}
	if done, err := p.service(string(tag)); done || err != nil {
		return err
	}
	if p.skip {
		return nil
	}
	if p.msg == nil && !p.beginsMessage(string(tag)) {
		p.outside.add(Warning, CodeMisplaced, "The segment stands outside a message and was left out.")
		return nil
	}
	if p.msg == nil {
		if err := p.openMessage(""); err != nil {
			return err
		}
		p.msg.segment, p.msg.tag = 2, p.outside.tag // as if UNH had been the first
		p.msg.add(Error, CodeHeaderMissing, "A message begins here without its UNH segment.")
	}
	return p.message(string(tag))
}

// twin notes that a name was sent twice in a row: mostly one person sent
// twice, but two of one name are two where the message counts both.
func (p *paxlst) twin(tag string) {
	if m := p.msg; m != nil && tag == "NAD" && m.passenger != nil && len(m.twins) < MaxPassengers-len(m.Passengers) {
		t := *m.passenger
		t.Documents = []travel.Document{}
		m.twins = append(m.twins, t)
	}
}

// partial deals with a last segment that has no end. What it says is not
// taken for a fact: the missing part may have said otherwise.
func (p *paxlst) partial() {
	if p.msg == nil {
		p.outside.add(Warning, CodeTerminator, "The input ends with a segment that has no terminator; it was left out.")
		return
	}
	p.msg.add(Error, CodeTerminator, "The input ends inside this segment, which was left out.")
}

// beginsMessage reports whether a segment outside messages shows that the UNH
// before it was lost: those from which a list can be read.
func (p *paxlst) beginsMessage(tag string) bool {
	return tag == "BGM" || tag == "TDT" || tag == "NAD"
}

// message reads a segment between UNH and UNT.
func (p *paxlst) message(tag string) error {
	switch tag {
	case "NAD":
		return p.nad()
	case "DTM":
		return p.dtm()
	case "LOC":
		return p.loc()
	case "RFF":
		p.rff()
	case "DOC":
		return p.doc()
	case "ATT":
		return p.att()
	case "NAT":
		return p.nat()
	case "BGM":
		p.bgm()
	case "TDT":
		p.tdt()
	case "CNT":
		p.cnt()
	default:
		p.msg.lastKind = 0
		if p.msg.tag == "" {
			p.msg.add(Warning, CodeUnknownSegment, "No segment of a passenger list has this tag.")
		}
	}
	return nil
}

// end closes what the input left open.
func (p *paxlst) end(err error) {
	at := place{offset: p.in.Offset()}
	if p.msg != nil {
		m := p.msg
		at.segment, at.passenger = m.segment, m.place.passenger
		m.place = at
		why := "The input ends before the message does (no UNT); passengers may be missing."
		if err != nil {
			why = "Reading stopped before the end of the message; passengers are missing."
		}
		m.add(Fatal, CodeCut, "%s", why)
		p.closeMessage()
	}
	p.outside.place = place{offset: at.offset}
	if p.env.open && err == nil {
		p.outside.add(Warning, CodeTrailerMissing, "The interchange has no UNZ segment.")
	}
	if len(p.out.Messages) == 0 && !p.env.others {
		p.outside.add(Fatal, CodeNothingRead, "The input holds no passenger list message.")
	}
}

// checkPassengers returns an error if there is no room for one more passenger.
func checkPassengers(inMessage, inAll int) error {
	switch {
	case inMessage >= MaxPassengers:
		return tooMany("passengers-too-many", MaxPassengers, "passengers in one message")
	case inAll >= MaxPassengersInAll:
		return tooMany("passengers-too-many", MaxPassengersInAll, "passengers")
	}
	return nil
}

func tooMany(code string, limit int, what string) error {
	return errs.New(errs.TooLarge, code, "the input has more than %d %s", limit, what)
}
