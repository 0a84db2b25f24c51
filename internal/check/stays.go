package check

import (
	"encoding/json"

	"limen/policy"
	"limen/stay"
)

// stays holds each stay as it is now against the last that the audit log says
// of it, and the other way around. Overstays rest on it.
func (c *checker) stays() error {
	n := int64(0)
	err := c.Rows(func(scan func(...any) error) error {
		var is stayRow
		var detail []byte
		if err := scan(&detail, &is.id, &is.traveler, &is.day, &is.class, &is.until, &is.status, &is.crossing, &is.closed, &is.closedBy); err != nil {
			return err
		}
		if n++; n%4096 == 0 {
			c.o.Progress("stays", n, n)
		}
		var said stay.Stay
		if json.Unmarshal(detail, &said) != nil || rowOf(said) != is {
			c.violate("stay-altered", is.id, "the stay is not the last that the audit log says of it: it was altered")
		}
		return nil
	}, `SELECT a.detail, s.id, s.traveler, s.day, s.class, s.admit_until, s.duration_of_status, s.crossing, s.closed, s.closed_by
		FROM audit a JOIN admissions s ON s.id = a.subject WHERE `+lastOfStay)
	if err != nil {
		return err
	}
	c.count("stays held against their leaf", n)
	// What opens the entry goes after the stay, never before.
	err = c.ids("stay-altered", "the audit log says nothing of this stay: it was put in",
		`SELECT s.id FROM admissions s LEFT JOIN audit a ON a.subject = s.id AND a.action = 'stay' AND length(a.salt) > 0 WHERE a.seq IS NULL`)
	if err != nil {
		return err
	}
	return c.staysGone()
}

// lastOfStay picks what the log has last of a stay, of what it has of all.
const lastOfStay = `a.action = 'stay' AND length(a.salt) > 0
	AND NOT EXISTS (SELECT 1 FROM audit l WHERE l.subject = a.subject AND l.action = 'stay' AND l.seq > a.seq)`

// stayRow is a row of admissions, as its columns have it.
type stayRow struct {
	id, traveler, day, class, until string
	status                          bool
	crossing, closed, closedBy      string
}

func rowOf(s stay.Stay) stayRow {
	return stayRow{s.ID, string(s.Traveler), s.Day.String(), string(s.Class), s.AdmitUntil.String(), s.DurationOfStatus,
		string(s.Crossing), s.Closed.String(), string(s.ClosedBy)}
}

// staysGone looks for stays that the log knows and that went before their
// traveler: they go together.
func (c *checker) staysGone() error {
	return c.Rows(func(scan func(...any) error) error {
		var id, owner string
		var detail []byte
		var proved bool
		if err := scan(&id, &owner, &detail, &proved); err != nil {
			return err
		}
		var said stay.Stay
		if json.Unmarshal(detail, &said) != nil || !proved || string(said.Traveler) != owner {
			c.violate("stay-altered", id, "the audit log speaks of this stay, which is not there, and its traveler was not erased")
		}
		return nil
	}, `SELECT a.subject, a.owner, a.detail, `+erased("a.owner")+` FROM audit a LEFT JOIN admissions s ON s.id = a.subject
		WHERE s.id IS NULL AND `+lastOfStay)
}

// scopes holds the scope that is searched by against the answer that it is
// from.
func (c *checker) scopes() error {
	return c.Rows(func(scan func(...any) error) error {
		var id, scope, answer string
		if err := scan(&id, &scope, &answer); err != nil {
			return err
		}
		var a policy.Decision
		if json.Unmarshal([]byte(answer), &a) != nil || string(a.Result) != scope {
			c.violate("passenger-scope", id, "the passenger's scope is not that of the answer it was taken from")
		}
		return nil
	}, `SELECT id, scope, answer FROM passengers`)
}
