package stay

import "sort"

// presence is the days that count of a person's visits, up to the day on.
type presence struct {
	days []span
	on   int32
}

// trim leaves out what comes after the day, and returns the index of the last
// visit that began by then, or -1.
func (p *presence) trim(visits []Visit) int {
	if n := len(p.days); n > 0 && p.days[n-1].first > p.on {
		p.days = p.days[:sort.Search(n, func(i int) bool { return p.days[i].first > p.on })]
	}
	at := len(visits) - 1
	if at >= 0 && visits[at].first > p.on {
		at = sort.Search(len(visits), func(i int) bool { return visits[i].first > p.on }) - 1
	}
	return at
}

// has reports whether the day, which is not before any of them but the last,
// counts.
func (p presence) has(day int32) bool {
	n := len(p.days)
	return n > 0 && p.days[n-1].last >= day
}

// bound is a rule that looks at no day before floor.
type bound struct {
	rule  Rule
	floor int32
}

// used returns how many days count in the window that ends on a day.
func (b bound) used(p presence, day int32) (n int32) {
	from := max(b.floor, day-int32(b.rule.Window)+1)
	for i := len(p.days) - 1; i >= 0 && p.days[i].last >= from; i-- {
		n += max(0, min(p.days[i].last, day)-max(p.days[i].first, from)+1)
	}
	return n
}

// further returns how many days in a row may follow a day on which room days
// of the limit are free. Each costs one, unless the day that leaves the window
// gives one back: so the answer is the place, in the window, of the first day
// without presence that can no longer be paid. There is one, for the window is
// longer than the limit.
func (b bound) further(p presence, day, room int32) int32 {
	start := day - int32(b.rule.Window) + 1
	at := start
	i := sort.Search(len(p.days), func(i int) bool { return p.days[i].last >= max(start, b.floor) })
	for ; i < len(p.days) && p.days[i].first <= day; i++ {
		s := p.days[i]
		if gap := max(s.first, b.floor) - at; gap > 0 {
			if room < gap {
				break
			}
			room -= gap
		}
		at = s.last + 1
	}
	return at + room - start
}

// left returns how many days from start on, in a row, are within the limit:
// start is the day of p, or the day after it if that is used already.
func (b bound) left(p presence, start int32) int32 {
	day, room := p.on, int32(b.rule.Limit)-b.used(p, p.on)
	if start == day { // that day would be the first
		if room--; room < 0 {
			return 0
		}
		return 1 + b.further(p, day, room)
	}
	if room < 0 {
		return 0
	}
	return b.further(p, day, room)
}

// passed returns the first day, of an unbroken presence from a day on, that
// passes the limit.
func (b bound) passed(p presence, day int32) int32 {
	room := int32(b.rule.Limit) - b.used(p, day)
	if room < 0 {
		return day
	}
	return day + b.further(p, day, room) + 1
}

// next returns the first day, from start on, that is within the limit if
// nothing is used meanwhile: when the Limit-th most recent day has left.
func (b bound) next(p presence, start int32) int32 {
	room := int32(b.rule.Limit)
	for i := len(p.days) - 1; i >= 0; i-- {
		first, last := max(p.days[i].first, b.floor), min(p.days[i].last, p.on)
		if n := last - first + 1; n >= room {
			return max(start, last-room+1+int32(b.rule.Window))
		} else if n > 0 {
			room -= n
		}
	}
	return start
}
