package linkagesim

import (
	"math/rand/v2"
	"strings"

	"limen/document"
	"limen/linkage"
	"limen/travel"
)

// Kind is one thing that was done to a departure.
type Kind string

// The kinds. Every departure has another passport.
const (
	Clean       Kind = "new passport only"
	Spelling    Kind = "another transliteration"
	Truncation  Kind = "name cut short"
	NameOrder   Kind = "surname and given names swapped"
	Divided     Kind = "name divided otherwise"
	DropGiven   Kind = "a given name left out"
	DropSurname Kind = "second surname left out"
	NoGiven     Kind = "no given name"
	Letter      Kind = "one letter wrong"
	Digit       Kind = "one digit of the birth date wrong"
	DayMonth    Kind = "day and month swapped"
	Year        Kind = "year off by one"
	YearOnly    Kind = "day and month unknown"
	OtherNation Kind = "another nationality"
	WrongSex    Kind = "sex wrong or not stated"
	Married     Kind = "another surname"
	Several     Kind = "two or more of these"
)

// Rate is how often a kind is done to a departure that it can be done to.
type Rate struct {
	Kind Kind
	Rate float64
}

// Rates are stated, not measured: a deployment has its own. Each kind is drawn
// by itself, so a departure may have several.
var Rates = []Rate{
	{Spelling, .12}, {DropGiven, .08}, {DropSurname, .06}, {NoGiven, .002}, {Letter, .03}, {Married, .01}, {Truncation, .03}, {NameOrder, .03}, {Divided, .02},
	{Digit, .03}, {DayMonth, .01}, {Year, .01}, {YearOnly, .005}, {OtherNation, .02}, {WrongSex, .01},
}

// asRead is a person as a machine-readable zone shows them: Latin capitals, 39
// of them with two fillers between surname and given names.
//
// Source: ICAO Doc 9303-4 section 4.2.2 (name field of 39 characters).
func asRead(t traveler) linkage.Person {
	p := linkage.PersonOf(t.Person, nil)
	p.Surname, _ = document.Transliterate(t.Surname)
	p.GivenNames, _ = document.Transliterate(t.GivenNames)
	const zone, fillers = 39, 2
	if over := len(p.Surname) + fillers + len(p.GivenNames) - zone; over > 0 {
		p.Surname = cut(p.Surname, zone-fillers-1)
		p.GivenNames = cut(p.GivenNames, zone-fillers-len(p.Surname))
	}
	return p
}

func cut(s string, n int) string { return strings.TrimSpace(s[:min(len(s), max(n, 0))]) }

// depart returns a departure of a traveler with what was done to it.
func depart(r *rand.Rand, t traveler) (linkage.Person, []Kind) {
	var done []Kind
	drawn := map[Kind]bool{}
	for _, rate := range Rates {
		drawn[rate.Kind] = r.Float64() < rate.Rate
	}
	p := asRead(t)
	if drawn[Spelling] {
		s := t
		s.Surname, s.GivenNames = respell(r, t.Surname, t.culture.spellings), respell(r, t.GivenNames, t.culture.spellings)
		if q := asRead(s); q.Surname != p.Surname || q.GivenNames != p.GivenNames {
			p, done = q, append(done, Spelling)
		}
	}
	for _, rate := range Rates {
		if f := corruptions[rate.Kind]; f != nil && drawn[rate.Kind] && f(r, &p, t) {
			done = append(done, rate.Kind)
		}
	}
	p.Documents = passport(r, p.Nationality)
	return p, done
}

// respell writes a name by one or two other conventions of its language.
func respell(r *rand.Rand, name string, spellings [][2]string) string {
	name = strings.ToLower(name)
	left := 1 + r.IntN(2)
	for _, i := range r.Perm(len(spellings)) {
		if s := spellings[i]; left > 0 && strings.Contains(name, s[0]) {
			name, left = strings.ReplaceAll(name, s[0], s[1]), left-1
		}
	}
	return name
}

