package check

import (
	"fmt"
	"time"

	"limen/internal/store"
	"limen/retention"
)

// due checks that what has a class is due when the class says. Crossings are
// checked where they are held against the log.
func (c *checker) due() error {
	for _, step := range []func() error{c.captureItemsDue, c.referenceItemsDue, c.encountersDue, c.passengersDue, c.travelersDue} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// soon is how far apart two readings of the clock in one request may lie.
const soon = time.Minute

// within checks that a due instant is the one of a class whose clock started
// between from and to.
func (c *checker) within(rule, id string, class retention.Class, due int64, from, to time.Time) {
	first, err := retention.Due(class, from)
	last, err2 := retention.Due(class, to)
	switch {
	case err != nil || err2 != nil:
		c.violate(rule, id, "there is no such retention class, or its clock has not started")
	case due < first.UnixMicro() || due > last.UnixMicro():
		c.violate(rule, id, fmt.Sprintf("the due date is not that of its class: it is %s, and must be %s", stamp(due), last.Format(time.RFC3339)))
	}
}

// captureItemsDue: the clock of an image starts at the capture; of an alien's
// at the latest when it is known that it is one's.
func (c *checker) captureItemsDue() error {
	return c.Rows(func(scan func(...any) error) error {
		var id string
		var class retention.Class
		var due, received, decided int64
		if err := scan(&id, &class, &due, &received, &decided); err != nil {
			return err
		}
		c.within("item-due", id, class, due, time.UnixMicro(received), time.UnixMicro(max(received, decided)).Add(soon))
		return nil
	}, `SELECT s.id, s.class, s.due, c.received, coalesce(d.at, 0) FROM sealed s JOIN captures c ON c.item = s.id
		LEFT JOIN encounters e ON e.id = c.encounter LEFT JOIN decisions d ON d.id = e.decision WHERE NOT s.condemned`)
}

func (c *checker) referenceItemsDue() error {
	return c.Rows(func(scan func(...any) error) error {
		var id string
		var class retention.Class
		var due, ends int64
		if err := scan(&id, &class, &due, &ends); err != nil {
			return err
		}
		c.dueIs("item-due", id, class, due, time.UnixMicro(ends))
		return nil
	}, `SELECT s.id, s.class, s.due, v.ends FROM sealed s JOIN reference_items r ON r.item = s.id JOIN passengers p ON p.id = r.passenger
		JOIN voyages v ON v.id = p.voyage WHERE NOT s.condemned`)
}

// crossed scans a record that follows its crossing once there is one.
func (c *checker) crossed(rule string, scan func(...any) error) error {
	var id string
	var class, crossingClass retention.Class
	var due, started, crossingDue int64
	if err := scan(&id, &class, &due, &started, &crossingClass, &crossingDue); err != nil {
		return err
	}
	switch {
	case crossingDue != 0 && (class != crossingClass || due != crossingDue):
		c.violate(rule, id, "the record is not kept as long as the crossing that rests on it")
	case crossingDue != 0:
	case class != retention.Listing: // its crossing's time is over, or a correction's was longer
		c.atMost(rule, id, class, due)
	case started != 0:
		c.within(rule, id, class, due, time.UnixMicro(started), time.UnixMicro(started).Add(soon))
	default:
		c.atMost(rule, id, class, due)
	}
	return nil
}

// atMost checks that nothing is due later than if its clock started now, or at
// the latest instant in the log: the machine's clock may have been set back.
func (c *checker) atMost(rule, id string, class retention.Class, due int64) {
	now := max(c.o.Now.UnixMicro(), c.last)
	last, err := retention.Due(class, time.UnixMicro(now).Add(soon))
	if err != nil {
		c.violate(rule, id, "there is no such retention class")
	} else if due > last.UnixMicro() {
		c.violate(rule, id, "the due date is later than its class allows")
	}
}

func (c *checker) encountersDue() error {
	return c.Rows(func(scan func(...any) error) error { return c.crossed("encounter-due", scan) },
		`SELECT e.id, e.class, e.due, e.opened, coalesce(x.class, ''), coalesce(x.due, 0) FROM encounters e
		LEFT JOIN crossings x ON x.decision = e.decision AND x.corrects = ''`)
}

func (c *checker) passengersDue() error {
	return c.Rows(func(scan func(...any) error) error { return c.crossed("passenger-due", scan) },
		`SELECT p.id, p.class, p.due, 0, coalesce(x.class, ''), coalesce(x.due, 0) FROM passengers p
		LEFT JOIN crossings x ON x.passenger = p.id AND x.corrects = '' AND NOT `+voided)
}

// travelersDue: a traveler is kept as long as the last crossing.
func (c *checker) travelersDue() error {
	return c.Rows(func(scan func(...any) error) error {
		var id string
		var class retention.Class
		var due, last int64
		if err := scan(&id, &class, &due, &last); err != nil {
			return err
		}
		if due < last {
			c.violate("traveler-due", id, "the traveler's record is not kept as long as a crossing that rests on it")
		}
		c.atMost("traveler-due", id, class, due)
		return nil
	}, `SELECT t.id, t.class, t.due, coalesce(x.last, 0) FROM travelers t
		LEFT JOIN (SELECT traveler, max(due) AS last FROM crossings WHERE corrects = '' GROUP BY traveler) x ON x.traveler = t.id`)
}

// late looks for what must be gone and is not: it was due longer ago than the
// worker needs, and no hold keeps it.
func (c *checker) late() error {
	holds, err := c.Holds()
	if err != nil {
		return err
	}
	held := int64(0)
	for _, k := range store.Kinds {
		n, err := c.lateOf(k, holds)
		if err != nil {
			return err
		}
		held += n
	}
	c.count("kept past their time by a hold", held)
	before := c.o.Now.Add(-Grace).UnixMicro()
	if err := c.ids("late-key", "the data key is noted for destruction since longer than it takes, and its rows are still there",
		`SELECT key_id FROM erasures WHERE at <= $1`, before); err != nil {
		return err
	}
	return c.lateOpenings(holds)
}

// lateOpenings counts what opens entries of the log and is kept past its time
// without a hold on what it is about or whose it was.
func (c *checker) lateOpenings(holds []retention.Hold) error {
	late, after := 0, store.Opening{}
	for {
		page, err := c.Openings(c.o.Now.Add(-Grace), after, latePage)
		if err != nil {
			return err
		}
		for _, after = range page {
			if !openingHeld(holds, c.o.Now, after) {
				late++
			}
		}
		if len(page) < latePage {
			break
		}
	}
	if late > 0 {
		c.violate("late-opening", "", fmt.Sprintf("%d entries of the access log are kept past their time", late))
	}
	return nil
}

func openingHeld(holds []retention.Hold, now time.Time, o store.Opening) bool {
	for _, k := range []retention.SubjectKind{retention.OfTraveler, retention.OfVoyage, retention.OfEncounter, retention.OfPassenger} {
		if retention.Held(holds, now, retention.AccessLog, retention.Subject{Kind: k, ID: o.Subject}, retention.Subject{Kind: k, ID: o.Owner}) != nil {
			return true
		}
	}
	return false
}

// latePage is how many due subjects are read at once.
const latePage = 1000

func (c *checker) lateOf(k store.Kind, holds []retention.Hold) (held int64, err error) {
	var after store.Due
	for {
		page, err := c.DueBefore(k, c.o.Now.Add(-Grace), after, latePage)
		if err != nil {
			return held, err
		}
		for _, after = range page {
			keeps, err := c.held(holds, after)
			if err != nil {
				return held, err
			}
			if keeps {
				held++
				continue
			}
			c.violate("late-"+string(k), after.Subject, fmt.Sprintf("%s was due at %s and is still there", after.Class, after.At.UTC().Format(time.RFC3339)))
		}
		if len(page) < latePage {
			return held, nil
		}
	}
}

func (c *checker) held(holds []retention.Hold, d store.Due) (bool, error) {
	if len(holds) == 0 {
		return false, nil
	}
	of, err := c.Related(d.Subject)
	return retention.Held(holds, c.o.Now, d.Class, of...) != nil, err
}
