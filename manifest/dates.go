package manifest

import "limen/travel"

// Two-digit years. The package takes no clock, so a message is read the same
// way for ever: its years are told by its own voyage.
//
//   - A voyage, and the preparation of a message: 1990 to 2089. There are no
//     older messages of this kind.
//   - A birth: the latest year that does not put it after the voyage's first
//     departure. A passenger of 100 years and more is read as a small child
//     unless the carrier sends four digits.
//   - The expiry of a document: 30 years before the departure's year to 69
//     after. Documents that expired are presented for a while; none is issued
//     for longer.
const (
	voyageYearsFrom  = 1990
	expiryYearsAfter = 69
)

// digits is a date of a message as its digits say it.
type digits struct {
	year, month, date int
	minute            int // of the day, -1 where no time was sent
	short             bool
}

// readDigits reads YYMMDD, CCYYMMDD, and both with HHMM after them: formats
// 101, 102, 201 and 203 of code list 2379, told apart by their length.
func readDigits(b []byte) (d digits, ok bool) {
	for _, c := range b {
		if c < '0' || c > '9' {
			return d, false
		}
	}
	d.minute = -1
	switch len(b) {
	case 6, 10:
		d.short = true
		d.year, b = number(b[:2]), b[2:]
	case 8, 12:
		d.year, b = number(b[:4]), b[4:]
	default:
		return d, false
	}
	d.month, d.date = number(b[:2]), number(b[2:4])
	if len(b) == 8 {
		hour, minute := number(b[4:6]), number(b[6:])
		if hour > 23 || minute > 59 {
			return d, false
		}
		d.minute = hour*60 + minute
	}
	return d, true
}

// formatFits reports whether a code of list 2379 stands for a date of n digits.
func formatFits(format []byte, n int) bool {
	switch string(format) {
	case "":
		return true
	case "101":
		return n == 6
	case "102":
		return n == 8
	case "201":
		return n == 10
	case "203":
		return n == 12
	}
	return false
}

func number(b []byte) (n int) {
	for _, c := range b {
		n = n*10 + int(c-'0')
	}
	return n
}

// voyageDay returns the day of a departure, an arrival or a preparation.
func (d digits) voyageDay() (travel.Day, bool) {
	return d.dayFrom(voyageYearsFrom)
}

// birthDay returns a day of birth that is not after base.
func (d digits) birthDay(base travel.Day) (travel.Day, bool) {
	if !d.short {
		return travel.NewDay(d.year, d.month, d.date)
	}
	year := int(base.Year) - (int(base.Year)-d.year)%100
	if day, ok := travel.NewDay(year, d.month, d.date); ok && !day.After(base) {
		return day, true
	}
	return travel.NewDay(year-100, d.month, d.date)
}

// expiryDay returns the last day of a document presented on base.
func (d digits) expiryDay(base travel.Day) (travel.Day, bool) {
	return d.dayFrom(int(base.Year) + expiryYearsAfter - 99)
}

// dayFrom takes a two-digit year as the first such year from from on.
func (d digits) dayFrom(from int) (travel.Day, bool) {
	year := d.year
	if d.short {
		year = from + ((d.year-from)%100+100)%100
	}
	return travel.NewDay(year, d.month, d.date)
}
