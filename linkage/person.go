package linkage

import (
	"limen/errs"
	"limen/travel"
)

// Person is what is known of a person at one crossing: as a document, a
// manifest or a traveler's file says it, in any script that Transliterate of
// package document reads. What is unknown is empty.
type Person struct {
	Surname     string            `json:"surname"`
	GivenNames  string            `json:"given_names"`
	Birth       BirthDate         `json:"birth"`
	Sex         travel.Sex        `json:"sex"`
	Nationality travel.Country    `json:"nationality"`
	Documents   []travel.Document `json:"documents,omitempty"`
}

// PersonOf returns a person with a whole birth date, or none, and documents.
func PersonOf(p travel.Person, documents []travel.Document) Person {
	return Person{Surname: p.Surname, GivenNames: p.GivenNames, Birth: BirthOn(p.BirthDate), Sex: p.Sex, Nationality: p.Nationality, Documents: documents}
}

// BirthDate is a birth date of which parts may be unknown, as in documents that
// show a year only. A part that is 0 is unknown; so the zero value is a birth
// date that nobody knows.
//
// Source: ICAO Doc 9303-3 section 4.8 (unknown parts of a date of birth).
type BirthDate struct {
	Year  int16 `json:"year,omitempty"`
	Month uint8 `json:"month,omitempty"`
	Date  uint8 `json:"date,omitempty"`
}

// BirthOn returns the birth date that is a day; no day is an unknown one.
func BirthOn(d travel.Day) BirthDate { return BirthDate{d.Year, d.Month, d.Date} }

// ParseBirth reads 2006-01-02, and 2006-01 and 2006 where the rest is unknown;
// an empty text is unknown. It returns an Invalid error (code "birth-date").
func ParseBirth(s string) (BirthDate, error) {
	if s == "" {
		return BirthDate{}, nil
	}
	rest := "0000-01-01"[min(len(s), 10):]
	d, err := travel.ParseDay(s + rest)
	if err != nil || len(s) != 4 && len(s) != 7 && len(s) != 10 {
		return BirthDate{}, errs.New(errs.Invalid, "birth-date", "a birth date is written as 2006-01-02, 2006-01 or 2006")
	}
	b := BirthOn(d)
	if len(s) < 10 {
		b.Date = 0
	}
	if len(s) < 7 {
		b.Month = 0
	}
	return b, nil
}

// Whole reports whether year, month and date are all known.
func (b BirthDate) Whole() bool { return b.Year != 0 && b.Month != 0 && b.Date != 0 }
