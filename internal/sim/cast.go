package sim

import (
	"math/rand/v2"
	"strings"

	"limen/travel"
)

// Member is somebody of the cast: a face with a name and papers. The zero
// Class is that of a citizen.
type Member struct {
	*Face
	Person travel.Person
	// Documents are what the person carries, the passport first.
	Documents []travel.Document
	// Class is the class of admission, such as "B-2", "F-1" or "LPR".
	Class string
	// Earlier is the admission under which a departing alien is in the country.
	Earlier *Admission
	// Grant is what the officer will give an arriving alien.
	Grant *Admission
}

// Admission is one admission: a class, and until when.
type Admission struct {
	Day   travel.Day
	Class string
	// AdmitUntil is no day where DurationOfStatus is set, and for residents.
	AdmitUntil       travel.Day
	DurationOfStatus bool
	// Document is the one it was given on; a passport may have been renewed
	// since.
	Document travel.Document
}

// Citizen reports whether the person is a citizen of the home country.
func (m *Member) Citizen() bool { return m.Person.Nationality == homeCountry }

// Overstay reports whether the person is still here after the last day of the
// earlier admission.
func (m *Member) Overstay(today travel.Day) bool {
	return m.Earlier != nil && !m.Earlier.AdmitUntil.IsZero() && today.After(m.Earlier.AdmitUntil)
}

// Classes of admission that the cast uses. Source: 8 USC 1101(a)(15), 8 CFR 214.1.
const (
	classResident = "LPR"
	classStudent  = "F-1"
	classOfficial = "A-2"
	classTourist  = "B-2"
	classBusiness = "B-1"
	classWorker   = "H-1B"
	classTransfer = "L-1"
	classInvestor = "E-2"
	classWaiverB  = "WB"
	classWaiverT  = "WT"
)

// casting draws the cast.
type casting struct {
	rnd   *rand.Rand
	today travel.Day
	taken map[string]bool // names, so that no two people share one
}

// member makes somebody of a face.
func (c *casting) member(f *Face, n nation, direction travel.Direction) *Member {
	m := &Member{Face: f}
	sex, age := f.Sex, f.Age
	if sex == "" {
		sex = travel.SexX
	}
	if age == 0 {
		age = 20 + c.rnd.IntN(50)
	}
	m.Person = travel.Person{BirthDate: c.birthDate(age), Sex: sex, Nationality: n.code}
	m.Person.Surname, m.Person.GivenNames = c.name(n, sex)
	m.Documents = []travel.Document{c.passport(n)}
	if n.code == homeCountry {
		return m
	}
	m.Class = c.class(n)
	if m.Class == classResident {
		m.Documents = append(m.Documents, travel.Document{Type: travel.Resident, Number: c.pattern("AAA9999999999"), Issuer: homeCountry, Expiry: c.today.AddDays(100 + c.rnd.IntN(3000))})
	}
	if direction == travel.Exit {
		m.Earlier = c.admission(m, 2+c.rnd.IntN(70))
	} else {
		m.Grant = c.admission(m, 0)
	}
	return m
}

func (c *casting) name(n nation, sex travel.Sex) (surname, given string) {
	givens, surnames := n.names(sex, c.rnd.IntN(2) == 0), strings.Split(n.surnames, "|")
	for range 50 {
		surname, given = surnames[c.rnd.IntN(len(surnames))], givens[c.rnd.IntN(len(givens))]
		if key := surname + "," + given; !c.taken[key] {
			c.taken[key] = true
			return surname, given
		}
	}
	return surname, given + " " + givens[c.rnd.IntN(len(givens))] // a long list for a small country
}

// birthDate draws a day that makes the person that old today.
func (c *casting) birthDate(age int) travel.Day {
	last := travel.Day{Year: c.today.Year - int16(age), Month: c.today.Month, Date: min(c.today.Date, 28)}
	return last.AddDays(-c.rnd.IntN(360))
}

func (c *casting) passport(n nation) travel.Document {
	return travel.Document{Type: travel.Passport, Number: c.pattern(n.passport), Issuer: n.code, Expiry: c.today.AddDays(190 + c.rnd.IntN(3200))}
}

func (c *casting) pattern(form string) string {
	return strings.Map(func(r rune) rune {
		if r == '9' {
			return rune('0' + c.rnd.IntN(10))
		}
		return rune("CFGHJKLMNPRTVWXYZ"[c.rnd.IntN(17)]) // letters that no reader takes for digits
	}, form)
}

func (c *casting) class(n nation) string {
	roll := c.rnd.IntN(100)
	switch {
	case roll < 9:
		return classResident
	case roll < 20:
		return classStudent
	case roll < 27:
		return classWorker
	case roll < 31:
		return classTransfer
	case roll < 33:
		return classOfficial
	case roll < 38 && n.treaty:
		return classInvestor
	case n.waiver && roll < 50:
		return classWaiverB
	case n.waiver:
		return classWaiverT
	case roll < 52:
		return classBusiness
	}
	return classTourist
}

// admission is one given daysAgo with the usual period of the class.
func (c *casting) admission(m *Member, daysAgo int) *Admission {
	a := &Admission{Day: c.today.AddDays(-daysAgo), Class: m.Class, Document: m.Documents[0]}
	switch m.Class {
	case classResident:
		a.Document = m.Documents[1]
	case classStudent, classOfficial:
		a.DurationOfStatus = true
	case classWaiverB, classWaiverT:
		a.AdmitUntil = a.Day.AddDays(89) // ninety days, the first one counted
	case classTourist, classBusiness:
		a.AdmitUntil = a.Day.AddDays(180)
	default: // as long as the petition or the treaty status
		a.AdmitUntil = a.Day.AddDays(300 + c.rnd.IntN(700))
	}
	return a
}

// nation draws a country other than home.
func (c *casting) nation() nation {
	total := 0
	for _, n := range nations {
		total += n.weight
	}
	roll := c.rnd.IntN(total)
	for _, n := range nations {
		if roll -= n.weight; roll < 0 {
			return n
		}
	}
	return nations[0]
}
