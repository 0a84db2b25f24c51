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
}

// auditDecision appends a decision to the audit log, with what it rests on.
func (a *App) auditDecision(tx *store.Tx, by string, purpose audit.Purpose, e *store.Encounter, d decision.Decision) error {
	captures, err := tx.Captures(e.ID)
	if err != nil {
		return err
	}
	detail, err := json.Marshal(Explained{d, a.Rules, captures})
	if err != nil {
		return err
	}
	return tx.AuditSealed(audit.Entry{At: a.Now(), Actor: by, Action: "decision", Subject: string(d.ID), Purpose: purpose, Detail: detail}, e.KeyID, string(e.ID))
}
