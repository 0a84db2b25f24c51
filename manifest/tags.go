package manifest

import "strings"

// tags are those of the guide, and those of the directories D.97B to D.21A in
// a passenger list or around it. Diagnostics quote no others: what stands
// where a tag should may be a piece of a person's name.
// The frequent ones come first.
const tags = "LOC DTM RFF NAD ATT NAT DOC FTX GEI COM TDT CNT BGM UNH UNT UNB UNG UNE UNZ UNA " +
	"UNS UGH UGT CTA MEA EMP CPI QTY AUT GID EQN PIA HDS PRV ERP ERC AGR"

// knownTag returns the tag if it is one of the list, "" otherwise.
func knownTag(b []byte) string {
	if len(b) != 3 {
		return ""
	}
	for i := 0; i+3 <= len(tags); i += 4 {
		if tags[i] == b[0] && tags[i+1] == b[1] && tags[i+2] == b[2] {
			return tags[i : i+3]
		}
	}
	return ""
}

func isTrailer(tag []byte) bool {
	t := string(tag)
	return t == "UNT" || t == "UNE" || t == "UNZ"
}

// recoverTag looks inside the segment for the beginning of the next: a carrier
// or a network that loses a terminator runs two segments together, and the
// second may be another passenger's. A tag counts only at the end of an
// element, with an element after it that qualifies that tag.
func (p *paxlst) recoverTag() {
	for e := range p.seg.Elements() - 1 {
		v := p.seg.Value(e, p.seg.Components(e)-1)
		if e == 0 && len(v) <= 3 || len(v) < 3 || !p.qualifies(string(v[len(v)-3:]), e+1) {
			continue
		}
		if !p.in.Resume(e) {
			continue
		}
		at := place{offset: p.seg.Offset, tag: knownTag(p.seg.Tag())}
		if m := p.msg; m != nil {
			at.segment, at.passenger = m.segment+1, m.place.passenger
			switch at.tag {
			case "NAD":
				at.passenger = len(m.Passengers) + 1
			case "CNT", "UNT":
				at.passenger = 0
			}
		}
		p.rep().addAt(at, Error, CodeTerminator, "The segment has no terminator: the next one begins inside it.")
		return
	}
}

// qualifies reports whether element e is one that follows the tag.
func (p *paxlst) qualifies(tag string, e int) bool {
	q := string(p.seg.Code(e, 0))
	if q == "" {
		return false
	}
	switch tag {
	case "NAD":
		return oneOf(q, "FL FM DDU DDT MS")
	case "ATT", "NAT":
		return q == "2"
	case "LOC":
		return oneOf(q, "125 87 92 130 178 179 22 174 180 91")
	case "DTM":
		return oneOf(q, "189 232 329 36")
	case "RFF":
		return oneOf(q, "TN AVF ABO SEA AEA CR")
	case "DOC":
		return isCapitals(q, 1, 2)
	case "TDT":
		return oneOf(q, "20 34")
	case "CNT":
		return oneOf(q, "41 42")
	case "BGM":
		return oneOf(q, "745 250 266 336")
	case "UNT":
		return isDigit(q[0])
	}
	return false
}

// oneOf reports whether word is one of those in list, which blanks part.
func oneOf(word, list string) bool {
	for w := range strings.FieldsSeq(list) {
		if w == word {
			return true
		}
	}
	return false
}
