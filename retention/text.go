package retention

import (
	"fmt"
	"io"
	"strings"
	"time"
)

// columns is the widest line that is written.
const columns = 100

const minute = "2006-01-02 15:04"

// WriteText writes the plan for a records officer: a table by class, then what
// is overdue, held and to be announced, then the rule of each class that has
// items. Lines have at most 100 columns. It returns the writer's error.
func (p *Plan) WriteText(w io.Writer) error {
	t := &page{}
	t.line(0, "Retention plan: a dry run, nothing is erased. Times are UTC.")
	t.line(0, "From %s to %s.", p.Now.Format(minute), p.Until.Format(minute))
	t.line(0, "")
	if all := p.table(t); all.Items == 0 {
		t.line(0, "Nothing is kept under any retention class, so nothing goes.")
		return t.to(w)
	}
	p.overdue(t)
	p.held(t)
	p.announce(t)
	t.line(0, "Why")
	for _, c := range p.Classes {
		if c.Items > 0 {
			c.Rule.write(t)
		}
	}
	return t.to(w)
}

// WriteRules writes the whole table of rules, as WriteText writes those of a
// plan.
func WriteRules(w io.Writer) error {
	t := &page{}
	for _, r := range rules {
		r.write(t)
	}
	return t.to(w)
}

// table writes one row a class that has items, and their sum, which it returns.
func (p *Plan) table(t *page) (all ClassPlan) {
	all.Rule.Class = "all"
	heading := fmt.Sprintf("%-28s%9s%9s%9s%9s%9s%9s  %s", "class", "overdue", "24 hours", "7 days", "to end", "held", "later", "next due")
	for _, c := range p.Classes {
		if c.Items == 0 {
			continue
		}
		if all.Items == 0 {
			t.line(0, "%s", heading)
		}
		c.row(t)
		all.Items += c.Items
		all.Overdue += c.Overdue
		all.Day += c.Day
		all.Week += c.Week
		all.Window += c.Window
		all.Held += c.Held
		all.Later += c.Later
		all.next(c.Next)
	}
	if all.Items > 0 {
		all.row(t)
		t.line(0, "")
	}
	return all
}

func (c *ClassPlan) row(t *page) {
	next := ""
	if !c.Next.IsZero() {
		next = c.Next.Format(minute)
	}
	t.line(0, "%-28s%9d%9d%9d%9d%9d%9d  %s", c.Rule.Class, c.Overdue, c.Day, c.Week, c.Window, c.Held, c.Later, next)
}

func (p *Plan) overdue(t *page) {
	t.section("Overdue", func() {
		for _, c := range p.Classes {
			if c.Overdue > 0 {
				t.line(4, "%d of %s. The oldest, %s, was due %s: %s ago.", c.Overdue, c.Rule.Class,
					c.Oldest.Subject, c.Oldest.Due.Format(minute), ago(c.LateSeconds))
			}
		}
	})
}

func (p *Plan) held(t *page) {
	t.section("Held", func() {
		for _, c := range p.Classes {
			for _, h := range c.Holds {
				t.line(4, "%d of %s, %d of them past due: hold %s on %s, until %s.", h.Items, c.Rule.Class, h.PastDue,
					h.Hold.ID, h.Hold.Subject, h.Hold.Until.UTC().Format(minute))
				t.line(8, "Owner: %s. Reason: %s", h.Hold.Owner, h.Hold.Reason)
			}
			if c.HoldsRefused > 0 {
				t.line(4, "A hold on %d of %s has no effect: %s.", c.HoldsRefused, c.Rule.Class, c.Rule.NoHold)
			}
		}
	})
}

func (p *Plan) announce(t *page) {
	t.section("To announce", func() {
		for _, c := range p.Classes {
			if c.Announce > 0 {
				t.line(4, "%d of %s: the erasure is announced %s before.", c.Announce, c.Rule.Class, c.Rule.Warn)
			}
		}
	})
}

// write writes a rule with its citation.
func (r Rule) write(t *page) {
	t.line(0, "%s: %s", r.Class, r.What)
	sooner := ""
	if r.AtOnce != "" {
		sooner = fmt.Sprintf("; at once on %s", r.AtOnce)
	}
	t.line(4, "%s %s after %s%s (%s)", r.Action, r.Period, r.Clock, sooner, r.By)
	t.line(4, "Source: %s", r.Source)
	if r.Note != "" {
		t.line(4, "Note: %s", r.Note)
	}
	if r.NoHold != "" {
		t.line(4, "No hold: %s", r.NoHold)
	}
}

// ago is a length of time in its two largest units.
func ago(seconds int64) string {
	d := time.Duration(seconds) * time.Second
	days, hours, minutes := int(d.Hours())/24, int(d.Hours())%24, int(d.Minutes())%60
	switch {
	case days > 0:
		return count(days, "day") + " " + count(hours, "hour")
	case hours > 0:
		return count(hours, "hour") + " " + count(minutes, "minute")
	case minutes > 0:
		return count(minutes, "minute")
	}
	return "less than a minute"
}

// page is text in lines of at most so many columns.
type page []string

// line writes a line after so many blanks and wraps it at blanks; what follows
// stands four columns further in. A word longer than a line is broken.
func (t *page) line(indent int, format string, args ...any) {
	rest := []rune(fmt.Sprintf(format, args...))
	for further := 4; len(rest) > columns-indent; further = 0 {
		cut := columns - indent
		for cut > 0 && rest[cut] != ' ' {
			cut--
		}
		if cut == 0 {
			cut = columns - indent
		}
		t.put(indent, rest[:cut])
		rest = []rune(strings.TrimLeft(string(rest[cut:]), " "))
		indent += further
	}
	t.put(indent, rest)
}

func (t *page) put(indent int, text []rune) {
	*t = append(*t, strings.TrimRight(strings.Repeat(" ", indent)+string(text), " "))
}

// section writes a heading and what body writes, or nothing if that is nothing.
func (t *page) section(heading string, body func()) {
	t.line(0, "%s", heading)
	with := len(*t)
	if body(); len(*t) == with {
		*t = (*t)[:with-1]
		return
	}
	t.line(0, "")
}

func (t *page) to(w io.Writer) error {
	_, err := io.WriteString(w, strings.Join(*t, "\n")+"\n")
	return err
}
