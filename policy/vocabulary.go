package policy

import (
	"encoding/json"
	"math/bits"
	"slices"
	"strings"

	"limen/errs"
	"limen/travel"
)

// Input is one word of the vocabulary that conditions are written in. Its zero
// value is unspecified.
type Input uint8

// The inputs. Those of type string come first, then age, then yes or no.
const (
	_ Input = iota
	InCitizenship
	InClass
	InMode
	InPort
	InDirection
	InDocument
	InAge
	InCitizen
	InDualNational
	InResident
	InStatusMaintained
	InAttendant
	InTaiwanOfficial
	InVisaRequired
	InI94Issued
	InExemptionGranted
	InRefused
	InPilotPort
	inputsEnd

	firstBool = InCitizen
	texts     = InAge // how many slots inputs of type string take
)

// word is what the vocabulary says of an input.
type word struct {
	name, means, ask string
	// values are all that an input of type string can have. Where there is no
	// such list, fits says whether v is one, and form what one looks like.
	values []string
	fits   func(v string) bool
	form   string
}

var words = [inputsEnd]word{
	InCitizenship: {name: "citizenship", means: "the citizenship the traveler presents, three letters of ICAO Doc 9303",
		ask: "Of which country is the traveler a citizen?", fits: isCountry, form: "a country, three capital letters such as CAN"},
	InClass: {name: "class", means: "class of admission, such as B-2; LPR for a lawful permanent resident",
		ask: "In which class is the traveler admitted, or to be admitted?", fits: isClass, form: "a class of admission as the law writes it, such as B-2, NATO-6 or LPR"},
	InMode: {name: "mode", means: "how the traveler crosses", ask: "How does the traveler cross: by air, sea or land, on foot, or by private aircraft?",
		values: []string{string(Air), string(Sea), string(Land), string(Pedestrian), string(PrivateAircraft), string(OtherMode)}},
	InPort:      {name: "port", means: "the port, as IATA or UN/LOCODE", ask: "At which port does the traveler cross?", fits: isPort, form: "a port, an IATA code such as JFK or a UN/LOCODE such as USJFK"},
	InDirection: {name: "direction", means: "entry or exit", values: []string{string(travel.Entry), string(travel.Exit)}},
	InDocument: {name: "document", means: "kind of travel document presented", ask: "Which travel document does the traveler present?",
		values: []string{string(Passport), string(PassportCard), string(IDCard), string(ResidentCard), string(BorderCrossingCard), string(OtherDocument)}},
	InAge:              {name: "age", means: "in whole years, on the day of the crossing", ask: "When was the traveler born?"},
	InCitizen:          {name: "citizen", means: "presents as a citizen of the rule set's own country", ask: "Of which country is the traveler a citizen, and as which does the traveler present?"},
	InDualNational:     {name: "dual_national", means: "is a citizen of the rule set's own country, and presents as one of another", ask: "As a citizen of which country does the traveler present?"},
	InResident:         {name: "resident", means: "lawful permanent resident; in the EU, holder of a residence permit or long-stay visa", ask: "Is the traveler a lawful resident, by a residence card, a residence permit or a long-stay visa?"},
	InStatusMaintained: {name: "status_maintained", means: "the status of the class is maintained that day", ask: "Does the traveler still maintain the status of the class of admission?"},
	InAttendant:        {name: "attendant", means: "attendant, servant or personal employee of an accredited official", ask: "Is the traveler an attendant, servant or personal employee of an accredited official?"},
	InTaiwanOfficial:   {name: "taiwan_official", means: "Taiwan official who holds an E-1 visa, or immediate family of one", ask: "Is the traveler a Taiwan official who holds an E-1 visa, or of the immediate family of one?"},
	InVisaRequired:     {name: "visa_required", means: "needs a visa, or was issued one", ask: "Does the traveler need a visa?"},
	InI94Issued:        {name: "i94_issued", means: "was issued Form I-94 or I-95", ask: "Was the traveler issued Form I-94 or I-95?"},
	InExemptionGranted: {name: "exemption_granted", means: "exempted, as one of a class or alone, by a grant on record", ask: "Is there a grant of the exemption that the traveler claims?"},
	InRefused:          {name: "refused", means: "was asked to give it, and declines"},
	InPilotPort:        {name: "pilot_port", means: "the port is in a program that records exits, by designation", ask: "Is this port, or land crossing, in a program that records exits?"},
}

// String returns the word that conditions use.
func (i Input) String() string {
	if i == 0 || i >= inputsEnd {
		return "unspecified"
	}
	return words[i].name
}

// Means says what the input is, in a line.
func (i Input) Means() string { return words[i].means }

// Ask is the question that gets the input from a person.
func (i Input) Ask() string { return words[i].ask }

// Values returns all values of an input that has a closed list of them.
func (i Input) Values() []string { return slices.Clone(words[i].values) }

// Vocabulary returns every input, in the order of the vocabulary.
func Vocabulary() []Input {
	all := make([]Input, 0, inputsEnd)
	for i := Input(1); i < inputsEnd; i++ {
		all = append(all, i)
	}
	return all
}

// inputNamed returns the input with that name, or 0.
func inputNamed(name string) Input {
	for _, i := range Vocabulary() {
		if words[i].name == name {
			return i
		}
	}
	return 0
}

// literal returns what is wrong with a value of an input of type string, or "".
func (i Input) literal(v string) string {
	w := words[i]
	switch {
	case w.fits != nil && !w.fits(v):
		return `"` + v + `" is not ` + w.form
	case w.fits == nil && !slices.Contains(w.values, v):
		return `"` + v + `" is no ` + w.name + ": it is one of " + strings.Join(w.values, ", ")
	}
	return ""
}

const (
	letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	digits  = "0123456789"
)

func isCountry(v string) bool { return len(v) == 3 && strings.Trim(v, letters) == "" }

func isClass(v string) bool {
	c, ok := ParseClass(v)
	return ok && string(c) == v
}

func isPort(v string) bool {
	return len(v) >= 3 && len(v) <= 5 && strings.Trim(v, letters+digits) == ""
}

// Inputs is a set of inputs.
type Inputs uint32

func (s Inputs) has(i Input) bool { return s&(1<<i) != 0 }

// List returns the inputs in the order of the vocabulary.
func (s Inputs) List() []Input {
	out := make([]Input, 0, bits.OnesCount32(uint32(s)))
	for i := Input(1); i < inputsEnd; i++ {
		if s.has(i) {
			out = append(out, i)
		}
	}
	return out
}

// MarshalJSON writes the names.
func (s Inputs) MarshalJSON() ([]byte, error) {
	names := []string{}
	for _, i := range s.List() {
		names = append(names, i.String())
	}
	return json.Marshal(names)
}

// UnmarshalJSON reads names; one that the vocabulary lacks is an Invalid error.
func (s *Inputs) UnmarshalJSON(b []byte) error {
	var names []string
	if err := json.Unmarshal(b, &names); err != nil {
		return err
	}
	*s = 0
	for _, n := range names {
		i := inputNamed(n)
		if i == 0 {
			return errs.New(errs.Invalid, "policy-input", "there is no input %q", n)
		}
		*s |= 1 << i
	}
	return nil
}
