package linkage

import "math"

// Weight is the weight of one outcome of a comparison.
type Weight struct {
	Field Field
	Level Level
	// Bits is log2(m/u): m is how often the outcome is seen of one person, u of
	// two. Of names it is what is added to the rarity of the name, -log2 of its
	// share: there u is the share, and Bits are log2(m) and what else is stated.
	Bits   float64
	Reason string
}

// NamesField stands in Weights for surname and given names alike.
const NamesField Field = "names"

// Weights are all weights. The shares m are estimates that a deployment should
// replace by what its officers find on its own leads; those of u follow from
// the calendar and from the shares of names.
//
// Source: Fellegi and Sunter 1969, section 2 (weights as likelihood ratios) and
// 3.3 (weights by the frequency of a name).
var Weights = []Weight{
	{DocumentField, Same, 30, "a number is given once by its issuer; one in a billion is read wrongly as another's"},
	{DocumentField, Different, 0, "a new passport is no news: this comparison is made because there is one"},
	{DocumentField, Unknown, 0, ""},

	{NamesField, Same, -0.3, "m 0.8: most names are written alike twice"},
	{NamesField, Variant, -2.5, "m 0.15 where a name has diacritics or another script"},
	{NamesField, Sound, -3.5, "m 0.08; the share is that of all names with these consonants"},
	{NamesField, Cut, -4.5, "m 0.05: machine-readable zones end at 39 letters, carriers' fields at 35; several names begin alike"},
	{NamesField, Typo, -6, "m 0.03; some two names in a file are one letter from any name"},
	{NamesField, Fewer, -1.5, "m 0.2 to 0.4: carriers drop middle names and second surnames"},
	{NamesField, Initial, -0.5, "as a missing name, and one letter in twenty agrees by chance"},
	{SurnameField, Different, -5, "m 0.03: marriage, adoption, a second surname used alone"},
	{SurnameField, Partly, -4, "m 0.03: two surnames, one of them another since"},
	{GivenNamesField, Partly, -7, "m 0.005: what twins with double names have"},
	{GivenNamesField, Different, -6.5, "m 0.01: a twin differs in the given names, and in nothing else"},
	{NameOrderField, Swapped, -4, "m 0.03, and there are two ways to agree"},
	{NameOrderField, Mixed, -4, "m 0.03: the same names divided otherwise, as in Spanish and Arabic names"},
	{NamesField, Unknown, 0, ""},

	{BirthField, Same, 14.3, "m 0.95; u 1 of 60 years of 365 days, uneven"},
	{BirthField, Partly, 9, "month or date unknown on one side; u 1 of 60 years of 12 months"},
	{BirthField, YearOnly, 5.7, "u 1 of 60 years, uneven"},
	{BirthField, Swapped, 7.5, "day for month: m 0.01, u as a whole date"},
	{BirthField, NextYear, 6.5, "m 0.01: counted from another calendar; u two dates"},
	{BirthField, OneDigit, 5, "m 0.02; u some twenty dates"},
	{BirthField, Different, -7, "m 0.007: another date altogether is another person, such as a father"},
	{BirthField, Unknown, 0, ""},

	{SexField, Same, 0.9, "u 1 of 2"},
	{SexField, Different, -5, "m 0.015: misread, or changed"},
	{SexField, Unknown, 0, "not stated, or X on either side"},

	{NationalityField, Same, 1, "u 1 of 10, but the name has said most of it"},
	{NationalityField, Partly, 0, "other, but a document of this country was shown, too: a dual national"},
	{NationalityField, Different, -2.5, "m 0.02: naturalization, or a second passport that is not on file"},
	{NationalityField, Unknown, 0, ""},

	{BiometricField, NotPassed, -8, "m 0.004: false non-matches at a border, aging"},
}

// What else is weighed.
const (
	// newYearBits are taken off a birth date of January 1: where a day is not
	// known, that is what is written, of one person in ten in some countries.
	newYearBits = 5
	// togetherBits are taken off surname and given names that both agree: names
	// of one language go together, so the second says less than its share.
	togetherBits = 3
	// maxSurnameBits and maxGivenBits bound what a name can say, however rare:
	// relatives share it.
	maxSurnameBits, maxGivenBits = 13, 13
	// maxBiometricBits bound what a calibration can say: a false match rate is
	// never known better than to one in a million, and relatives look alike.
	maxBiometricBits = 20
	// headlessBits are taken off where the first of several names is missing: it
	// is the last that are left out.
	headlessBits = 2
	// laterNames is how much the second and further parts of a name count.
	laterNames = 0.5
)

var weight = func() map[[2]string]float64 {
	m := map[[2]string]float64{}
	for _, w := range Weights {
		m[[2]string{string(w.Field), string(w.Level)}] = w.Bits
	}
	return m
}()

func bits(f Field, l Level) float64 { return weight[[2]string{string(f), string(l)}] }

// Shares says which share of the people on file bears a name, by a form of it
// as Names gives it; 0 if that is not known. A nil Shares knows nothing: every
// name then counts as a common one.
type Shares func(form string) float64

// commonShare is that of a name nobody has counted, as common as the most common
// names of a country: with a birth date of January 1 two such names make no match
// strong, however few people are on file.
const commonShare = 1.0 / 16

func (s Shares) rarity(kind, name string) float64 {
	share := 0.0
	if s != nil {
		share = s(kind + name)
	}
	if !(share > 0 && share <= 1) {
		share = commonShare
	}
	return -math.Log2(share)
}

// The kinds of form: a folded name and a skeleton are counted apart.
const (
	foldForm     = "n "
	skeletonForm = "s "
)

// Names returns the forms of a person's names, each once, as Shares knows them.
// They are personal data: a store counts keyed digests of them.
func Names(p Person) []string {
	prof := newProfile(&p)
	forms := make([]string, 0, 8)
	seen := map[string]bool{}
	for _, part := range append(prof.surname.parts, prof.given.parts...) {
		for _, f := range []string{foldForm + part.fold, skeletonForm + part.skeleton} {
			if !seen[f] {
				seen[f] = true
				forms = append(forms, f)
			}
		}
	}
	return forms
}

// Census counts the names of the people on file. The zero value is empty. Its
// Share may be called from many goroutines while none adds.
type Census struct {
	people int
	counts map[string]int32
}

// Add counts a person.
func (c *Census) Add(p Person) {
	if c.counts == nil {
		c.counts = map[string]int32{}
	}
	c.people++
	for _, f := range Names(p) {
		c.counts[f]++
	}
}

// A file of few people says little of names: an unseen name is taken for one of
// unseenShare, as if priorPeople had been counted before.
const (
	priorPeople = 1000
	unseenShare = 1.0 / 1000
)

// Share is a Shares.
func (c *Census) Share(form string) float64 { return Share(int(c.counts[form]), c.people) }

// Share returns the share of people on file who bear a name, from a count of
// both. A name that EnoughBearers have says nothing: its share is 1.
func Share(bearers, people int) float64 {
	if bearers >= EnoughBearers(people) {
		return 1
	}
	return (float64(bearers) + priorPeople*unseenShare) / float64(people+priorPeople)
}

// EnoughBearers is how many bearers of a name a census of people need count:
// with one in 16, and more than a few, the name is as common as one that nobody
// counted, or more so.
func EnoughBearers(people int) int { return max(people/16, fewest/16) }
