package report

import (
	"fmt"

	"limen/errs"
	"limen/travel"
)

// Period is the year a report is about: its first and last day and its name.
type Period struct {
	Name        string     `json:"name"`
	First, Last travel.Day `json:"-"`
}

// FiscalYear returns the United States' fiscal year: from October 1 of the year
// before to September 30. An Invalid error (code "report-year") is a year that
// is not from 1900 to 2999.
//
// Source: 31 USC 1102.
func FiscalYear(year int) (Period, error) {
	return period(fmt.Sprintf("fiscal year %d", year), year, 10)
}

// CalendarYear returns the year from January 1 to December 31. Errors as for
// FiscalYear.
func CalendarYear(year int) (Period, error) {
	return period(fmt.Sprintf("calendar year %d", year), year, 1)
}

func period(name string, year, month int) (Period, error) {
	if year < 1900 || year > 2999 {
		return Period{}, errs.New(errs.Invalid, "report-year", "a report is of a year from 1900 to 2999")
	}
	next := year + 1
	if month > 1 {
		year, next = year-1, year
	}
	first, _ := travel.NewDay(year, month, 1)
	end, _ := travel.NewDay(next, month, 1)
	return Period{Name: name, First: first, Last: end.AddDays(-1)}, nil
}
