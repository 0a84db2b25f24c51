package linkagesim

import (
	"math/rand/v2"
	"slices"
	"strings"

	"limen/travel"
)

// traveler is somebody as their parents named them.
type traveler struct {
	travel.Person
	culture *naming
}

// population makes people, family by family.
type population struct {
	r    *rand.Rand
	all  []naming
	upTo []int
}

func newPopulation(r *rand.Rand) *population {
	all, upTo := namings()
	return &population{r: r, all: all, upTo: upTo}
}

// What families are like.
const (
	alone       = .5 // of all parties
	couples     = .25
	sameSurname = .85
	adultTwins  = .008 // of people alone, with a twin
	childTwins  = .04  // of families with two children and more
	sameFirst   = .15  // of twins with two given names: share the first
	juniors     = .06  // of families with a son: he has the father's name
)

// family returns people who travel together.
func (p *population) family() []traveler {
	r := p.r
	at, found := slices.BinarySearch(p.upTo, r.IntN(p.upTo[len(p.upTo)-1]))
	if found {
		at++
	}
	n := &p.all[at]
	head := p.person(n, n.surname(r), 18, 85)
	switch x := r.Float64(); {
	case x < alone*adultTwins:
		return []traveler{head, p.twin(head)}
	case x < alone:
		return []traveler{head}
	}
	mate := p.person(n, p.familyName(n, head.Surname), int(2026-head.BirthDate.Year), int(2026-head.BirthDate.Year)+6)
	out := []traveler{head, mate}
	if r.Float64() < couples/(1-alone) {
		return out
	}
	return append(out, p.children(n, head)...)
}

func (p *population) familyName(n *naming, surname string) string {
	if p.r.Float64() < sameSurname {
		return surname
	}
	return n.surname(p.r)
}

func (p *population) children(n *naming, head traveler) (out []traveler) {
	surname := p.familyName(n, head.Surname)
	oldest := max(int(2026-head.BirthDate.Year)-18, 1)
	for range 1 + p.r.IntN(3) {
		out = append(out, p.person(n, surname, 0, min(oldest, 40)))
	}
	if len(out) > 1 && p.r.Float64() < childTwins {
		out[1] = p.twin(out[0])
	}
	if c := &out[len(out)-1]; head.Sex == travel.Male && c.Sex == travel.Male && p.r.Float64() < juniors {
		c.GivenNames, c.Surname = head.GivenNames, head.Surname
	}
	return out
}

func (p *population) person(n *naming, surname string, youngest, oldest int) traveler {
	t := traveler{culture: n}
	t.Sex = travel.Female
	if p.r.IntN(2) == 0 {
		t.Sex = travel.Male
	}
	t.Surname, t.GivenNames = surname, n.given(p.r, t.Sex)
	t.BirthDate, t.Nationality = n.birth(p.r, youngest, oldest), n.code
	return t
}

// twin has another given name, and all else alike, as often as not the sex too.
func (p *population) twin(of traveler) traveler {
	t := of
	if p.r.IntN(2) == 0 {
		t.Sex = travel.Female
		if of.Sex == travel.Female {
			t.Sex = travel.Male
		}
	}
	for t.GivenNames == of.GivenNames {
		t.GivenNames = t.culture.given(p.r, t.Sex)
		if first, _, two := strings.Cut(of.GivenNames, " "); two && t.Sex == of.Sex && p.r.Float64() < sameFirst {
			t.GivenNames = first + " " + t.culture.given(p.r, t.Sex)
		}
	}
	return t
}
