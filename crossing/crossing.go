// Package crossing records that a person entered or left at a port: the legal
// fact limen exists for.
//
// The record is append-only. A correction is a new crossing that points at the
// old one; what the record says now is the latest correction. A repeat of the
// same capture, or of the same traveler in the same direction on the same
// voyage, never makes a second crossing, even where the carrier listed the
// traveler twice.
package crossing

import (
	"encoding/json"
	"time"

	"limen/audit"
	"limen/errs"
	"limen/retention"
	"limen/travel"
)

// Confirmation says how it was established that this person crossed. Its zero
// value is unspecified and is refused.
type Confirmation string

// The confirmations.
const (
	Biometric Confirmation = "biometric" // a match was accepted as proof
	Manual    Confirmation = "manual"    // an officer compared person and document
)

// Crossing is one entry or exit of one person at a port.
type Crossing struct {
	ID           travel.CrossingID  `json:"id"`
	Traveler     travel.TravelerID  `json:"traveler"`
	Voyage       travel.VoyageID    `json:"voyage"`
	Passenger    travel.PassengerID `json:"passenger"`
	Direction    travel.Direction   `json:"direction"`
	Port         travel.Port        `json:"port"`
	Point        travel.PointID     `json:"point"`
	Day          travel.Day         `json:"day"` // local day of the port
	At           time.Time          `json:"at"`
	Confirmation Confirmation       `json:"confirmation"`
	Capture      travel.CaptureID   `json:"capture,omitempty"` // with Biometric
	Decision     travel.DecisionID  `json:"decision"`
	Corrects     travel.CrossingID  `json:"corrects,omitempty"`
	// RecordedLate is set for a crossing recorded while the center was out of
	// reach, or after the voyage was closed.
	RecordedLate bool `json:"recorded_late,omitempty"`
	// Retention is how long the record is kept.
	Retention retention.Class `json:"retention"`
	// Void, in a correction, says that the person did not cross.
	Void bool `json:"void,omitempty"`
}

// Once returns the keys that only one crossing may have: its capture, and its
// traveler on its voyage in its direction. A correction has none.
func (c Crossing) Once() []string {
	if c.Corrects != "" {
		return nil
	}
	keys := []string{OnceKey(c.Voyage, c.Traveler, c.Direction)}
	if c.Capture != "" {
		keys = append(keys, "capture/"+string(c.Capture))
	}
	return keys
}

// OnceKey is the key of a traveler's one crossing on a voyage in a direction.
func OnceKey(v travel.VoyageID, id travel.TravelerID, d travel.Direction) string {
	return "crossing/" + string(v) + "/" + string(id) + "/" + string(d)
}

// Tx is the one transaction in which a crossing becomes a fact. All its calls
// take effect together or not at all.
type Tx interface {
	// Earlier returns the crossing that has one of the keys, or nil.
	Earlier(once []string) (*Crossing, error)
	// Crossing returns a crossing, or nil.
	Crossing(travel.CrossingID) (*Crossing, error)
	// InsertCrossing appends a crossing.
	InsertCrossing(Crossing) error
	// ChangeStay opens, closes or mends the stay that the crossing is about.
	ChangeStay(Crossing) error
	// Audit appends an entry to the audit log.
	Audit(audit.Entry) error
	// Announce appends an outbox row that tells others of the crossing once
	// the transaction is durable.
	Announce(topic, key string) error
}

// Topic is the outbox topic of crossings, and Action their action in the audit
// log.
const (
	Topic  = "crossing"
	Action = "crossing"
)

// Record appends a crossing within tx and returns it, or returns the earlier
// one if there is one of the same capture, or of the same traveler on the same
// voyage in the same direction (recorded is false then, and nothing is
// written). A correction is always appended; what it corrects must be a
// crossing of the same traveler (NotFound, code "crossing-unknown"). by is who
// decided: a key's id, or a rule. An Invalid error names a missing field.
//
// The sequence is the whole of what makes a crossing a fact. tx commits after
// it: a crash at any line leaves nothing of it, a crash after the commit all
// of it, and the gate that got no answer asks again and finds it.
func Record(tx Tx, c Crossing, by string) (_ Crossing, recorded bool, err error) {
	if err := c.check(); err != nil {
		return Crossing{}, false, err
	}
	// 1. Once: the second of two gates, or of two deliveries of one request,
	// finds the first. What a crash leaves: nothing was written yet.
	if old, err := earlier(tx, c); err != nil || old != nil {
		return deref(old), false, err
	}
	// 2. The crossing. A crash leaves nothing: tx is not committed.
	if err := tx.InsertCrossing(c); err != nil {
		return Crossing{}, false, err
	}
	// 3. The stay follows in the same transaction: no crossing without its stay
	// change, no stay change without its crossing.
	if err := tx.ChangeStay(c); err != nil {
		return Crossing{}, false, err
	}
	// 4. The audit leaf: if the log cannot be written there is no crossing, and
	// nobody is told that there is.
	if err := tx.Audit(c.entry(by)); err != nil {
		return Crossing{}, false, err
	}
	// 5. The announcement is a row of the same transaction, so that no crossing
	// is ever told that was not recorded, and none recorded is never told. A
	// crash after the commit leaves it to be told at the next start.
	if err := tx.Announce(Topic, string(c.ID)); err != nil {
		return Crossing{}, false, err
	}
	return c, true, nil
}

// earlier finds what makes c a repeat, and refuses a correction of nothing.
func earlier(tx Tx, c Crossing) (*Crossing, error) {
	if c.Corrects == "" {
		return tx.Earlier(c.Once())
	}
	was, err := tx.Crossing(c.Corrects)
	if err != nil {
		return nil, err
	}
	if was == nil || was.Traveler != c.Traveler {
		return nil, errs.New(errs.NotFound, "crossing-unknown", "there is no such crossing of this traveler to correct")
	}
	return nil, nil
}

// Detail is the form in which a crossing stands in the audit log: what is in
// the store can be held against it for good.
func (c Crossing) Detail() []byte {
	c.At = c.At.UTC().Truncate(time.Microsecond)
	b, err := json.Marshal(c)
	if err != nil {
		panic("crossing: " + err.Error()) // our own type
	}
	return b
}

func (c Crossing) entry(by string) audit.Entry {
	return audit.Entry{At: c.At, Actor: by, Action: Action, Subject: string(c.ID), Purpose: "record of entry and exit", Detail: c.Detail()}
}

func deref(c *Crossing) (out Crossing) {
	if c != nil {
		out = *c
	}
	return out
}

func (c Crossing) check() error {
	missing := ""
	switch {
	case c.ID == "":
		missing = "id"
	case c.Traveler == "":
		missing = "traveler"
	case c.Voyage == "":
		missing = "voyage"
	case c.Passenger == "":
		missing = "passenger"
	case c.Direction != travel.Entry && c.Direction != travel.Exit:
		missing = "direction"
	case c.Port == "":
		missing = "port"
	case c.Day.IsZero() || c.At.IsZero():
		missing = "day and instant"
	case c.Decision == "":
		missing = "decision"
	case c.Confirmation != Biometric && c.Confirmation != Manual:
		missing = "confirmation"
	case c.Confirmation == Biometric && c.Capture == "":
		missing = "capture"
	case c.Retention == "":
		missing = "retention class"
	case c.Void && c.Corrects == "":
		missing = "crossing to correct"
	}
	if missing != "" {
		return errs.New(errs.Invalid, "crossing-incomplete", "a crossing needs its %s", missing)
	}
	return nil
}
