package linkagesim

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"

	"limen/travel"
)

// usual is how evenly common names are borne, if nothing else is stated.
const usual = 4

// lots draws from a list whose k-th name, from 0, is borne by a share that falls
// off as 1/(k+flat): a few names are very common, most are not.
type lots struct {
	names []string
	upTo  []float64 // cumulated
	tail  tail
	parts [3][]string // of a name of the tail
}

func newLots(list string, t tail, flat int) lots {
	l := lots{names: strings.Split(list, "|"), tail: t}
	for i, s := range []string{t.stems, t.middles, t.endings} {
		l.parts[i] = strings.Split(s, "|")
	}
	total := 0.0
	for k := range l.names {
		total += 1 / float64(k+flat)
		l.upTo = append(l.upTo, total)
	}
	return l
}

func (l *lots) draw(r *rand.Rand) string {
	if l.tail.share > 0 && r.Float64() < l.tail.share {
		name := l.parts[0][skewed(r, len(l.parts[0]))]
		if r.IntN(4) > 0 {
			name += l.parts[1][skewed(r, len(l.parts[1]))]
		}
		return name + l.parts[2][skewed(r, len(l.parts[2]))]
	}
	at, _ := slices.BinarySearch(l.upTo, r.Float64()*l.upTo[len(l.upTo)-1])
	return l.names[min(at, len(l.names)-1)]
}

// skewed draws from 0 to n-1, the first ones more often.
func skewed(r *rand.Rand, n int) int { return int(math.Pow(r.Float64(), 1.5) * float64(n)) }

// naming is a culture made ready to be drawn from.
type naming struct {
	*culture
	surnames, female, male lots
}

func namings() (all []naming, upTo []int) {
	total := 0
	for i := range cultures {
		c := &cultures[i]
		total += c.weight
		upTo = append(upTo, total)
		flat := c.flat
		if flat == 0 {
			flat = usual
		}
		all = append(all, naming{c, newLots(c.surnames, c.surnameTail, flat), newLots(c.female, c.femaleTail, usual), newLots(c.male, c.maleTail, usual)})
	}
	return all, upTo
}

func (n *naming) surname(r *rand.Rand) string {
	s := n.surnames.draw(r)
	if n.particle != "" && r.Float64() < .12 {
		s = n.particle + " " + s
	}
	if r.Float64() < n.two {
		s += " " + n.surnames.draw(r)
	}
	return s
}

func (n *naming) given(r *rand.Rand, sex travel.Sex) string {
	from := &n.male
	if sex == travel.Female {
		from = &n.female
	}
	g := from.draw(r)
	if r.Float64() < n.double {
		if second := from.draw(r); second != g {
			g += " " + second
		}
	}
	return g
}

// birth draws a birth date of a person of some age at the end of 2026.
func (n *naming) birth(r *rand.Rand, youngest, oldest int) travel.Day {
	// Two draws: the middle ages travel most.
	age := youngest + (r.IntN(oldest-youngest+1)+r.IntN(oldest-youngest+1))/2
	d := travel.Day{Year: int16(2026 - age), Month: 1, Date: 1}
	if r.Float64() < n.newYear {
		return d
	}
	return d.AddDays(r.IntN(365))
}

const passportLetters = "ABCDEFGHJKLMNPRSTUVWXYZ"

func passport(r *rand.Rand, issuer travel.Country) []travel.Document {
	number := make([]byte, 9)
	for i := range number {
		number[i] = byte('0' + r.IntN(10))
	}
	number[0], number[1] = passportLetters[r.IntN(len(passportLetters))], passportLetters[r.IntN(len(passportLetters))]
	return []travel.Document{{Type: travel.Passport, Number: string(number), Issuer: issuer}}
}
