package edifact

// Syntax holds the service characters of an interchange.
//
// Source: ISO 9735-1:2002, 7.1 and annex A (UNA).
type Syntax struct {
	Component byte // between components of one element
	Element   byte // between elements
	Decimal   byte // decimal mark in numbers; nothing here reads numbers
	Release   byte // takes its meaning from the next character; blank: none
	// Repetition separates repeated elements from syntax version 4 on; blank:
	// none. Reader keeps it and does not act on it.
	Repetition byte
	Terminator byte // ends a segment
}

// unaLength is the length of a service string advice: "UNA" and six characters.
const unaLength = 9

// DefaultSyntax returns the characters that hold where an interchange has no
// service string advice: level A of ISO 9735.
func DefaultSyntax() Syntax {
	return Syntax{Component: ':', Element: '+', Decimal: '.', Release: '?', Repetition: ' ', Terminator: '\''}
}

// parseUNA reads the service string advice at the start of b. It reports false
// if the six characters cannot do their work: two that must differ are equal,
// or one is a letter or a digit.
func parseUNA(b []byte) (Syntax, bool) {
	s := Syntax{Component: b[3], Element: b[4], Decimal: b[5], Release: b[6], Repetition: b[7], Terminator: b[8]}
	return s, s.valid()
}

func (s Syntax) valid() bool {
	work := []byte{s.Component, s.Element, s.Terminator}
	if s.hasRelease() {
		work = append(work, s.Release)
	}
	for i, c := range work {
		if isAlnum(c) || c >= 0x80 || c == ' ' {
			return false
		}
		for _, d := range work[:i] {
			if c == d {
				return false
			}
		}
	}
	return true
}

func (s Syntax) hasRelease() bool { return s.Release != ' ' }

// isService reports whether c means something to this syntax, so that it
// cannot stand in a value without a release character before it.
func (s Syntax) isService(c byte) bool {
	return c == s.Component || c == s.Element || c == s.Terminator || s.hasRelease() && c == s.Release
}

// isBreak reports whether c is a line break that a network put in, to be
// dropped wherever it stands. A break that UNA made a service character is not.
func (s Syntax) isBreak(c byte) bool {
	return (c == '\r' || c == '\n') && !s.isService(c)
}

func isAlnum(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'
}
