package retention

// Standing is what a person is to the country whose border this is, as far as
// the period of a crossing record depends on it. Its zero value means that
// nobody knows.
type Standing string

// The standings.
const (
	Citizen      Standing = "citizen"
	Resident     Standing = "resident"     // lawful permanent resident; in the EU, holder of a residence permit
	Nonimmigrant Standing = "nonimmigrant" // any other alien; in the EU, a third-country national on a short stay
)

// Fact is yes or no; its zero value means that nobody knows.
type Fact string

// The answers.
const (
	Yes Fact = "yes"
	No  Fact = "no"
)

// Facts is what the class of a crossing record depends on.
type Facts struct {
	Law      Jurisdiction // US or EU
	Standing Standing
	// The rest matters in the EU only.
	Family  Fact // a family member of an EU citizen, with the status of Article 2(1)(b)
	Refused bool // the record is of a refusal of entry
	Exited  bool // an exit is recorded
}

// RecordClass returns the class of a crossing record and a sentence that says
// why. The class is "" for what no rule speaks of, and Due refuses that.
//
// What is not known changes no period unsaid; the sentence then begins with
// "unknown", and the record is classed anew when it is known:
//
//   - Unknown standing, US: 15 years, the shorter. Keeping a citizen's record
//     for 75 breaks a promise to somebody who may never hear of it; erasing a
//     nonimmigrant's after 15 loses evidence, but only if nobody settles the
//     question in 15 years.
//   - Unknown standing, EU: the period of a third-country national, because
//     the system records nobody else.
//   - Unknown family status, EU: the rule and not the exception, which is for
//     those who show the status.
//
// Source: the sources of the classes.
func RecordClass(f Facts) (c Class, why string) {
	switch f.Law {
	case US:
		return usRecord(f.Standing)
	case EU:
		return euRecord(f)
	}
	return "", "no law is named under which this record is kept"
}

func usRecord(s Standing) (Class, string) {
	switch s {
	case Citizen:
		return CrossingResident, "a US citizen's crossing"
	case Resident:
		return CrossingResident, "a lawful permanent resident's crossing"
	case Nonimmigrant:
		return CrossingNonimmigrant, "a nonimmigrant's crossing"
	case "":
		return CrossingResident, "unknown standing: the shorter period, until it is known whether the person is a citizen or resident"
	}
	return "", "the standing is none that a rule speaks of"
}

func euRecord(f Facts) (Class, string) {
	switch f.Standing {
	case Nonimmigrant:
		return euShortStay(f)
	case "":
		c, why := euShortStay(f)
		return c, "unknown standing: taken for a third-country national, as the system records nobody else; " + why
	case Citizen:
		return "", "the system does not record EU citizens"
	case Resident:
		return "", "the system does not record holders of a residence permit"
	}
	return "", "the standing is none that a rule speaks of"
}

func euShortStay(f Facts) (Class, string) {
	switch {
	case f.Refused:
		return EURecord, "entry was refused; the derogation for family members is for entry and exit only"
	case f.Family == Yes && f.Exited:
		return EUFamily, "a family member of an EU citizen, who left"
	case f.Family == Yes:
		return EUFamilyNoExit, "a family member of an EU citizen, no exit recorded yet"
	case f.Family != No:
		c, why := euOther(f.Exited)
		return c, "unknown family status: the rule holds until the status is shown; " + why
	}
	return euOther(f.Exited)
}

func euOther(exited bool) (Class, string) {
	if exited {
		return EURecord, "the exit is recorded"
	}
	return EUNoExit, "no exit is recorded yet; an exit makes it three years from that day"
}