// corruptions do one thing to a person, or report false where it cannot be done.
var corruptions = map[Kind]func(*rand.Rand, *linkage.Person, traveler) bool{
	DropGiven:   func(r *rand.Rand, p *linkage.Person, _ traveler) bool { return dropPart(r, &p.GivenNames) },
	DropSurname: func(r *rand.Rand, p *linkage.Person, _ traveler) bool { return dropPart(r, &p.Surname) },
	NoGiven: func(_ *rand.Rand, p *linkage.Person, _ traveler) bool {
		p.GivenNames = ""
		return true
	},
	Letter: func(r *rand.Rand, p *linkage.Person, _ traveler) bool {
		if r.IntN(2) == 0 {
			return mistype(r, &p.Surname)
		}
		return mistype(r, &p.GivenNames)
	},
	Married: func(r *rand.Rand, p *linkage.Person, t traveler) bool {
		p.Surname, _ = document.Transliterate(t.culture.surname(r))
		return true
	},
	Truncation: func(r *rand.Rand, p *linkage.Person, _ traveler) bool {
		n, was := 6+r.IntN(8), len(p.Surname)+len(p.GivenNames)
		p.Surname, p.GivenNames = cut(p.Surname, n+4), cut(p.GivenNames, n)
		return len(p.Surname)+len(p.GivenNames) < was
	},
	NameOrder: func(_ *rand.Rand, p *linkage.Person, _ traveler) bool {
		p.Surname, p.GivenNames = p.GivenNames, p.Surname
		return p.GivenNames != ""
	},
	Divided:  divide,
	Digit:    slip,
	DayMonth: func(_ *rand.Rand, p *linkage.Person, _ traveler) bool { return swapDay(p) },
	Year: func(r *rand.Rand, p *linkage.Person, _ traveler) bool {
		p.Birth.Year += int16(1 - 2*r.IntN(2))
		return true
	},
	YearOnly: func(_ *rand.Rand, p *linkage.Person, _ traveler) bool {
		p.Birth.Month, p.Birth.Date = 0, 0
		return true
	},
	OtherNation: func(r *rand.Rand, p *linkage.Person, _ traveler) bool {
		p.Nationality = cultures[r.IntN(len(cultures))].code
		return true
	},
	WrongSex: func(r *rand.Rand, p *linkage.Person, _ traveler) bool {
		was := p.Sex
		p.Sex = []travel.Sex{"", travel.Male, travel.Female}[r.IntN(3)]
		return p.Sex != was
	},
}

// dropPart leaves out one of several parts of a name.
func dropPart(r *rand.Rand, s *string) bool {
	parts := strings.Fields(*s)
	if len(parts) < 2 {
		return false
	}
	i := 1 // the last ones most often
	if r.Float64() < .2 {
		i = 0
	}
	if i == 0 {
		*s = strings.Join(parts[1:], " ")
	} else {
		*s = strings.Join(parts[:len(parts)-1], " ")
	}
	return true
}

// mistype hits another key, leaves one out, hits one twice, or two in the wrong
// order.
func mistype(r *rand.Rand, s *string) bool {
	b := []byte(*s)
	if len(b) < 3 {
		return false
	}
	i := r.IntN(len(b) - 1)
	switch r.IntN(4) {
	case 0:
		b[i] = byte('A' + r.IntN(26))
	case 1:
		b = append(b[:i], b[i+1:]...)
	case 2:
		b = append(b[:i+1], b[i:]...)
	default:
		b[i], b[i+1] = b[i+1], b[i]
	}
	was := *s
	*s = strings.Join(strings.Fields(string(b)), " ")
	return *s != was
}

// divide puts the last given name before the surname, or the first surname
// behind the given names.
func divide(r *rand.Rand, p *linkage.Person, _ traveler) bool {
	surnames, given := strings.Fields(p.Surname), strings.Fields(p.GivenNames)
	switch {
	case len(given) > 1 && (len(surnames) < 2 || r.IntN(2) == 0):
		surnames, given = append([]string{given[len(given)-1]}, surnames...), given[:len(given)-1]
	case len(surnames) > 1:
		given, surnames = append(given, surnames[0]), surnames[1:]
	default:
		return false
	}
	p.Surname, p.GivenNames = strings.Join(surnames, " "), strings.Join(given, " ")
	return true
}

// slip changes one digit of the birth date so that it remains one.
func slip(r *rand.Rand, p *linkage.Person, _ traveler) bool {
	was := p.Birth
	text := []byte(travel.Day{Year: was.Year, Month: was.Month, Date: was.Date}.String())
	for range 100 {
		at, old := 2+r.IntN(8), byte(0)
		if old = text[at]; old == '-' {
			continue
		}
		text[at] = byte('0' + r.IntN(10))
		d, err := travel.ParseDay(string(text))
		if err == nil && linkage.BirthOn(d) != was {
			p.Birth = linkage.BirthOn(d)
			return true
		}
		text[at] = old
	}
	return false
}

func swapDay(p *linkage.Person) bool {
	b := p.Birth
	if b.Date > 12 || b.Date == b.Month {
		return false
	}
	p.Birth.Month, p.Birth.Date = b.Date, b.Month
	return true
}
