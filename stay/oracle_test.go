package stay_test

// The rule as it is written, day by day. It walks the calendar, looks back the
// whole window from each day and tries each next day. It shares nothing with
// the calculator; it is slow, and right if it reads right.

// toyDays is how many days the counter's calendar has.
const toyDays = 1600

// toyVisit is one presence; open ones end after the calendar.
type toyVisit struct {
	from, to int
	permit   bool
}

type toyCrossing struct {
	day          int
	exit, permit bool
}

type counter struct {
	limit, window int
	crossings     []toyCrossing
	permits       [][2]int
	// A visa, if visaEntries > 0; visaWindow is 0 if its days are of all its stays.
	visaFrom, visaUntil, visaDays, visaWindow, visaEntries int

	visits  []toyVisit
	counted [toyDays]bool
}

// told is what calculator and counter both say. Days are numbers of the
// calendar, -1 for none.
type told struct {
	in, present                                         bool
	used, left, over, firstOver, lastDay, next, entries int
}

// read pairs the crossings: of two entries in a row the first stay lasted until
// the second, of two exits the second stay began with the first.
func (c *counter) read() {
	c.visits = c.visits[:0]
	open := false
	for i, x := range c.crossings {
		last := len(c.visits) - 1
		switch {
		case !x.exit:
			if open {
				c.visits[last].to = x.day
			}
			c.visits, open = append(c.visits, toyVisit{x.day, toyDays, x.permit}), true
		case open:
			c.visits[last].to, open = x.day, false
		default:
			c.visits = append(c.visits, toyVisit{c.crossings[i-1].day, x.day, false})
		}
	}
}

// count marks the days of presence that count, until day on.
func (c *counter) count(on int) {
	clear(c.counted[:])
	for _, v := range c.visits {
		for d := v.from; d <= v.to && d <= on && !v.permit; d++ {
			c.counted[d] = true
		}
	}
	for _, p := range c.permits {
		for d := p[0]; d <= p[1] && d <= on; d++ {
			c.counted[d] = false
		}
	}
}

// inWindow counts the days of presence in the days that end on d, but none
// before floor.
func (c *counter) inWindow(d, window, floor int) (n int) {
	for k := 0; k < window && d-k >= floor; k++ {
		if c.counted[d-k] {
			n++
		}
	}
	return n
}

// passes reports whether presence on day d, which is marked, passes the limit
// of the rule, or, on a visa, its days or its validity.
func (c *counter) passes(d int, onVisa bool) bool {
	if onVisa && (d < c.visaFrom || d > c.visaUntil) {
		return true
	}
	window := c.visaWindow
	if window == 0 {
		window = toyDays
	}
	return c.inWindow(d, c.window, 0) > c.limit || onVisa && c.inWindow(d, window, c.visaFrom) > c.visaDays
}

// tell answers for the end of day on.
func (c *counter) tell(on int) told {
	c.read()
	c.count(on)
	t := told{present: c.counted[on], used: c.inWindow(on, c.window, 0), firstOver: -1, lastDay: -1, next: -1}
	var last *toyVisit
	for i := range c.visits {
		if v := &c.visits[i]; v.from <= on {
			last = v
			if c.visaEntries > 0 && !v.permit && v.from >= c.visaFrom {
				t.entries++
			}
		}
	}
	today := t.present // and in order
	if last != nil {
		t.in = last.to > on
		for d := last.from; d <= last.to && d <= on && !last.permit; d++ {
			onVisa := c.visaEntries > 0 && last.from >= c.visaFrom
			if !c.counted[d] || !c.passes(d, onVisa) && !(onVisa && t.entries > c.visaEntries) {
				continue
			}
			if t.over++; t.over == 1 {
				t.firstOver = d
			}
			today = today && d < on
		}
	}
	if today && (t.in || c.visaEntries == 0 || t.entries < c.visaEntries && on >= c.visaFrom && on <= c.visaUntil) {
		t.lastDay = on
	}
	first := on
	if t.present {
		first++
	}
	c.tellNext(&t, first)
	c.tellLeft(&t, first)
	if t.in && last.permit { // nobody says until when
		t.lastDay = -1
	}
	return t
}

// tellNext tries each later day for an entry, with nothing used meanwhile.
func (c *counter) tellNext(t *told, first int) {
	if c.visaEntries > 0 && t.entries >= c.visaEntries {
		return
	}
	for d := first; d < toyDays && t.next < 0; d++ {
		c.counted[d] = true
		if !c.passes(d, c.visaEntries > 0) {
			t.next = d
		}
		c.counted[d] = false
	}
}

// tellLeft stays day after day until one is too much.
func (c *counter) tellLeft(t *told, first int) {
	if !t.in && c.visaEntries > 0 && t.entries >= c.visaEntries {
		return
	}
	for d := first; ; d++ {
		if c.counted[d] = true; c.passes(d, c.visaEntries > 0) {
			return
		}
		t.left++
		t.lastDay = d
	}
}
