package linkage

import (
	"cmp"
	"math"
	"slices"

	"limen/travel"
)

// Setting is what a decision needs to know of the file as a whole.
type Setting struct {
	// People is how many the candidates were found among: the more there are,
	// the more of them agree by chance.
	People int
	// Shares knows how common names are; nil counts every name as common, and so
	// does a file of fewer than 10,000 people, which knows too few names.
	Shares Shares
	// NotAllSeen is set where not everybody was seen who shares a key: see Gather.
	// Then nobody knows whether there is a rival, and only a document or a face
	// makes a match more than weak.
	NotAllSeen bool
}

// The thresholds, in bits over log2(People), which is the weight of not knowing
// a person at all: at 0 it is even whether a candidate is the person.
const (
	// StrongBits was chosen on a million synthetic people (limen bench linkage
	// --seed 1): of the matches just above it one in 70 was wrong, of all fewer
	// than one in 3,000. Figures are reported on other seeds.
	StrongBits = 3
	// WeakBits: at least one of some 16 is the person.
	WeakBits = -4
	// MarginBits is how far a strong match leads the next candidate.
	MarginBits = 8
)

// fewest is what People counts as at least: a small file says little of the
// people who are not in it.
const fewest = 10_000

func (s Setting) prior() float64 { return math.Log2(float64(max(s.People, fewest))) }

// Decide compares a departing person with candidates and returns a match for
// each that is at least weak, the strongest first, then by total, then by id.
// At most one is strong or confirmed: two files that both could be the person's
// make leads for an officer, and nothing else.
func Decide(departure Person, candidates []Candidate, s Setting) []Match {
	d := newProfile(&departure)
	if s.People < fewest {
		s.Shares = nil
	}
	var out []Match
	for i := range candidates {
		if m := s.match(d, &candidates[i]); m.Strength != None {
			out = append(out, m)
		}
	}
	s.settle(out)
	slices.SortStableFunc(out, func(a, b Match) int {
		return cmp.Or(cmp.Compare(order(a.Strength), order(b.Strength)), cmp.Compare(b.Total, a.Total), cmp.Compare(a.Candidate, b.Candidate))
	})
	return out
}

func order(s Strength) int { return slices.Index([]Strength{Confirmed, Strong, Weak, None}, s) }

// match weighs one candidate, for itself.
func (s Setting) match(d *profile, c *Candidate) Match {
	all, total := compare(d, newProfile(&c.Person), s.Shares)
	if c.Verification != nil {
		all = append(all, c.Verification.evidence())
		total = sum(all)
	}
	m := Match{Candidate: c.Traveler, Evidence: all, Total: total, Strength: None}
	l := levelsOf(all)
	proven := l.document == Same || l.biometric == Accepted
	switch over := total - s.prior(); {
	case l.biometric == NotPassed && over >= WeakBits, proven && l.contradict(), l.document == Same && over < StrongBits:
		m.Strength, m.Why = Weak, Contradiction
	case over < WeakBits:
	case over < StrongBits:
		m.Strength, m.Why = Weak, TooLittle
	case proven:
		m.Strength = Confirmed
	case l.contradict():
		m.Strength, m.Why = Weak, Contradiction
	case !l.enough():
		m.Strength, m.Why = Weak, TooLittle
	case s.NotAllSeen:
		m.Strength, m.Why = Weak, NotAllSeen
	default:
		m.Strength = Strong
	}
	return m
}

// settle makes weak what has a rival.
func (s Setting) settle(all []Match) {
	var first, second float64 = math.Inf(-1), math.Inf(-1)
	for _, m := range all {
		if m.Total > first {
			first, second = m.Total, first
		} else {
			second = max(second, m.Total)
		}
	}
	for i := range all {
		m := &all[i]
		if (m.Strength == Confirmed || m.Strength == Strong) && (m.Total < first || m.Total-second < MarginBits) {
			m.Strength, m.Why = Weak, Rival
		}
	}
}

// levels are those that a rule asks for.
type levels struct{ document, surname, given, birth, biometric Level }

func levelsOf(all []Evidence) (l levels) {
	for _, e := range all {
		switch e.Field {
		case DocumentField:
			l.document = e.Level
		case SurnameField:
			l.surname = e.Level
		case GivenNamesField:
			l.given = e.Level
		case BirthField:
			l.birth = e.Level
		case BiometricField:
			l.biometric = e.Level
		}
	}
	return l
}

// contradict reports whether given names or birth date say that there are two
// people: a father and his son, twins, who may share a face and one of two given
// names, a document that two people show.
func (l levels) contradict() bool {
	return l.birth == Different || l.given == Different || l.given == Partly
}

// enough reports whether surname, given names and birth date all speak for one
// person: two of them, however rare, are what relatives have in common.
func (l levels) enough() bool {
	return l.surname != Unknown && l.surname != Different && l.given != Unknown && l.birth != Unknown && l.birth != YearOnly
}

// evidence weighs a verification.
func (v Verification) evidence() Evidence {
	e := Evidence{Field: BiometricField, Level: NotPassed, Bits: bits(BiometricField, NotPassed), Model: v.Model.String()}
	if v.Accepted {
		e.Level, e.Bits = Accepted, 0
		if v.FMR > 0 && v.FMR < 1 {
			e.Bits = tenths(min(-math.Log2(v.FMR), maxBiometricBits))
		}
	}
	return e
}

// Mergeable returns the match that a rule may merge on: the only one that is
// confirmed or strong. All others are leads.
func Mergeable(all []Match) (travel.TravelerID, bool) {
	if len(all) > 0 && (all[0].Strength == Confirmed || all[0].Strength == Strong) {
		return all[0].Candidate, true
	}
	return "", false
}
