package linkage

import (
	"strings"

	"limen/document"
)

// maxParts is how many parts of a surname, or of given names, are looked at.
const maxParts = 8

// name is one part of a name in its three forms.
type name struct {
	written, fold, skeleton string
	last                    bool // of its names: where one is cut, it is cut here
}

// names are the parts of a surname or of given names, without particles, and
// all of them written as one.
type names struct {
	parts  []name
	joined name
}

// particles stand before a name, are dropped and added at will, and say little.
// Those that are names elsewhere (DO, LE, VAN) are not among them.
var particles = map[string]bool{"DE": true, "DEL": true, "DELA": true, "DELLA": true, "DELOS": true, "DA": true, "DOS": true, "DI": true, "DU": true,
	"DES": true, "LA": true, "LAS": true, "LOS": true, "VON": true, "VOM": true, "DER": true, "ZU": true, "ZUM": true, "AF": true,
	"AL": true, "EL": true, "UL": true, "BIN": true, "BINT": true, "IBN": true, "BN": true}

func newName(written string) name {
	written = written[:min(len(written), maxName)]
	f := fold(withoutArticle(written))
	return name{written: written, fold: f, skeleton: skeleton(f)}
}

// withoutArticle takes an Arabic article off that is written in one with its
// name: ELSAYED, ALHASSAN.
func withoutArticle(s string) string {
	if len(s) >= 6 && (s[0] == 'A' || s[0] == 'E') && s[1] == 'L' && s[2] != 'L' && !vowel(s[2]) {
		return s[2:]
	}
	return s
}

func vowel(c byte) bool { return strings.IndexByte("AEIOU", c) >= 0 }

// newNames splits a surname or given names, in any script that can be
// transliterated. Of what has no form in A to Z nothing is compared.
func newNames(s string) names {
	s = s[:min(len(s), 4*maxParts*maxName)]
	latin := s
	if !asWritten(s) {
		latin, _ = document.Transliterate(s)
	}
	all := strings.Fields(latin)
	n := names{parts: make([]name, 0, min(len(all)+1, maxParts))}
	var joined strings.Builder
	joined.Grow(len(latin))
	for i, part := range all {
		if particles[part] && i+1 < len(all) {
			continue
		}
		joined.WriteString(part)
		first, second, _ := strings.Cut(servant(part), " ")
		n.add(first)
		n.add(second)
	}
	if len(n.parts) > 0 {
		n.parts[len(n.parts)-1].last = true
	}
	switch len(n.parts) {
	case 0:
	case 1:
		n.joined = n.parts[0]
	default:
		n.joined = newName(joined.String())
	}
	return n
}

func (n *names) add(part string) {
	if part != "" && len(n.parts) < maxParts {
		n.parts = append(n.parts, newName(part))
	}
}

// asWritten reports whether a name is in A to Z and blanks already.
func asWritten(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < 'A' || c > 'Z') && c != ' ' {
			return false
		}
	}
	return true
}

// servant parts a name of the kind "servant of": ABDULRAHMAN, ABDELRAHMAN,
// ABDURRAHMAN and ABDUL RAHMAN are all ABD RAHMAN, and so is EBDALRXHMN, as table
// C of Doc 9303-3 has it.
func servant(s string) string {
	rest, is := strings.CutPrefix(s, "ABD")
	if !is {
		rest, is = strings.CutPrefix(s, "EBD")
	}
	after := strings.TrimLeft(rest, "AEIOU")
	switch {
	case !is || len(after) == len(rest) || len(rest)-len(after) > 2:
		return s
	case len(after) == 1 && strings.Contains("LRSZTDN", after):
		return "ABD"
	case len(after) >= 4 && (after[0] == 'L' || after[0] == after[1]):
		return "ABD " + after[1:]
	}
	return s
}

// profile is a person, made ready to be compared.
type profile struct {
	surname, given names
	person         *Person
	documents      []string
}

func newProfile(p *Person) *profile {
	out := &profile{surname: newNames(p.Surname), given: newNames(p.GivenNames), person: p}
	for _, d := range p.Documents[:min(len(p.Documents), maxDocuments)] {
		if key := documentKey(d); key != "" {
			out.documents = append(out.documents, key)
		}
	}
	return out
}

// after orders two profiles by their names, so that a comparison of two people
// does not depend on which is named first.
func (p *profile) after(q *profile) bool {
	if p.person.Surname != q.person.Surname {
		return p.person.Surname > q.person.Surname
	}
	return p.person.GivenNames > q.person.GivenNames
}
