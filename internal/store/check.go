package store

import (
	"limen/crossing"
	"limen/internal/seal"
	"limen/retention"
	"limen/travel"
)

// What follows is for limen store check, which reads the tables as they lie
// there and not as the store's other methods show them.

// The columns that ScanCrossing and ScanCapture read, of the tables x and c.
const (
	CrossingColumns = `x.id, x.traveler, x.voyage, x.passenger, x.direction, x.port, x.point, x.day, x.at, x.confirmation, x.capture, x.decision,
		x.corrects, x.recorded_late, x.void, x.class`
	CaptureColumns = `c.id, c.encounter, c.digest, c.received, c.attempt, c.action, c.advice, c.reasons, c.passenger, c.model, c.gallery_size, c.threshold,
		c.candidates, c.attack_score, c.quality, c.acceptable, c.item`
)

// ScanCrossing reads CrossingColumns.
func ScanCrossing(row func(...any) error) (crossing.Crossing, error) { return scanCrossing(row) }

// ScanCapture reads CaptureColumns.
func ScanCapture(row func(...any) error) (Capture, error) { return scanCapture(row) }

// StayColumns are what ScanStay reads, of the table r, and the day that overstays
// are searched by.
const StayColumns = `r.id, r.traveler, r.day, r.class, r.admit_until, r.duration_of_status, r.parole, r.crossing, r.port, r.mode, r.country, r.changes,
	r.closed, r.closed_by, r.until`

// StayColumnNames and StayRow are how a stay lies in its table: for loading many.
func StayColumnNames() (names []string) {
	for _, c := range stayTable.Columns {
		names = append(names, c.Name)
	}
	return names
}

// StayRow is a row of StayColumnNames.
func StayRow(s Stay) []any { return stayRow(s) }

// ScanStay reads StayColumns but for the last.
func ScanStay(row func(...any) error) (Stay, error) { return scanStay(row) }

// ClearedContext is that of who cleared a lead and why.
func ClearedContext(id travel.TravelerID) seal.Context { return clearedContext(id) }

// FileContext is that of who changed a file and why.
func FileContext(id travel.TravelerID) seal.Context { return fileContext(id) }

// Rows calls row for each row of a query that only reads and that both engines
// understand, one at a time: memory stays bounded. row may ask for nothing
// else of t. An error of row ends it and comes back as it is.
func (t *Tx) Rows(row func(scan func(...any) error) error, query string, args ...any) error {
	rows, err := t.q.QueryContext(t.ctx, query, args...)
	if err != nil {
		return t.store.fault(err)
	}
	defer rows.Close()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	if err := rows.Err(); err != nil {
		return t.store.fault(err)
	}
	return nil
}

// Embedded reports whether the store is SQLite in this process.
func (t *Tx) Embedded() bool { return !t.store.engine.Arrays() }

// OpenSealed opens a sealed value; the contexts below say what it is bound to.
// NotFound (code "data-key") if its key was destroyed, Invalid (code "sealed")
// if it was altered.
func (t *Tx) OpenSealed(keyID string, c seal.Context, sealed []byte) ([]byte, error) {
	return t.open(keyID, c, sealed)
}

// PersonContext is that of a traveler's person.
func PersonContext(id travel.TravelerID) seal.Context { return personContext(id) }

// ListingContext is that of a passenger's listing.
func ListingContext(id travel.PassengerID) seal.Context { return listingContext(id) }

// SaidContext is that of an officer's name and reason in an encounter.
func SaidContext(id travel.EncounterID) seal.Context { return saidContext(id) }

// DetailContext is that of a detail of the audit log which goes with owner.
func DetailContext(owner string) seal.Context { return detailContext(owner) }

// ItemContexts are those of an item's image and template.
func ItemContexts(subject string, c retention.Class, model string) (image, template seal.Context) {
	return seal.Context{Subject: subject, Class: string(c), Kind: "image"},
		seal.Context{Subject: subject, Class: string(c), Kind: "template", Model: model}
}
