package policydiff

import (
	"fmt"
	"strconv"
)

// count writes 1234567 as 1,234,567.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	first := 0
	if n < 0 {
		first = 1
	}
	for i := len(s) - 3; i > first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// persons writes a number of persons, nobody for none.
func persons(n int64) string {
	switch n {
	case 0:
		return "nobody"
	case 1:
		return "1 person"
	}
	return count(n) + " persons"
}

// share writes n of all as a percentage with one decimal. It says 0 % of
// nobody only, and 100 % of everybody only.
func share(n, of int64) string {
	p := percent(n, of)
	switch {
	case n == 0:
		return "0 %"
	case n == of:
		return "100 %"
	case p < 0.05:
		return "< 0.1 %"
	case p >= 99.95:
		return "> 99.9 %"
	}
	return fmt.Sprintf("%.1f %%", p)
}

// Headline says in two sentences what a duty's change comes to.
func (r *Diff) Headline(d *Duty) string {
	t, verb := &d.Total, "would newly "+d.act()
	if t.Persons() == 0 {
		return "The traffic has no person in it: there is nothing to compare."
	}
	in := fmt.Sprintf("%s of %s persons (%s) %s", count(t.In()), count(t.Persons()), share(t.In(), t.Persons()), verb)
	if t.In() == 0 {
		in = "nobody " + verb
	}
	out := fmt.Sprintf("%s (%s) would no longer have to.", persons(t.Out()), share(t.Out(), t.Persons()))
	if t.Out() == 0 {
		out = "nobody would be newly free of it."
	}
	return fmt.Sprintf("Under %s, %s; %s", r.To.ID, in, out)
}

func (d *Duty) act() string {
	if d.ID == Photo {
		return "give a photograph"
	}
	return "give other biometrics (fingerprints)"
}
