package linkage

import "slices"

// Key is a blocking key: people who have one in common are compared. It is
// personal data, as the name and the birth date that it is made of: a store
// keeps a keyed digest of it. What it is made of may change with limen.
type Key string

// The kinds of key. Each key begins with its kind.
const (
	documentKind  = 'd' // a document
	dateKind      = 'b' // year, and month and day in whatever order, sex and nationality, with one part of the name
	yearMonthKind = 'm' // year and month, with a pair of parts
	yearDayKind   = 'n' // year and day, with a pair
	monthDayKind  = 'o' // month and day, with a pair
	yearKind      = 'y' // year, with a pair
	partlyKind    = 'z' // year, with a pair, of people whose month or day is unknown
)

const (
	// keyLetters is how much of a skeleton a key has: less than a truncated name.
	keyLetters = 5
	// maxKeyParts is how many parts of a surname, and of given names, make keys.
	maxKeyParts = 4
	// MaxKeys bounds the keys of a person.
	MaxKeys = maxDocuments + 2*maxKeyParts + 5*maxKeyParts*maxKeyParts
)

// Keys returns the blocking keys that a person is filed under, each once, at
// most MaxKeys:
//
//   - each document;
//   - the birth date, sex and nationality with each part of the name: finds a
//     name that is swapped, shortened, transliterated or half wrong, and a day
//     swapped for the month;
//   - two of year, month and day with each pair of a part of the surname and
//     one of the given names, whichever is which: finds a slip in the third;
//   - the year with the same pairs, for those whose month and day are unknown.
//
// A part of a name stands there as the first letters of its skeleton. Without a
// year of birth a person is found by document only.
func Keys(p Person) []Key { return keys(&p, false) }

// SearchKeys returns the keys under which candidates for a person are looked
// for: who is filed under one of them is one.
func SearchKeys(p Person) []Key { return keys(&p, true) }

func keys(p *Person, search bool) []Key {
	prof := newProfile(p)
	out := make([]Key, 0, 24)
	for _, d := range prof.documents {
		out = append(out, key(documentKind, "", d))
	}
	b := p.Birth
	if b.Year == 0 {
		return unique(out)
	}
	surnames, given := keyParts(prof.surname), keyParts(prof.given)
	if b.Whole() {
		date := BirthDate{b.Year, min(b.Month, b.Date), max(b.Month, b.Date)}.text() + string(p.Sex) + "/" + country(p.Nationality)
		for _, parts := range [][]string{surnames, given} {
			for _, part := range parts {
				out = append(out, key(dateKind, date, part))
			}
		}
	}
	date := b.text()
	for _, pair := range pairs(surnames, given) {
		if b.Whole() {
			out = append(out, key(yearMonthKind, date[:6], pair), key(yearDayKind, date[:4]+date[6:], pair), key(monthDayKind, date[4:], pair))
		}
		switch {
		case !b.Whole() && search:
			out = append(out, key(yearKind, date[:4], pair)) // whole or not
		case !b.Whole():
			out = append(out, key(yearKind, date[:4], pair), key(partlyKind, date[:4], pair))
		case search:
			out = append(out, key(partlyKind, date[:4], pair))
		default:
			out = append(out, key(yearKind, date[:4], pair))
		}
	}
	return unique(out)
}

func key(kind byte, when, what string) Key {
	b := make([]byte, 0, 2+len(when)+len(what))
	b = append(append(append(append(b, kind), when...), ' '), what...)
	return Key(b)
}

// keyParts are the parts of a name as they stand in keys.
func keyParts(n names) []string {
	parts := make([]string, 0, maxKeyParts)
	for _, p := range n.parts[:min(len(n.parts), maxKeyParts)] {
		parts = append(parts, p.skeleton[:min(len(p.skeleton), keyLetters)])
	}
	return parts
}

// pairs are those of a part of the surname with one of the given names; of a
// person who has but one name, of its first part with the others.
func pairs(surnames, given []string) []string {
	if len(given) == 0 {
		surnames, given = surnames[:min(1, len(surnames))], surnames[min(1, len(surnames)):]
	}
	if len(surnames) == 0 {
		surnames, given = given[:min(1, len(given))], given[min(1, len(given)):]
	}
	out := make([]string, 0, len(surnames)*len(given))
	for _, s := range surnames {
		if len(given) == 0 {
			out = append(out, s)
		}
		for _, g := range given {
			out = append(out, min(s, g)+" "+max(s, g))
		}
	}
	return out
}

// text is YYYYMMDD, with zeros for what is unknown.
func (b BirthDate) text() string {
	var out [8]byte
	n := int(b.Year)*10000 + int(b.Month)*100 + int(b.Date)
	for i := len(out) - 1; i >= 0; i, n = i-1, n/10 {
		out[i] = byte('0' + n%10)
	}
	return string(out[:])
}

func unique(keys []Key) []Key {
	slices.Sort(keys)
	return slices.Compact(keys)
}
