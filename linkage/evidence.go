package linkage

import (
	"limen/biometric"
	"limen/travel"
)

// Field is what was compared. Its zero value is unspecified.
type Field string

// The fields, in the order in which they are compared.
const (
	DocumentField    Field = "document"
	SurnameField     Field = "surname"
	GivenNamesField  Field = "given-names"
	NameOrderField   Field = "name-order"
	BirthField       Field = "birth-date"
	SexField         Field = "sex"
	NationalityField Field = "nationality"
	BiometricField   Field = "biometric"
)

// Evidence is one comparison: what was compared in kind, never in the values of
// a person, so it may be kept and shown where the values may not.
type Evidence struct {
	Field Field `json:"field"`
	Level Level `json:"level"`
	// Bits is the weight, log2 of how much likelier this is of one person than
	// of two: above 0 it speaks for one, below 0 for two. In tenths.
	Bits float64 `json:"bits"`
	// Model is the model of a biometric verification.
	Model string `json:"model,omitempty"`
}

// Strength says how well a candidate matches. Its zero value is unspecified.
type Strength string

// The strengths.
const (
	// Confirmed: the same document, or a strong match that a biometric
	// verification bears out; nothing speaks against it.
	Confirmed Strength = "confirmed"
	// Strong: biographic data alone, over the threshold, and no other candidate
	// comes near.
	Strong Strength = "strong"
	// Weak is a lead for a person. It is never merged by a rule.
	Weak Strength = "weak"
	// None: nobody would look twice.
	None Strength = "none"
)

// Candidate is a traveler's file that a departure may belong to.
type Candidate struct {
	Traveler travel.TravelerID `json:"traveler"`
	Person   Person            `json:"person"`
	// Verification is a biometric one of the departing person against this
	// candidate; nil where none was made.
	Verification *Verification `json:"verification,omitempty"`
}

// Verification is a biometric 1:1 comparison that was made within an encounter.
type Verification struct {
	Encounter travel.EncounterID `json:"encounter"`
	Model     biometric.ModelID  `json:"model"`
	// Accepted is whether the score passed the threshold of the calibration.
	Accepted bool `json:"accepted"`
	// FMR is the false match rate that the calibration gives for the score, for
	// an accepted one.
	FMR float64 `json:"fmr,omitempty"`
}

// Match is one candidate with what was found.
type Match struct {
	Candidate travel.TravelerID `json:"candidate"`
	Strength  Strength          `json:"strength"`
	Evidence  []Evidence        `json:"evidence"`
	Total     float64           `json:"total_bits"`
	// Why says in a few words what held the strength down; "" where nothing did.
	Why Reason `json:"why,omitempty"`
}
