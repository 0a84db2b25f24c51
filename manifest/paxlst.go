package manifest

import (
	"io"
	"unicode/utf8"

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
	in      *edifact.Reader
	seg     *edifact.Segment
	out     Parsed
	outside reporter // diagnostics of what lies in no message
	env     envelope
	msg     *message // nil outside a message
	skip    bool     // inside a message of another type
	words   map[string]string
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
	late       bool // past the segments that come first in a passenger's group
	document   bool // a DOC has opened the group that DTM+36 and LOC+91 go to
	body       bool // a passenger has begun
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

// text returns a value without blanks around it. Bytes that are not UTF-8 are
// taken as ISO 8859-1, which level C of the syntax uses; control characters
// are left out.
func (p *paxlst) text(b []byte) string {
	for _, c := range b {
		if c < ' ' || c >= 0x7f {
			return p.oddText(b)
		}
	}
	return string(b)
}

func (p *paxlst) oddText(b []byte) string {
	latin, lost := !utf8.Valid(b), false
	out := make([]rune, 0, len(b))
	for i := 0; i < len(b); {
		c, size := rune(b[i]), 1
		if !latin {
			c, size = utf8.DecodeRune(b[i:])
		}
		if i += size; c < ' ' || c >= 0x7f && c < 0xa0 {
			lost = true
			continue
		}
		out = append(out, c)
	}
	if lost {
		p.rep().add(Error, CodeCharacter, "The segment holds control characters, which were left out.")
	}
	return string(out)
}

// word is text for values that come again and again: codes of countries, ports
// and carriers are kept once.
func (p *paxlst) word(b []byte) string {
	if s, ok := p.words[string(b)]; ok {
		return s
	}
	s := p.text(b)
	if len(b) <= 5 && len(p.words) < 1024 && len(s) == len(b) {
		p.words[s] = s
	}
	return s
}

func tooMany(code string, limit int, what string) error {
	return errs.New(errs.TooLarge, code, "the input has more than %d %s", limit, what)
}
