package travel

// Country is a three-letter code of ICAO Doc 9303-3 section 5: ISO 3166-1
// alpha-3 and its extensions, such as "USA", "D" for Germany in documents, or
// "XXA" for a stateless person. The empty string is unspecified.
type Country string

// Sex as a document states it (Doc 9303-4: M, F, or X for unspecified there).
// The empty string means that nobody said.
type Sex string

// The values of Sex.
const (
	Female Sex = "F"
	Male   Sex = "M"
	SexX   Sex = "X"
)

// DocumentType is the kind of a travel document.
type DocumentType string

// The kinds of document that limen tells apart. A carrier's message may name
// others; they are kept as the carrier wrote them.
const (
	Passport DocumentType = "P"
	Visa     DocumentType = "V"
	IDCard   DocumentType = "I"
	Resident DocumentType = "C" // residence card, such as US Form I-551
)

// Document is a travel document as a manifest or a traveler presents it.
type Document struct {
	Type   DocumentType `json:"type"`
	Number string       `json:"number"`
	Issuer Country      `json:"issuer"`
	Expiry Day          `json:"expiry"`
}

// Person is what a document or a manifest says of a person.
type Person struct {
	Surname     string  `json:"surname"`
	GivenNames  string  `json:"given_names"`
	BirthDate   Day     `json:"birth_date"`
	Sex         Sex     `json:"sex"`
	Nationality Country `json:"nationality"`
}

// TravelerID is limen's own id of a person across voyages.
type TravelerID string

// Traveler is a person who crosses.
type Traveler struct {
	ID TravelerID `json:"id"`
	Person
}
