package app

import (
	"context"
	"encoding/json"

	"limen/audit"
	"limen/errs"
	"limen/internal/store"
	"limen/policy"
	"limen/travel"
)

// PublishedRules is what the audit log says of a rule set, once, when a system
// first starts with it.
type PublishedRules struct {
	RuleSet      string              `json:"rule_set"`
	SHA256       string              `json:"sha256"` // of its canonical form
	Jurisdiction policy.Jurisdiction `json:"jurisdiction"`
	From         travel.Day          `json:"from,omitzero"`
	Until        travel.Day          `json:"until,omitzero"`
	Citation     string              `json:"citation"`
}

// ruleSetting names the setting that holds the hash of a published rule set.
func ruleSetting(id string) string { return "rule-set " + id }

// publishRules writes each rule set that this record has not seen to the audit
// log. A rule set is immutable: it returns a Conflict error (code
// "policy-changed") if one was published with another hash.
func (a *App) publishRules(ctx context.Context) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		for _, s := range a.Policy.Sets() {
			was, err := tx.Setting(ruleSetting(s.ID))
			if err != nil {
				return err
			}
			if was == s.Hash {
				continue
			}
			if was != "" {
				return errs.New(errs.Conflict, "policy-changed", "the rule set %s was published with SHA-256 %s, and %s has %s: restore the file; a new rule is a new file with a new id", s.ID, was, s.File, s.Hash)
			}
			if err := a.publish(tx, s); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *App) publish(tx *store.Tx, s *policy.Set) error {
	detail, err := json.Marshal(PublishedRules{s.ID, s.Hash, s.Jurisdiction, s.From, s.Until, s.Citation})
	if err != nil {
		return err
	}
	if err := tx.PutSetting(ruleSetting(s.ID), s.Hash); err != nil {
		return err
	}
	return tx.Audit(audit.Entry{At: a.Now(), Actor: "limen", Action: "rule-set", Subject: s.ID, Purpose: "administration", Detail: detail})
}

// rescope asks the law again of every passenger on a voyage to come whose day
// another rule set is in force on than the one that answered, after a change of
// the configuration.
func (a *App) rescope(ctx context.Context) error {
	return a.store.Write(ctx, func(tx *store.Tx) error {
		vs, err := tx.OpenVoyages(a.Now())
		if err != nil {
			return err
		}
		for _, v := range vs {
			if err := a.rescopeVoyage(tx, &v); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *App) rescopeVoyage(tx *store.Tx, v *store.Voyage) error {
	ps, err := tx.Passengers(v.ID)
	if err != nil {
		return err
	}
	for _, p := range ps {
		is, err := a.scope(v, p.Listed)
		if err != nil {
			return err
		}
		if is.RuleSet == p.Scope.RuleSet {
			continue
		}
		if err := a.putPassenger(tx, v, p, p.Listed); err != nil {
			return err
		}
	}
	return nil
}
