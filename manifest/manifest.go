package manifest

import "limen/travel"

// Function says what a message does to the manifest of its voyage. The zero
// value is unspecified and is taken for an original list with a diagnostic.
type Function string

// The functions that limen tells apart.
const (
	Original  Function = "original"
	Update    Function = "update"    // changes to passengers already sent
	Reduction Function = "reduction" // passengers who no longer travel
	Cancel    Function = "cancel"    // the voyage will not take place
	CloseOut  Function = "close-out" // boarding has ended
)

// Message is one manifest as one carrier sent it once.
type Message struct {
	// Reference identifies the message within Sender; a message with a
	// reference already merged changes nothing.
	Reference string `json:"reference"`
	// Sender is the interchange sender as the carrier wrote it.
	Sender string `json:"sender"`
	// Interchange is the interchange control reference (UNB 0020). Carriers
	// number messages from 1 in each interchange, so only Sender, Interchange
	// and Reference together name a message. Empty in the JSON form unless
	// the sender gives one.
	Interchange string `json:"interchange,omitempty"`
	// Transaction is the carrier's transaction reference (RFF TN), which an
	// answer to the message quotes.
	Transaction string   `json:"transaction,omitempty"`
	Function    Function `json:"function"`
	// NotBoarded is set for a close-out that lists the persons who are not on
	// board (BGM 266 CLNB), where others list those who are.
	NotBoarded bool         `json:"not_boarded,omitempty"`
	Crew       bool         `json:"crew"`
	Legs       []travel.Leg `json:"legs"`
	// Passengers are in the order sent, bad ones included as far as they could
	// be read.
	Passengers []Passenger `json:"passengers"`
	// Diagnostics of this message, in the order of the bytes.
	Diagnostics []Diagnostic `json:"diagnostics"`
}

// Passenger is one person of a manifest.
type Passenger struct {
	// ID is limen's own id of the passenger, set by whoever keeps manifests;
	// Merge carries it over to the new version of a passenger. It is in no
	// message.
	ID travel.PassengerID `json:"-"`
	travel.Person
	Embark    travel.Port       `json:"embark"`
	Debark    travel.Port       `json:"debark"`
	Documents []travel.Document `json:"documents"`
	// Reference is the carrier's own id of the passenger in its reservation
	// (RFF ABO), Locator that of the reservation (RFF AVF).
	Reference string `json:"reference,omitempty"`
	Locator   string `json:"locator,omitempty"`
	// Transit is set for a passenger who does not enter (NAD DDT and its kin).
	Transit bool `json:"transit,omitempty"`
}

// Severity grades a Diagnostic. Its zero value is unspecified and never sent.
type Severity string

// The severities.
const (
	Warning Severity = "warning" // read, but not as the guide has it
	Error   Severity = "error"   // a fact of this passenger or message is lost
	Fatal   Severity = "fatal"   // the rest of the message could not be read
)

// Diagnostic is one oddity of a message, placed so that a carrier's help desk
// finds it. It holds no personal data: it quotes codes and tags, never values
// of a person.
type Diagnostic struct {
	Severity Severity `json:"severity"`
	// Code is a stable slug, such as "date-invalid".
	Code string `json:"code"`
	// Detail is one sentence on what is wrong and what was expected.
	Detail string `json:"detail"`
	// Segment is the number of the segment in the message, UNH being 1; 0 if
	// the oddity is outside a message. Tag is its three letters.
	Segment int    `json:"segment"`
	Tag     string `json:"tag,omitempty"`
	// Offset is the byte at which the segment begins in the input.
	Offset int64 `json:"offset"`
	// Passenger is the position in Passengers, from 1; 0 for the message.
	Passenger int `json:"passenger,omitempty"`
}

// Parsed is all that one input held.
type Parsed struct {
	Messages []Message `json:"messages"`
	// Diagnostics lie outside every message: envelopes, counts, stray bytes.
	Diagnostics []Diagnostic `json:"diagnostics"`
}
