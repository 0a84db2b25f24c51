// Package staysim makes up authorized stays and departures, so that anybody can
// see the overstay report without a record. The people do not exist: sizes are
// rough orders of magnitude and rates are drawn by chance. They say nothing about
// any country.
package staysim

import (
	"iter"
	"math"
	"math/rand/v2"
	"strings"

	"limen/errs"
	"limen/report"
	"limen/stay"
	"limen/travel"
)

// Most is the largest population.
const Most = 100_000_000

// Population is a number of stays around one period, all drawn from a seed: the
// same population has the same rows, in the same order, on every machine.
type Population struct {
	n      int
	seed   uint64
	period report.Period
	places []place
	sum    float64
}

// noCitizens are codes of ISO 3166-1 whose people are citizens of another.
const noCitizens = "ABW AIA ALA ASM BES BLM BMU CCK COK CUW CXR CYM FLK FRO GGY GIB GLP GRL GUF GUM IMN JEY MAF MNP MSR MTQ MYT NCL NFK NIU PCN PRI PYF REU SGS SHN SJM SPM SXM TCA TKL VGB VIR WLF ESH UNA UNK UNO XPO EUE GBD GBN GBO GBP GBS VAT XOM"

// place is a country of the population: its share, how many of its stays are
// overstayed, and how many of its people are admitted without a visa.
type place struct {
	code   travel.Country
	upTo   float64 // of the sum of the weights so far
	rate   float64
	waiver bool
}

// New returns a population of n stays. An n that is not from 1 to Most is an
// Invalid error (code "sim-size").
func New(n int, seed uint64, period report.Period) (*Population, error) {
	if n < 1 || n > Most {
		return nil, errs.New(errs.Invalid, "sim-size", "a synthetic population has 1 to %d stays", Most)
	}
	p := &Population{n: n, seed: seed, period: period}
	rnd := rand.New(rand.NewPCG(seed, 0))
	codes := report.Nationalities()
	rnd.Shuffle(len(codes), func(i, j int) { codes[i], codes[j] = codes[j], codes[i] })
	for _, code := range codes {
		if code == "USA" || strings.Contains(noCitizens, string(code)) {
			continue
		}
		weight := weightOf(code) * (0.75 + 0.5*rnd.Float64())
		p.sum += weight
		p.places = append(p.places, place{code, p.sum, min(0.3, 0.02*math.Exp(rnd.NormFloat64()*0.8)), rnd.IntN(5) == 0})
	}
	return p, nil
}

// Stays yields the stays one by one; Departures the departures of the same
// people, and of immigrants. Neither keeps any in memory.
func (p *Population) Stays() iter.Seq2[report.Stay, error] {
	return func(yield func(report.Stay, error) bool) {
		p.each(func(s report.Stay, _ []report.Departure) bool { return yield(s, nil) })
	}
}

// Departures is described at Stays.
func (p *Population) Departures() iter.Seq2[report.Departure, error] {
	return func(yield func(report.Departure, error) bool) {
		p.each(func(_ report.Stay, ds []report.Departure) bool {
			for _, d := range ds {
				if !yield(d, nil) {
					return false
				}
			}
			return true
		})
	}
}

func (p *Population) each(do func(report.Stay, []report.Departure) bool) {
	rnd := rand.New(rand.NewPCG(p.seed, 1))
	for range p.n {
		s, left := p.stay(rnd)
		var ds []report.Departure
		if !left.IsZero() {
			d := report.Departure{Citizenship: s.Citizenship, Category: report.Nonimmigrant, Class: s.Class, Day: left, Matched: !s.Departed.IsZero()}
			if !d.Matched {
				d.Category, d.Class = report.CategoryUnknown, ""
			}
			ds = append(ds, d)
		}
		if rnd.IntN(8) == 0 {
			ds = append(ds, report.Departure{Citizenship: p.draw(rnd).code, Category: report.Immigrant, Day: p.period.First.AddDays(rnd.IntN(365)), Matched: rnd.IntN(50) > 0})
		}
		if !do(s, ds) {
			return
		}
	}
}

func (p *Population) draw(rnd *rand.Rand) place {
	at := rnd.Float64() * p.sum
	low, high := 0, len(p.places)-1
	for low < high {
		if mid := (low + high) / 2; p.places[mid].upTo < at {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return p.places[low]
}

// stay draws one stay, and the day on which the person left, which the record
// may have missed.
func (p *Population) stay(rnd *rand.Rand) (s report.Stay, left travel.Day) {
	from := p.draw(rnd)
	class, days, rate := classOf(rnd, from)
	s = report.Stay{Citizenship: from.code, Class: class, Mode: report.Air, Status: report.Running}
	switch k := rnd.IntN(100); {
	case k < 6:
		s.Mode = report.Sea
	case k < 12:
		s.Mode = report.Land
	}
	until := p.period.First.AddDays(rnd.IntN(395) - 15) // some just outside
	s.Arrived = until.AddDays(-days)
	if report.GroupOf(class) == report.StudentExchange && rnd.IntN(3) > 0 {
		s.DurationOfStatus = true
	} else {
		s.Until = until
	}
	switch k := rnd.Float64(); {
	case k < 0.006:
		s.Status = []report.Status{report.Adjusted, report.Changed, report.Paroled}[rnd.IntN(3)]
		s.StatusOn = until.AddDays(-rnd.IntN(days/2+1) + rnd.IntN(20))
	case k < 0.006+rate:
		if rnd.IntN(5) > 0 {
			left = until.AddDays(1 + int(rnd.ExpFloat64()*110))
		}
	default:
		left = until.AddDays(-rnd.IntN(days + 1))
	}
	if rnd.IntN(250) > 0 {
		s.Departed = left // one in 250 is not found for its arrival
	}
	return s, left
}

// classOf draws a class, for how many days it is admitted, and how many of its
// stays are overstayed.
func classOf(rnd *rand.Rand, from place) (class stay.ClassOfAdmission, days int, rate float64) {
	pick := func(cs ...stay.ClassOfAdmission) stay.ClassOfAdmission { return cs[rnd.IntN(len(cs))] }
	switch k := rnd.IntN(100); {
	case k < 82 && from.waiver:
		return pick("WT", "WT", "WT", "WB"), 90, from.rate / 4
	case k < 82:
		return pick("B-2", "B-2", "B-1"), 180, from.rate
	case k < 91:
		return pick("F-1", "F-1", "J-1", "M-1"), 365, from.rate * 1.6
	}
	return pick("H-1B", "L-1A", "O-1", "C-1/D", "H-2A", "E-2", "TN", "P-1", "A-2", "I"), 300, from.rate * 0.8
}
