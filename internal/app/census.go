package app

import (
	"math"
	"time"

	"limen/internal/store"
	"limen/linkage"
	"limen/travel"
)

// What a traveler is counted under, among the keys: nothing that is searched.
const (
	everybody = "#"  // has every traveler who is found by keys
	nameKey   = "# " // and a form of a name
)

// linkKeys are what a person is filed under: the keys by which others find them,
// and the forms of the names, by which these are counted.
func linkKeys(p linkage.Person) []string {
	out := append(texts(linkage.Keys(p)), everybody)
	for _, form := range linkage.Names(p) {
		out = append(out, nameKey+form)
	}
	return out
}

// weigh decides whose arrival the departure of a person on day may be, among
// people travelers on record; more says that not all were seen. Travelers of
// whom skip is true are left out. Every name that matters is counted, in the
// keyed digests of link_keys: an index scan, of at most a sixteenth of the file.
func weigh(tx *store.Tx, who linkage.Person, day travel.Day, people int, skip func(travel.TravelerID) bool) (all []linkage.Match, more bool, err error) {
	ids, more, err := tx.Arrived(linkage.SearchKeys(who), day)
	if err != nil {
		return nil, false, err
	}
	var candidates []linkage.Candidate
	for _, id := range ids {
		if skip(id) {
			continue
		}
		t, err := tx.Traveler(id)
		if err != nil {
			return nil, false, err
		}
		if t != nil && !t.Erased {
			candidates = append(candidates, linkage.Candidate{Traveler: id, Person: linkage.PersonOf(t.Person, nil)})
		}
	}
	c := census{tx: tx, people: people, shares: map[string]float64{}}
	all = linkage.Decide(who, candidates, linkage.Setting{People: people, Shares: c.share, NotAllSeen: more})
	return all, more, c.err
}

// census counts names during one comparison.
type census struct {
	tx     *store.Tx
	people int
	shares map[string]float64
	err    error // of the first count that failed: then no share is to be used
}

func (c *census) share(form string) float64 {
	share, known := c.shares[form]
	if known || c.err != nil {
		return share
	}
	n, err := c.tx.CountLinkKey(nameKey+form, linkage.EnoughBearers(c.people))
	if err != nil {
		c.err = err
		return 0
	}
	c.shares[form] = linkage.Share(n, c.people)
	return c.shares[form]
}

// fewPeople are so few that they are counted each time.
const fewPeople = 100_000

// people is how many travelers are found by keys; many are counted once an hour.
func (a *App) people(tx *store.Tx) (int, error) {
	age := a.Now().Sub(a.counted.at)
	if a.counted.n < fewPeople || age > time.Hour || age < 0 {
		n, err := tx.CountLinkKey(everybody, math.MaxInt32)
		if err != nil {
			return 0, err
		}
		a.counted.n, a.counted.at = n, a.Now()
	}
	return a.counted.n, nil
}
