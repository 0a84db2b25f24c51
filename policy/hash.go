package policy

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"

	"limen/travel"
)

// canonicalSet is a set in the form that is hashed. A field that is added later
// must be omitted when empty, or every published set would have another hash.
type canonicalSet struct {
	ID           string           `json:"id"`
	Title        string           `json:"title"`
	Jurisdiction Jurisdiction     `json:"jurisdiction"`
	From         string           `json:"from,omitempty"`
	Until        string           `json:"until,omitempty"`
	Proposed     string           `json:"proposed,omitempty"`
	InForce      bool             `json:"in_force"`
	Citation     string           `json:"citation"`
	Source       string           `json:"source"`
	Home         []travel.Country `json:"home"`
	Notes        []string         `json:"notes,omitempty"`
	Rules        []canonicalRule  `json:"rules"`
}

type canonicalRule struct {
	ID       string                      `json:"id"`
	Duties   []Duty                      `json:"duties"`
	When     string                      `json:"when"`
	Result   Result                      `json:"result"`
	Clause   map[travel.Direction]string `json:"clause"`
	Citation string                      `json:"citation"`
	Text     string                      `json:"text"`
	Note     string                      `json:"note,omitempty"`
	Ask      string                      `json:"ask,omitempty"`
}

// hash returns the SHA-256 of the canonical form.
func (s *Set) hash() string {
	c := canonicalSet{s.ID, s.Title, s.Jurisdiction, s.From.String(), s.Until.String(), s.Proposed.String(), s.InForce, s.Citation, s.Source, s.Home, s.Notes, nil}
	for _, r := range s.Rules {
		c.Rules = append(c.Rules, canonicalRule{r.ID, r.Duties, r.When, r.Result, r.Clause, r.Citation, r.Text, r.Note, r.Ask})
	}
	b, err := json.Marshal(c)
	if err != nil {
		panic("policy: " + err.Error()) // strings and slices of them
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}
