package linkage

import (
	"fmt"
	"slices"
)

// Key is a blocking key: people who have one in common are compared. It is
// personal data, as the name and the birth date that it is made of: a store
// keeps a keyed digest of it.
type Key string

const (
	// keyLetters is how much of a skeleton a key has: less than a truncated name.
	keyLetters = 4
	// maxKeyParts is how many parts of a surname, and of given names, make keys.
	maxKeyParts = 4
	// MaxKeys bounds the keys of a person.
	MaxKeys = maxDocuments + 2*maxKeyParts + 2*maxKeyParts*maxKeyParts
)

// Keys returns the blocking keys of a person, each once, at most MaxKeys:
//
//   - each document;
//   - the birth date with each part of the name: finds a name that is swapped,
//     shortened, transliterated or half wrong;
//   - the year of birth with each pair of a part of the surname and one of the
//     given names, in the order of the alphabet: finds another month or day;
//   - month and day with the same pairs: finds another year.
//
// A part of a name stands there as the first letters of its skeleton. Without a
// year of birth a person is found by document only.
func Keys(p Person) []Key {
	prof := newProfile(&p)
	keys := make([]Key, 0, 16)
	for _, d := range prof.documents {
		keys = append(keys, Key("d "+d))
	}
	b := p.Birth
	if b.Year == 0 {
		return unique(keys)
	}
	surnames, given := keyParts(prof.surname), keyParts(prof.given)
	if b.Whole() {
		date := fmt.Sprintf("b %04d%02d%02d ", b.Year, b.Month, b.Date)
		for _, part := range append(surnames, given...) {
			keys = append(keys, Key(date+part))
		}
	}
	year, day := fmt.Sprintf("y %04d ", b.Year), fmt.Sprintf("m %02d%02d ", b.Month, b.Date)
	for _, pair := range pairs(surnames, given) {
		keys = append(keys, Key(year+pair))
		if b.Whole() {
			keys = append(keys, Key(day+pair))
		}
	}
	return unique(keys)
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
// person who has but one name, of its parts.
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

func unique(keys []Key) []Key {
	slices.Sort(keys)
	return slices.Compact(keys)
}
