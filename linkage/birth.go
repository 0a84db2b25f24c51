package linkage

// compareBirth compares two birth dates and returns what is to be added to the
// weight of the level.
func compareBirth(a, b BirthDate) (level Level, extra float64) {
	switch {
	case a.Year == 0 || b.Year == 0:
		return Unknown, 0
	case !a.Whole() || !b.Whole():
		return compareParts(a, b), 0
	case a == b:
		if a.Month == 1 && a.Date == 1 {
			return Same, -newYearBits
		}
		return Same, 0
	case a.Year == b.Year && a.Month == b.Date && a.Date == b.Month:
		return Swapped, 0
	case a.Month == b.Month && a.Date == b.Date && (a.Year-b.Year == 1 || b.Year-a.Year == 1):
		return NextYear, 0
	case digitsApart(a, b) == 1:
		return OneDigit, 0
	}
	return Different, 0
}

// compareParts compares dates of which one lacks parts, by the years and by
// what else both have.
func compareParts(a, b BirthDate) Level {
	month := a.Month != 0 && b.Month != 0
	switch {
	case a.Year != b.Year || month && a.Month != b.Month:
		return Different
	case month:
		return Partly
	}
	return YearOnly
}

// digitsApart counts the digits of YYYYMMDD in which two dates differ.
func digitsApart(a, b BirthDate) (n int) {
	x := int(a.Year)*10000 + int(a.Month)*100 + int(a.Date)
	y := int(b.Year)*10000 + int(b.Month)*100 + int(b.Date)
	for ; x != 0 || y != 0; x, y = x/10, y/10 {
		if x%10 != y%10 {
			n++
		}
	}
	return n
}
