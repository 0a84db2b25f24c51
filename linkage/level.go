package linkage

// Level is how well two values agree. Its zero value is unspecified.
type Level string

// The levels, from agreement to contradiction.
const (
	Same      Level = "same"
	Variant   Level = "variant"    // another spelling of one name: MÜLLER, MUELLER, MULLER
	Sound     Level = "sound"      // the same consonants: MOHAMMED, MUHAMMAD
	Cut       Level = "cut"        // one is the beginning of the other
	Typo      Level = "typo"       // one letter is other, missing, added or has changed places
	Fewer     Level = "fewer"      // some of several names are missing on one side
	Initial   Level = "initial"    // one is the first letter of the other
	Swapped   Level = "swapped"    // surname for given names; day for month
	Mixed     Level = "mixed"      // the same names, otherwise divided into surname and given names
	Partly    Level = "partly"     // some names agree, some contradict; month or day unknown
	YearOnly  Level = "year-only"  // the year agrees, the rest is unknown
	NextYear  Level = "next-year"  // the year is off by one
	OneDigit  Level = "one-digit"  // one digit is other
	Different Level = "different"  // contradict each other
	Unknown   Level = "unknown"    // one side does not say
	Accepted  Level = "accepted"   // a biometric verification that passed
	NotPassed Level = "not-passed" // a biometric verification that did not pass
)

// Reason says what held the strength of a match down.
type Reason string

// The reasons.
const (
	TooLittle     Reason = "too-little"    // the evidence stays under the threshold
	Rival         Reason = "rival"         // another candidate comes near
	Contradiction Reason = "contradiction" // a document or a face says one person, a name or date another
	NotAllSeen    Reason = "not-all-seen"  // a block was too large to be read: nobody knows of a rival
)
