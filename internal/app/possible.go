package app

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/google/uuid"

	"limen/internal/store"
	"limen/linkage"
	"limen/stay"
	"limen/travel"
)

// possible makes a weak match a lead for a person: one lead a departure as long
// as it is open, which says what was found last. Whom a person dismissed is on
// none any more. Its id follows from the departure and the people, so that
// whoever raises it raises the same.
func (a *App) possible(tx *store.Tx, by string, l store.Lead, found matches) error {
	no, err := dismissed(tx, l.Crossing)
	if err != nil {
		return err
	}
	found.Matches = slices.DeleteFunc(slices.Clone(found.Matches), func(m linkage.Match) bool { return slices.Contains(no, m.Candidate) })
	if len(found.Matches) == 0 {
		return nil
	}
	lead := store.Lead{ID: possibleID(l.Crossing, found), Port: l.Port,
		Lead: stay.Lead{Kind: stay.PossibleMatch, Traveler: l.Traveler, Crossing: l.Crossing, Day: l.Day}}
	if lead.Evidence, err = json.Marshal(found); err != nil {
		return err
	}
	leads, err := tx.LeadsAt(l.Crossing)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(leads, func(x store.Lead) bool { return x.Kind == stay.PossibleMatch && x.Open() })
	if at < 0 {
		at = slices.IndexFunc(leads, func(x store.Lead) bool { return x.ID == lead.ID })
	}
	if at < 0 {
		return a.raise(tx, by, lead)
	}
	was := leads[at]
	if byPerson(was) || was.Open() && string(was.Evidence) == string(lead.Evidence) {
		return nil
	}
	was.Evidence, was.Clearing = lead.Evidence, store.Clearing{}
	return a.putLead(tx, by, was)
}

// possibleID is the id of the lead that a departure may belong to one of these
// people.
func possibleID(x travel.CrossingID, found matches) string {
	words := []string{string(stay.PossibleMatch), string(x)}
	for _, m := range found.Matches {
		words = append(words, string(m.Candidate))
	}
	slices.Sort(words[2:])
	return uuid.NewSHA1(leadSpace, []byte(strings.Join(words, "\n"))).String()
}

// dismissed are the people of whom a person said, by clearing a lead, that a
// departure is not theirs: no rule brings them back.
func dismissed(tx *store.Tx, x travel.CrossingID) (out []travel.TravelerID, err error) {
	leads, err := tx.LeadsAt(x)
	if err != nil {
		return nil, err
	}
	for _, l := range leads {
		if l.Kind != stay.PossibleMatch || !byPerson(l) {
			continue
		}
		found, err := matchesOf(l)
		if err != nil {
			return nil, err
		}
		for _, m := range found.Matches {
			out = append(out, m.Candidate)
		}
	}
	return out, nil
}
