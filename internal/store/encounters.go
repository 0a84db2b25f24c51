package store

import (
	"time"

	"limen/biometric"
	"limen/decision"
	"limen/internal/seal"
	"limen/match"
	"limen/retention"
	"limen/travel"
)

// Encounter is the record of an encounter.
type Encounter struct {
	travel.Encounter
	OptedOut time.Time // zero unless the person declined
	Decision travel.DecisionID
	KeyID    string          // of what is sealed of it; made by InsertEncounter
	Class    retention.Class // of the record
	Due      time.Time
}

// Capture is the record of a capture and of what came of it. It is kept when
// the image is gone.
type Capture struct {
	ID          travel.CaptureID
	Encounter   travel.EncounterID
	Digest      []byte // SHA-256 of the image as sent
	Received    time.Time
	Attempt     int
	Action      decision.Action
	Advice      string
	Reasons     []decision.Reason
	Passenger   travel.PassengerID // recommended; "" if none
	Result      match.Result
	AttackScore float32
	Quality     biometric.Quality
	Acceptable  bool
	Item        string // its sealed item; "" if nothing is kept
}

const encounterColumns = `id, voyage, point, port, direction, opened, opted_out, decision, key_id, class, due`

func scanEncounter(row func(...any) error) (e Encounter, err error) {
	err = row(&e.ID, &e.Voyage, &e.Point, &e.Port, &e.Direction, timeColumn{&e.Opened}, timeColumn{&e.OptedOut}, &e.Decision, &e.KeyID, &e.Class, timeColumn{&e.Due})
	return e, err
}

// Encounter returns an encounter, or nil.
func (t *Tx) Encounter(id travel.EncounterID) (*Encounter, error) {
	return first(t, scanEncounter, `SELECT `+encounterColumns+` FROM encounters WHERE id = $1`, id)
}

// EncounterOf returns the encounter that a decision ended, or nil.
func (t *Tx) EncounterOf(d travel.DecisionID) (*Encounter, error) {
	return first(t, scanEncounter, `SELECT `+encounterColumns+` FROM encounters WHERE id = (SELECT encounter FROM decisions WHERE id = $1)`, d)
}

// Waiting returns the encounters that wait for an officer: declined, or sent to
// manual inspection, or with an entry to decide; oldest first, at most n.
func (t *Tx) Waiting(n int) ([]Encounter, error) {
	return list(t, scanEncounter, `SELECT `+encounterColumns+` FROM encounters e WHERE decision = '' AND (opted_out <> 0
		OR EXISTS (SELECT 1 FROM captures c WHERE c.encounter = e.id AND c.action IN ($1, $2)))
		ORDER BY opened, id LIMIT $3`, decision.ManualInspection, decision.Confirmed, n)
}

// InsertEncounter adds an encounter.
func (t *Tx) InsertEncounter(e Encounter) error {
	key, err := t.mint()
	if err != nil {
		return err
	}
	return t.exec(`INSERT INTO encounters (`+encounterColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		e.ID, e.Voyage, e.Point, e.Port, e.Direction, micros(e.Opened), micros(e.OptedOut), e.Decision, key, e.Class, micros(e.Due))
}

// KeepEncounter keeps an encounter's record until due in a class.
func (t *Tx) KeepEncounter(id travel.EncounterID, c retention.Class, due time.Time) error {
	return t.exec(`UPDATE encounters SET class = $2, due = $3 WHERE id = $1`, id, c, micros(due))
}

// MarkOptOut records that the person declined.
func (t *Tx) MarkOptOut(id travel.EncounterID, at time.Time) error {
	return t.exec(`UPDATE encounters SET opted_out = $2 WHERE id = $1 AND opted_out = 0`, id, micros(at))
}

const captureColumns = `id, encounter, digest, received, attempt, action, advice, reasons, passenger, model, gallery_size, threshold,
	candidates, attack_score, quality, acceptable, item`

func scanCapture(row func(...any) error) (c Capture, err error) {
	var model string
	err = row(&c.ID, &c.Encounter, &c.Digest, timeColumn{&c.Received}, &c.Attempt, &c.Action, &c.Advice, jsonColumn{&c.Reasons},
		&c.Passenger, &model, &c.Result.GallerySize, &c.Result.Threshold, jsonColumn{&c.Result.Candidates}, &c.AttackScore,
		jsonColumn{&c.Quality}, &c.Acceptable, &c.Item)
	if err == nil && model != "" {
		err = c.Result.Model.UnmarshalText([]byte(model))
	}
	return c, err
}

// Capture returns a capture, or nil.
func (t *Tx) Capture(id travel.CaptureID) (*Capture, error) {
	return first(t, scanCapture, `SELECT `+captureColumns+` FROM captures WHERE id = $1 ORDER BY received`, id)
}

// Captures returns the captures of an encounter in the order of their attempts.
func (t *Tx) Captures(e travel.EncounterID) ([]Capture, error) {
	return list(t, scanCapture, `SELECT `+captureColumns+` FROM captures WHERE encounter = $1 ORDER BY attempt, id`, e)
}

// InsertCapture adds a capture.
func (t *Tx) InsertCapture(c Capture) error {
	model := ""
	if !c.Result.Model.IsZero() {
		model = c.Result.Model.String()
	}
	return t.exec(`INSERT INTO captures (`+captureColumns+`) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)`,
		c.ID, c.Encounter, c.Digest, micros(c.Received), c.Attempt, c.Action, c.Advice, toJSON(c.Reasons), c.Passenger, model,
		c.Result.GallerySize, c.Result.Threshold, toJSON(c.Result.Candidates), c.AttackScore, toJSON(c.Quality), c.Acceptable, c.Item)
}

// said is what a decision, a cleared lead or a record of files has of a person's
// words and name.
type said struct {
	Officer string `json:"officer"`
	Reason  string `json:"reason"`
}

func saidContext(e travel.EncounterID) seal.Context {
	return seal.Context{Subject: string(e), Class: record, Kind: "said"}
}

// InsertDecision adds a decision and ends its encounter, whose data key seals
// the officer's name and reason.
func (t *Tx) InsertDecision(d decision.Decision, keyID string, at time.Time) error {
	sealed, err := t.seal(keyID, saidContext(d.Encounter), []byte(toJSON(said{d.Officer, d.Reason})))
	if err != nil {
		return err
	}
	if err := t.exec(`INSERT INTO decisions (id, encounter, passenger, outcome, rule, said, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		d.ID, d.Encounter, d.Passenger, d.Outcome, d.Rule, sealed, micros(at)); err != nil {
		return err
	}
	return t.exec(`UPDATE encounters SET decision = $2 WHERE id = $1`, d.Encounter, d.ID)
}

// Decision returns the decision that ended an encounter, or nil.
func (t *Tx) Decision(e travel.EncounterID) (*decision.Decision, error) {
	return first(t, func(row func(...any) error) (d decision.Decision, err error) {
		var sealed []byte
		var keyID string
		if err = row(&d.ID, &d.Encounter, &d.Passenger, &d.Outcome, &d.Rule, &sealed, &keyID); err != nil {
			return d, err
		}
		var s said
		_, err = t.openJSON(keyID, saidContext(d.Encounter), sealed, &s)
		d.Officer, d.Reason = s.Officer, s.Reason
		return d, err
	}, `SELECT d.id, d.encounter, d.passenger, d.outcome, d.rule, d.said, e.key_id FROM decisions d
		JOIN encounters e ON e.decision = d.id WHERE e.id = $1`, e)
}
