package retention

import (
	"time"

	"limen/errs"
)

// Item is one thing that is kept: its subject, its class, when it is due, and
// the hold on it, if any (see Held).
type Item struct {
	Subject Subject   `json:"subject"`
	Class   Class     `json:"class"`
	Due     time.Time `json:"due"`
	Hold    *Hold     `json:"hold,omitempty"`
}

// KeptBy returns the hold that keeps the item past its due instant, or nil: a
// hold that is over or lifted, that ends before the item is due, or that is on
// a class no hold keeps, has no effect.
func (i Item) KeptBy(now time.Time) *Hold {
	if ok, _ := Holdable(i.Class); !ok || i.Hold == nil || !i.Hold.Active(now) || !i.Hold.Until.After(i.Due) {
		return nil
	}
	return i.Hold
}

// Plan is a dry run: what would go until an instant, class by class, if nothing
// changed. It takes any number of items and its size depends on the classes and
// the holds only. It erases nothing.
type Plan struct {
	Now     time.Time   `json:"now"`
	Until   time.Time   `json:"until"`
	Classes []ClassPlan `json:"classes"` // one a rule, in the order of Rules
}

// ClassPlan is the plan of one class. Overdue, Window, Held and Later add up to
// Items.
type ClassPlan struct {
	Rule  Rule `json:"rule"`
	Items int  `json:"items"`

	// Overdue is what should be gone already; Oldest is the longest overdue
	// and LateSeconds by how much.
	Overdue     int   `json:"overdue"`
	Oldest      *Item `json:"oldest,omitempty"`
	LateSeconds int64 `json:"late_seconds,omitempty"`

	// What goes within 24 hours, within 7 days, and until the end of the plan;
	// each counts the one before.
	Day    int `json:"within_day"`
	Week   int `json:"within_week"`
	Window int `json:"within_window"`
	// Next is the earliest due instant to come of what is not held.
	Next time.Time `json:"next,omitzero"`

	// Held is what is due by the end of the plan and kept by Holds.
	Held  int      `json:"held"`
	Holds []HoldOn `json:"holds,omitempty"`
	// HoldsRefused counts items under a hold that their class does not allow.
	HoldsRefused int `json:"holds_refused,omitempty"`

	// Later is what is due after the end of the plan.
	Later int `json:"later"`
	// Announce is what is not overdue, and whose erasure is to be announced by
	// the end of the plan.
	Announce int `json:"announce,omitempty"`
}

// HoldOn is what a hold keeps of one class.
type HoldOn struct {
	Hold    Hold `json:"hold"`
	Items   int  `json:"items"`
	PastDue int  `json:"past_due"` // of them, what would be gone without the hold
}

// NewPlan returns a plan without items. It returns an Invalid error (code
// "plan-window") if an instant is zero or the end lies before now.
func NewPlan(now, until time.Time) (*Plan, error) {
	if now.IsZero() || until.IsZero() || until.Before(now) {
		return nil, errs.New(errs.Invalid, "plan-window", "a plan needs an instant to begin at and a later one to end at")
	}
	p := &Plan{Now: now.UTC(), Until: until.UTC()}
	for _, r := range rules {
		p.Classes = append(p.Classes, ClassPlan{Rule: r})
	}
	return p, nil
}

// Add counts an item. It returns an Invalid error if the class is unknown (code
// "retention-class") or the due instant is zero (code "retention-due"): what
// nobody knows when to erase must not be missing from a plan unsaid.
func (p *Plan) Add(i Item) error {
	if i.Due.IsZero() {
		return errs.New(errs.Invalid, "retention-due", "an item of class %q has no due instant", string(i.Class))
	}
	for n := range p.Classes {
		if p.Classes[n].Rule.Class == i.Class {
			p.Classes[n].add(i, p.Now, p.Until)
			return nil
		}
	}
	_, err := RuleOf(i.Class)
	return err
}

func (c *ClassPlan) add(i Item, now, until time.Time) {
	c.Items++
	hold := i.KeptBy(now)
	if hold == nil && i.Hold != nil && i.Hold.Active(now) && c.Rule.NoHold != "" {
		c.HoldsRefused++
	}
	if at, ok := Warning(i.Class, i.Due); ok && !at.After(until) && i.Due.After(now) {
		c.Announce++
	}
	switch {
	case i.Due.After(until):
		c.Later++
	case hold != nil:
		c.hold(*hold, !i.Due.After(now))
		return
	case !i.Due.After(now):
		c.late(i, now)
		return
	default:
		c.going(i.Due, now)
	}
	if hold == nil {
		c.next(i.Due.UTC())
	}
}

func (c *ClassPlan) next(due time.Time) {
	if !due.IsZero() && (c.Next.IsZero() || due.Before(c.Next)) {
		c.Next = due
	}
}

func (c *ClassPlan) late(i Item, now time.Time) {
	c.Overdue++
	if c.Oldest == nil || i.Due.Before(c.Oldest.Due) {
		i.Due = i.Due.UTC()
		c.Oldest, c.LateSeconds = &i, int64(now.Sub(i.Due)/time.Second)
	}
}

func (c *ClassPlan) going(due, now time.Time) {
	c.Window++
	if !due.After(now.Add(7 * 24 * time.Hour)) {
		c.Week++
	}
	if !due.After(now.Add(24 * time.Hour)) {
		c.Day++
	}
}

func (c *ClassPlan) hold(h Hold, past bool) {
	c.Held++
	n := 0
	for n < len(c.Holds) && c.Holds[n].Hold.ID != h.ID {
		n++
	}
	if n == len(c.Holds) {
		c.Holds = append(c.Holds, HoldOn{Hold: h})
	}
	c.Holds[n].Items++
	if past {
		c.Holds[n].PastDue++
	}
}
