package app

import (
	"encoding/json"

	"limen/audit"
	"limen/decision"
	"limen/internal/store"
)

// Explained is how a decision stands in the audit log: who decided what, why,
// and on what: the captures with their digests, the model, the threshold, the
// candidates and the facts that the recommendation follows from. It is sealed
// with the encounter's data key, for it names the officer.
type Explained struct {
	Decision decision.Decision `json:"decision"`
	Rules    decision.Rules    `json:"rules"` // in force then: with them, and no clock, the recommendations follow
	Captures []store.Capture   `json:"captures"`
	// Kept says how long the record is kept if the person crosses, and why.
	Kept string `json:"kept,omitempty"`
}

// auditDecision appends a decision to the audit log, with what it rests on.
func (a *App) auditDecision(tx *store.Tx, by string, purpose audit.Purpose, e *store.Encounter, d decision.Decision) error {
	captures, err := tx.Captures(e.ID)
	if err != nil {
		return err
	}
	kept, err := keptWhy(tx, d)
	if err != nil {
		return err
	}
	detail, err := json.Marshal(Explained{d, a.Rules, captures, kept})
	if err != nil {
		return err
	}
	return tx.AuditSealed(audit.Entry{At: a.Now(), Actor: by, Action: "decision", Subject: string(d.ID), Purpose: purpose, Detail: detail}, e.KeyID, string(e.ID))
}

// keptWhy is the retention class of a crossing that a decision leads to, and
// why it is that.
func keptWhy(tx *store.Tx, d decision.Decision) (string, error) {
	if !d.Outcome.Crosses() {
		return "", nil
	}
	p, err := tx.Passenger(d.Passenger)
	if err != nil || p == nil {
		return "", err
	}
	class, why := recordClass(p)
	return string(class) + ": " + why, nil
}
