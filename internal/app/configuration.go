package app

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"slices"
	"time"

	"limen/audit"
	"limen/capture"
	"limen/decision"
	"limen/gallery"
	"limen/internal/store"
	"limen/policy"
	"limen/travel"
)

// Configuration is what an installation decides by, as it stands in the audit
// log. It holds no secrets and no paths.
type Configuration struct {
	Version      string                 `json:"version"`
	Store        string                 `json:"store"`
	Ports        map[travel.Port]string `json:"ports"` // with their zones
	Domestic     []travel.Port          `json:"domestic"`
	Model        string                 `json:"model"`
	Calibration  string                 `json:"calibration"` // SHA-256 of the file
	FPIR         float64                `json:"fpir"`
	Captures     capture.Limits         `json:"captures"`
	References   gallery.Limits         `json:"references"`
	Rules        decision.Rules         `json:"rules"`
	Jurisdiction policy.Jurisdiction    `json:"jurisdiction"`
	RuleSets     map[string]string      `json:"rule_sets"` // SHA-256 by id
	AnswerWithin time.Duration          `json:"answer_within_ns"`
	Witness      bool                   `json:"witness"`
}

func (c Config) configuration() Configuration {
	digest := c.Calibration.Digest()
	model := c.Calibration.Model()
	out := Configuration{Version: c.Version, Store: "sqlite", Ports: map[travel.Port]string{}, Domestic: slices.Sorted(slices.Values(c.Domestic)),
		Model: model.Name + " " + hex.EncodeToString(model.SHA256[:]), Calibration: hex.EncodeToString(digest[:]), FPIR: c.FPIR,
		Captures: c.Captures, References: c.References, Rules: c.Rules, Jurisdiction: c.Jurisdiction, RuleSets: map[string]string{}, AnswerWithin: c.AnswerWithin, Witness: c.Witness != ""}
	if c.Store != "" {
		out.Store = "postgresql"
	}
	for _, s := range c.Policy.Sets() {
		out.RuleSets[s.ID] = s.Hash
	}
	for p, z := range c.Ports {
		out.Ports[p] = z.String()
	}
	return out
}

// configurationSetting is the digest of the configuration that was logged last.
const configurationSetting = "configuration"

// noteConfiguration appends the configuration to the audit log if it is not the
// one that stands there, and reports whether it did.
func (a *App) noteConfiguration(ctx context.Context) (changed bool, err error) {
	detail, err := json.Marshal(a.configuration())
	if err != nil {
		return false, err
	}
	sum := sha256.Sum256(detail)
	digest := hex.EncodeToString(sum[:])
	err = a.store.Write(ctx, func(tx *store.Tx) error {
		was, err := tx.Setting(configurationSetting)
		if changed = was != digest; err != nil || !changed {
			return err
		}
		if err := tx.PutSetting(configurationSetting, digest); err != nil {
			return err
		}
		return tx.Audit(audit.Entry{At: a.Now(), Actor: "limen", Action: "configuration", Subject: "installation", Purpose: "administration", Detail: detail})
	})
	return changed, err
}
