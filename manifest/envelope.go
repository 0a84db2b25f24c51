package manifest

import (
	"bytes"
	"strconv"

	"limen/travel"
)

// envelope is what UNB and UNG say, and what UNE and UNZ should.
type envelope struct {
	open      bool // a UNB without its UNZ
	sender    string
	reference string
	prepared  travel.Day
	group     string
	grouped   bool // a UNG without its UNE
	groups    int
	inGroup   int
	messages  int
	others    bool // a message of another type was passed over
}

// service reads the segments of the envelope, and reports whether the segment
// was one.
func (p *paxlst) service(tag string) (done bool, err error) {
	switch tag {
	case "UNA":
	case "UNB":
		p.unb()
	case "UNG":
		p.ung()
	case "UNH":
		return true, p.unh()
	case "UNT":
		p.unt()
	case "UNE":
		p.cutShort()
		p.trailer(p.env.inGroup, p.env.group, "messages in the group")
		p.env.grouped, p.env.group, p.env.inGroup = false, "", 0
	case "UNZ":
		p.cutShort()
		p.endGroup()
		n := p.env.messages
		if p.env.groups > 0 {
			n = p.env.groups
		}
		p.trailer(n, p.env.reference, "groups or messages in the interchange")
		p.env = envelope{others: p.env.others}
	default:
		return false, nil
	}
	return true, nil
}

// unb reads UNB: sender, preparation, control reference. One that follows an
// interchange without its end begins another.
func (p *paxlst) unb() {
	p.cutShort()
	p.endGroup()
	if p.env.open {
		p.outside.add(Warning, CodeTrailerMissing, "The interchange before this one has no UNZ segment.")
	}
	if p.in.BadAdvice() && p.env.groups+p.env.messages == 0 {
		p.outside.add(Error, CodeAdviceInvalid, "The characters of UNA cannot be told apart; the default ones were taken.")
	}
	p.env = envelope{
		open:      true,
		others:    p.env.others,
		sender:    p.text(p.seg.Code(2, 0)),
		reference: p.text(p.seg.Code(5, 0)),
	}
	if d, ok := readDigits(p.seg.Code(4, 0)); ok {
		p.env.prepared, _ = d.voyageDay()
	}
}

func (p *paxlst) ung() {
	p.cutShort()
	p.endGroup()
	p.env.grouped = true
	p.env.groups++
	p.env.inGroup = 0
	p.env.group = p.text(p.seg.Code(5, 0))
	if p.env.sender == "" {
		p.env.sender = p.text(p.seg.Code(2, 0))
	}
}

// endGroup reports a group that was left open.
func (p *paxlst) endGroup() {
	if p.env.grouped {
		p.outside.add(Warning, CodeTrailerMissing, "The group before this segment has no UNE segment.")
		p.env.grouped = false
	}
}

// unh begins a message. Messages of other types that travel the same way are
// passed over; a type that nobody knows is more likely a damaged PAXLST.
func (p *paxlst) unh() error {
	p.cutShort()
	kind := string(p.seg.Code(2, 0))
	switch kind {
	case "CUSRES", "PNRGOV", "GOVCBR", "ACKRES", "CONTRL", "APERAK", "CUSCAR", "CUSREP", "CUSDEC", "IFTMIN":
		p.skip, p.env.others = true, true
		p.env.messages++
		p.env.inGroup++
		p.outside.add(Warning, CodeMessageSkipped, "The message is a %s, not a passenger list, and was passed over.", kind)
		return nil
	}
	if err := p.openMessage(p.text(p.seg.Code(1, 0))); err != nil {
		return err
	}
	if kind != "PAXLST" {
		p.msg.add(Error, CodeMessageType, "The message does not say that it is a PAXLST; it was read as one.")
	}
	if p.msg.Reference == "" {
		p.msg.add(Error, CodeValueMissing, "The message has no reference.")
	}
	if !p.env.open {
		p.msg.add(Warning, CodeEnvelopeMissing, "The message stands in no interchange (no UNB): its sender is not known.")
	}
	return nil
}

// unt ends a message and checks it against its trailer.
func (p *paxlst) unt() {
	if p.skip {
		p.skip = false
		return
	}
	m := p.msg
	if m == nil {
		p.outside.add(Warning, CodeMisplaced, "The segment ends a message that has not begun.")
		return
	}
	m.place.passenger = 0
	p.checkCount(m.segment, "segments in the message")
	p.checkReference(m.Reference)
	if m.Reference == "" {
		m.Reference = p.text(p.seg.Code(2, 0))
	}
	p.closeMessage()
}

// trailer checks the count and the reference of UNE and UNZ.
func (p *paxlst) trailer(count int, reference, what string) {
	p.checkCount(count, what)
	p.checkReference(reference)
}

// checkCount compares the count of a trailer with what was read.
func (p *paxlst) checkCount(count int, what string) {
	switch n, err := strconv.Atoi(string(p.seg.Code(1, 0))); {
	case err != nil:
		p.rep().add(Warning, CodeCount, "The trailer does not state the number of %s; %d were read.", what, count)
	case n != count:
		p.rep().add(Warning, CodeCount, "The trailer states %d %s; %d were read.", n, what, count)
	}
}

// checkReference compares a trailer's reference with its header's. Blanks that
// got into it on the way are told apart from another reference.
func (p *paxlst) checkReference(want string) {
	got := p.seg.Code(2, 0)
	switch {
	case string(got) == want || want == "":
	case string(bytes.ReplaceAll(got, []byte(" "), nil)) == want:
		p.rep().add(Warning, CodeReference, "The reference of the trailer has blanks in it that the header's has not.")
	default:
		p.rep().add(Warning, CodeReference, "The reference of the trailer is not that of the header.")
	}
}

// cutShort closes a message whose UNT is missing, at a segment that can only
// come after it.
func (p *paxlst) cutShort() {
	p.skip = false
	if m := p.msg; m != nil {
		m.place.passenger = 0
		m.add(Error, CodeTrailerMissing, "The message has no UNT segment before this one; its end may be lost.")
		p.closeMessage()
	}
}
