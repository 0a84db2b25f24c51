package travel

import (
	"fmt"
	"time"
)

// Day is a calendar day of a port, without a clock and without a zone. Law
// counts such days, so they are never kept as time.Time. The zero Day is no
// day: IsZero reports it, and it is marshaled as the empty string.
type Day struct {
	Year  int16
	Month uint8
	Date  uint8
}

// NewDay returns the day, or false if the calendar has no such day.
func NewDay(year, month, date int) (Day, bool) {
	t := time.Date(year, time.Month(month), date, 0, 0, 0, 0, time.UTC)
	if year < 1 || year > 9999 || t.Year() != year || int(t.Month()) != month || t.Day() != date {
		return Day{}, false
	}
	return Day{int16(year), uint8(month), uint8(date)}, true
}

// DayOf returns the calendar day of t in t's own location.
func DayOf(t time.Time) Day {
	return Day{int16(t.Year()), uint8(t.Month()), uint8(t.Day())}
}

// ParseDay reads the ISO 8601 form 2006-01-02.
func ParseDay(s string) (Day, error) {
	if len(s) == len("2006-01-02") && s[4] == '-' && s[7] == '-' {
		if d, ok := NewDay(digits(s[:4]), digits(s[5:7]), digits(s[8:])); ok {
			return d, nil
		}
	}
	return Day{}, fmt.Errorf("a day is written as 2006-01-02")
}

// digits reads decimal digits and nothing else; -1 if s holds anything else.
func digits(s string) (n int) {
	for _, c := range []byte(s) {
		if c < '0' || c > '9' {
			return -1
		}
		n = 10*n + int(c-'0')
	}
	return n
}

// IsZero reports whether d is no day.
func (d Day) IsZero() bool { return d == Day{} }

// String returns the ISO 8601 form, or "" for no day.
func (d Day) String() string {
	if d.IsZero() {
		return ""
	}
	b := [len("2006-01-02")]byte{4: '-', 7: '-'}
	for i, v := 3, d.Year; i >= 0; i, v = i-1, v/10 {
		b[i] = byte('0' + v%10)
	}
	b[5], b[6] = '0'+d.Month/10, '0'+d.Month%10
	b[8], b[9] = '0'+d.Date/10, '0'+d.Date%10
	return string(b[:])
}

// MarshalText writes the ISO 8601 form.
func (d Day) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads the ISO 8601 form; an empty text is no day.
func (d *Day) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*d = Day{}
		return nil
	}
	*d, err = ParseDay(string(b))
	return err
}

func (d Day) midnight() time.Time {
	return time.Date(int(d.Year), time.Month(d.Month), int(d.Date), 0, 0, 0, 0, time.UTC)
}

// AddDays returns the day n days after d, or before it if n is negative.
func (d Day) AddDays(n int) Day { return DayOf(d.midnight().AddDate(0, 0, n)) }

// DaysUntil returns how many days lie from d to e, negative if e is earlier.
func (d Day) DaysUntil(e Day) int {
	// In seconds: a time.Duration ends after 292 years.
	return int((e.midnight().Unix() - d.midnight().Unix()) / (24 * 60 * 60))
}

// Before reports whether d is an earlier day than e.
func (d Day) Before(e Day) bool {
	if d.Year != e.Year {
		return d.Year < e.Year
	}
	return d.Month < e.Month || d.Month == e.Month && d.Date < e.Date
}

// After reports whether d is a later day than e.
func (d Day) After(e Day) bool { return e.Before(d) }

// AgeOn returns the age in whole years of a person born on birth on day on.
// A person born on February 29 turns a year older on March 1 of a common year.
func AgeOn(birth, on Day) int {
	age := int(on.Year) - int(birth.Year)
	if on.Month < birth.Month || on.Month == birth.Month && on.Date < birth.Date {
		age--
	}
	return age
}

// LocalTime is a wall-clock time on a Day at some port, to the minute, as
// carriers' messages state it: without a zone. The zero value is no time.
type LocalTime struct {
	Day    Day
	Minute int16 // of the day, 0 to 1439
}

// IsZero reports whether t is no time.
func (t LocalTime) IsZero() bool { return t.Day.IsZero() }

// String returns 2006-01-02T15:04, or "" for no time.
func (t LocalTime) String() string {
	if t.IsZero() {
		return ""
	}
	return fmt.Sprintf("%sT%02d:%02d", t.Day, t.Minute/60, t.Minute%60)
}

// MarshalText writes 2006-01-02T15:04.
func (t LocalTime) MarshalText() ([]byte, error) { return []byte(t.String()), nil }

// UnmarshalText reads 2006-01-02T15:04; an empty text is no time.
func (t *LocalTime) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*t = LocalTime{}
		return nil
	}
	v, err := time.Parse("2006-01-02T15:04", string(b))
	if err != nil {
		return fmt.Errorf("a local time is written as 2006-01-02T15:04")
	}
	*t = LocalTime{DayOf(v), int16(v.Hour()*60 + v.Minute())}
	return nil
}

// In returns the instant at which a clock in loc shows t.
func (t LocalTime) In(loc *time.Location) time.Time {
	return time.Date(int(t.Day.Year), time.Month(t.Day.Month), int(t.Day.Date), 0, int(t.Minute), 0, 0, loc)
}
