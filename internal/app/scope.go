package app

import (
	"slices"

	"limen/errs"
	"limen/internal/store"
	"limen/manifest"
	"limen/policy"
	"limen/travel"
)

// scope is whether the rule in force on the day of the crossing asks a listed
// passenger for a photograph. Where none is in force an officer decides: nobody
// is put in scope by a guess.
func (a *App) scope(v *store.Voyage, listed manifest.Passenger) (policy.Decision, error) {
	law, err := a.Policy.On(a.Jurisdiction, v.Day)
	if errs.KindOf(err) == errs.NotFound {
		return policy.Decision{Result: policy.NeedsOfficer, Ask: "No rule set is in force that day: which duty does this person have?"}, nil
	}
	if err != nil {
		return policy.Decision{}, err
	}
	d, err := law.Decide(question(law, v, listed))
	d.Photo.Text = "" // is not stored: rule set and rule find it
	return d.Photo, err
}

// question is what a manifest says of a passenger. Class of admission and mode
// are not in it.
func question(law *policy.Set, v *store.Voyage, listed manifest.Passenger) policy.Question {
	q := policy.Question{Day: v.Day, Direction: v.Direction, Port: v.Port, Birth: listed.BirthDate}
	if q.Birth.After(q.Day) {
		q.Birth = travel.Day{} // a slip of the carrier's: not known
	}
	q.Citizenships, q.PresentsAs = citizenships(law, listed)
	for _, d := range listed.Documents {
		switch d.Type {
		case travel.Passport:
			q.Document = policy.Passport
		case travel.Resident: // another country's makes no resident here
			if law.IsHome(d.Issuer) {
				q.Resident = policy.Yes
			}
		}
	}
	return q
}

// citizenships are the nationality that the carrier lists and the issuers of
// passports, which a state gives to its own citizens. Who holds a passport of
// the home country presents as its citizen; else the nationality counts, and
// where none is listed the first passport.
func citizenships(law *policy.Set, listed manifest.Passenger) (all []travel.Country, as travel.Country) {
	as = listed.Nationality
	if as != "" {
		all = append(all, as)
	}
	home := false
	for _, d := range listed.Documents {
		if d.Type != travel.Passport || d.Issuer == "" {
			continue
		}
		if !slices.Contains(all, d.Issuer) {
			all = append(all, d.Issuer)
		}
		if law.IsHome(d.Issuer) && !home {
			as, home = d.Issuer, true
		}
		if as == "" {
			as = d.Issuer
		}
	}
	return all, as
}
