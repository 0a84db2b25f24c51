package retention

// Clock is the event that starts a period. Its zero value is unspecified.
type Clock string

// The clocks.
const (
	AtCapture      Clock = "capture"
	AtVerification Clock = "verification of identity"
	AtVoyageEnd    Clock = "end of the voyage" // departure for an exit, arrival for an entry
	AtCrossing     Clock = "crossing"
	AtReceipt      Clock = "receipt of the manifest"
	AtExit         Clock = "exit or refusal"
	AtLastRecord   Clock = "last record"
	AtExpiry       Clock = "expiry of the authorized stay"
	AtLastEntry    Clock = "last entry"
	AtErasure      Clock = "erasure of what it speaks of"
)

// Action is what is done when a period has run out. Its zero value is
// unspecified.
type Action string

// The actions.
const (
	Erase    Action = "erase"     // destroy the data key, then the rows
	HandOver Action = "hand over" // give to the system of record, whose rule it then follows
)

// Jurisdiction says whose rule a rule is. Its zero value is unspecified.
type Jurisdiction string

// The jurisdictions.
const (
	US  Jurisdiction = "US"
	EU  Jurisdiction = "EU"
	Own Jurisdiction = "limen" // this project's own choice
)

// Rule is what holds for a class.
type Rule struct {
	Class  Class        `json:"class"`
	What   string       `json:"what"`
	Period Period       `json:"period"`
	Clock  Clock        `json:"clock"`             // what starts the period
	AtOnce Clock        `json:"at_once,omitempty"` // what ends it before its time
	Action Action       `json:"action"`
	By     Jurisdiction `json:"by"`
	Source string       `json:"source"`
	Note   string       `json:"note,omitempty"` // what is not known at first hand: [check]; what to know beside
	Warn   Period       `json:"warn,omitzero"`  // how long before the end the erasure is announced
	NoHold string       `json:"no_hold,omitempty"`
}

// rules is the table: every class once.
var rules = []Rule{
	// Images and templates.
	{
		Class: CitizenImage, What: "image and template of a citizen of the home country",
		Period: Period{Hours: 12}, Clock: AtCapture, AtOnce: AtVerification, Action: Erase, By: US,
		Source: "CBP biometric exit FAQ",
		Note:   "12 hours is the outer limit, not the plan; it is counted from the capture, which comes before the verification",
		NoHold: "a citizen's image is gone when identity is verified and never later than 12 hours after capture",
	},
	{
		Class: Unresolved, What: "capture of a person who is not known yet",
		Period: Period{Hours: 12}, Clock: AtCapture, Action: Erase, By: Own,
		Source: "the limit for a citizen, who it may be",
		NoHold: "it may be a citizen's image, which no hold keeps",
	},
	{
		Class: AlienImage, What: "image and template of a non-citizen in the matching service",
		Period: Period{Days: 14}, Clock: AtCapture, Action: Erase, By: US,
		Source: "DHS PIA for TVS, via trade press",
		Note:   "[check] known through the trade press",
	},
	{
		Class: VoyageGallery, What: "reference image and template bound to a voyage",
		Period: Period{Hours: 12}, Clock: AtVoyageEnd, Action: Erase, By: Own,
		Source: "limen's own choice",
		NoHold: "a gallery has citizens' references in it, which no hold keeps",
	},
	{
		Class: SystemOfRecordImage, What: "facial image of an alien for the system of record (IDENT/HART)",
		Period: Period{Years: 75}, Clock: AtCrossing, Action: HandOver, By: US,
		Source: "90 FR 48604, via press",
		Note:   "[check] known through the press; up to 75 years, and once handed over the receiving system's rule governs",
	},

	// Crossings and lists.
	{
		Class: CrossingResident, What: "crossing record of a US citizen or lawful permanent resident",
		Period: Period{Years: 15}, Clock: AtCrossing, Action: Erase, By: US,
		Source: "PIA, via summaries",
		Note:   "[check] known through summaries, which name the Border Crossing Information notice (DHS/CBP-007)",
	},
	{
		Class: CrossingNonimmigrant, What: "crossing record of a nonimmigrant",
		Period: Period{Years: 75}, Clock: AtCrossing, Action: Erase, By: US,
		Source: "PIA, via summaries",
		Note:   "[check] known through summaries, which name the Nonimmigrant Information System notice (DHS/CBP-016)",
	},
	{
		Class: Listing, What: "passenger on a manifest who never crossed",
		Period: Period{Months: 12}, Clock: AtReceipt, Action: Erase, By: US,
		Source: "DHS/CBP-005, Advance Passenger Information System notice (80 FR 13407)",
		Note:   "[check] known from memory and from an update of the system's PIA (DHS/CBP/PIA-001(f), 2013), not from the notice",
	},

	// The EU's Entry/Exit System.
	{
		Class: EURecord, What: "entry/exit record, or record of refusal of entry",
		Period: Period{Years: 3}, Clock: AtExit, Action: Erase, By: EU,
		Source: "Regulation (EU) 2017/2226, Article 34(1)",
	},
	{
		Class: EUFile, What: "individual file",
		Period: Period{Years: 3, Days: 1}, Clock: AtLastRecord, Action: Erase, By: EU,
		Source: "Regulation (EU) 2017/2226, Article 34(2)",
		Note:   "the last record is the last exit or refusal; a new entry within three years stops the clock",
	},
	{
		Class: EUNoExit, What: "entry without a recorded exit",
		Period: Period{Years: 5}, Clock: AtExpiry, Action: Erase, By: EU, Warn: Period{Months: 3},
		Source: "Regulation (EU) 2017/2226, Article 34(3)",
		Note:   "the Member States are told three months before",
	},
	{
		Class: EUFamily, What: "entry/exit record of a family member of an EU citizen",
		Period: Period{Years: 1}, Clock: AtExit, Action: Erase, By: EU,
		Source: "Regulation (EU) 2017/2226, Article 34(4), first sentence",
		Note:   "of persons with the status of Article 2(1)(b); one year is a maximum",
	},
	{
		Class: EUFamilyNoExit, What: "entry of a family member of an EU citizen, without a recorded exit",
		Period: Period{Years: 5}, Clock: AtLastEntry, Action: Erase, By: EU,
		Source: "Regulation (EU) 2017/2226, Article 34(4), second sentence",
	},

	// Who looked.
	{
		Class: AccessLog, What: "log of accesses to a person's data",
		Period: Period{Years: 1}, Clock: AtErasure, Action: Erase, By: EU,
		Source: "Regulation (EU) 2017/2226, Article 46",
		Note:   "used for every jurisdiction",
	},
}
