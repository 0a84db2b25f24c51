package manifest

import "unicode/utf8"

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
	if latin {
		p.rep().add(Warning, CodeCharacter, "The segment holds bytes that are not UTF-8; they were taken as ISO 8859-1.")
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
