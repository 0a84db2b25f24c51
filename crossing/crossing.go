// Package crossing records that a person entered or left at a port: the legal
// fact limen exists for.
//
// The record is append-only. A correction is a new crossing that points at the
// old one. A repeat of the same capture, or of the same traveler in the same
// direction on the same voyage, never makes a second crossing, even where the
// carrier listed the traveler twice.
package crossing

import (
	"time"

	"limen/errs"
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
}

// Tx is the one transaction in which a crossing becomes a fact. All its calls
// take effect together or not at all.
type Tx interface {
	// CrossingOf returns the crossing of a traveler in a direction on a
	// voyage, or nil.
	CrossingOf(travel.VoyageID, travel.TravelerID, travel.Direction) (*Crossing, error)
	// InsertCrossing appends a crossing.
	InsertCrossing(Crossing) error
	// Announce appends an outbox row that tells others of the crossing once
	// the transaction is durable.
	Announce(topic, key string) error
}

// Topic is the outbox topic of crossings.
const Topic = "crossing"

// Record appends a crossing within tx and returns it, or returns the earlier
// one if this traveler already crossed in this direction on this voyage
// (recorded is false then, and nothing is written). A correction is always
// appended. It returns an Invalid error naming the missing field.
//
// What a crash leaves: before the commit of tx, nothing; after it, the whole.
func Record(tx Tx, c Crossing) (_ Crossing, recorded bool, err error) {
	if err := c.check(); err != nil {
		return Crossing{}, false, err
	}
	if c.Corrects == "" {
		// Idempotent by (voyage, traveler, direction): the second of two
		// gates, or of two deliveries of one request, finds the first.
		old, err := tx.CrossingOf(c.Voyage, c.Traveler, c.Direction)
		if err != nil {
			return Crossing{}, false, err
		}
		if old != nil {
			return *old, false, nil
		}
	}
	if err := tx.InsertCrossing(c); err != nil {
		return Crossing{}, false, err
	}
	// The announcement is a row of the same transaction, so that no crossing
	// is ever told that was not recorded, and none recorded is never told.
	if err := tx.Announce(Topic, string(c.ID)); err != nil {
		return Crossing{}, false, err
	}
	return c, true, nil
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
	}
	if missing != "" {
		return errs.New(errs.Invalid, "crossing-incomplete", "a crossing needs its %s", missing)
	}
	return nil
}
