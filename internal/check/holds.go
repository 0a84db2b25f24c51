package check

import (
	"encoding/json"
	"slices"
	"time"

	"limen/retention"
)

// holds holds each hold against what the audit log says of it, and the other
// way around: one that was put in keeps what must go, one that was taken out
// lets go what must stay.
func (c *checker) holds() error {
	there, err := c.Holds()
	if err != nil {
		return err
	}
	logged, err := c.loggedHolds()
	if err != nil {
		return err
	}
	for _, h := range there {
		i := slices.IndexFunc(logged, func(l loggedHold) bool { return l.Hold == h.ID && l.subject == h.Subject.ID })
		switch {
		case i < 0 && h.Lifted.IsZero() && h.Until.After(c.o.Now): // once it is over, what opens its entry may be erased
			c.violate("hold", h.ID, "the audit log does not say who placed this hold")
		case i >= 0 && (logged[i].Kind != h.Subject.Kind || !logged[i].Until.Equal(h.Until) || logged[i].lifted == h.Lifted.IsZero()):
			c.violate("hold", h.ID, "the hold is not what the audit log says of it: it was altered")
		}
	}
	for _, l := range logged {
		kept := slices.ContainsFunc(there, func(h retention.Hold) bool { return h.ID == l.Hold && h.Subject.ID == l.subject })
		if !kept && !l.lifted && l.Until.After(c.o.Now) {
			c.violate("hold", l.Hold, "the audit log says that this hold was placed and not lifted, and it is not there")
		}
	}
	return nil
}

// loggedHold is a hold as the audit log has it.
type loggedHold struct {
	Hold    string                `json:"hold"`
	Kind    retention.SubjectKind `json:"kind"`
	Until   time.Time             `json:"until"`
	subject string
	lifted  bool
}

// loggedHolds returns the holds whose entries can still be read, as the last
// entry about each leaves it.
func (c *checker) loggedHolds() (holds []loggedHold, err error) {
	err = c.Rows(func(scan func(...any) error) error {
		var l loggedHold
		var action string
		var detail []byte
		if err := scan(&action, &l.subject, &detail); err != nil {
			return err
		}
		if json.Unmarshal(detail, &l) != nil {
			return nil // what it says is held against its leaf
		}
		l.lifted = action == "hold-lifted"
		i := slices.IndexFunc(holds, func(o loggedHold) bool { return o.Hold == l.Hold && o.subject == l.subject })
		if i < 0 {
			holds = append(holds, l)
		} else {
			holds[i] = l
		}
		return nil
	}, `SELECT action, subject, detail FROM audit WHERE action IN ('hold-placed', 'hold-lifted') AND length(salt) > 0 ORDER BY seq`)
	return holds, err
}
