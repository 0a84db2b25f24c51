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

// sentence is a headline in three parts, the figure in the middle.
type sentence struct{ Before, Figure, After string }

// String returns the sentence.
func (s sentence) String() string { return s.Before + s.Figure + s.After }

// Headline says in one sentence what a duty's change comes to.
func (r *Diff) Headline(d *Duty) string { return r.headline(d).String() }

func (r *Diff) headline(d *Duty) sentence {
	in, out, n := d.Total.In(), d.Total.Out(), d.Total.Persons()
	if n == 0 {
		return sentence{After: "The traffic has no person in it: there is nothing to compare."}
	}
	s := sentence{"Under " + r.To.ID + ", ", fmt.Sprintf("%s of %s (%s)", count(in), persons(n), share(in, n)), " would newly " + d.act() + "; "}
	if in == 0 {
		s.Figure = "nobody"
	}
	if out == 0 {
		s.After += "nobody would be newly free of it."
	} else {
		s.After += fmt.Sprintf("%s (%s) would no longer have to.", persons(out), share(out, n))
	}
	s.After += r.unsaid(d)
	return s
}

// unsaid says of how many persons an answer is missing, where they are enough
// to matter: one in a hundred.
func (r *Diff) unsaid(d *Duty) (out string) {
	n := d.Total.Persons()
	for _, x := range []struct {
		id      string
		missing int64
	}{{r.From.ID, d.Total.Before(NeedsOfficer)}, {r.To.ID, d.Total.After(NeedsOfficer)}} {
		if 100*x.missing >= n {
			out += fmt.Sprintf(" Of %s (%s) the traffic does not say what %s asks for.", persons(x.missing), share(x.missing, n), x.id)
		}
	}
	return out
}

func (d *Duty) act() string {
	if d.ID == Photo {
		return "give a photograph"
	}
	return "give other biometrics (fingerprints)"
}
