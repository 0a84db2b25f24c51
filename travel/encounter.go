package travel

import "time"

// Ids that limen or a gate makes. They hold no personal data and may stand in
// URLs, logs and metrics.
type (
	// PassengerID names one passenger of one voyage.
	PassengerID string
	// EncounterID names an encounter; the gate makes it, so that a repeat
	// after a lost answer finds the same encounter.
	EncounterID string
	// CaptureID names a capture; the gate makes it, for the same reason.
	CaptureID string
	// DecisionID names a decision.
	DecisionID string
	// CrossingID names a crossing.
	CrossingID string
)

// Encounter is one contact of a person with a capture point: captures, their
// results and a decision; it ends in a crossing, a refusal, or nothing. Every
// search starts from one and stays in the gallery of its voyage.
type Encounter struct {
	ID        EncounterID
	Voyage    VoyageID
	Point     PointID
	Port      Port
	Direction Direction
	Opened    time.Time
}
