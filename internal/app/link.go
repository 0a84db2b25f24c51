package app

import (
	"context"
	"encoding/json"
	"slices"

	"limen/errs"
	"limen/internal/store"
	"limen/linkage"
	"limen/travel"
)

// linkRule is what merges files where no person does.
const linkRule = "linkage-strong"

// matches are what a comparison leaves on a lead: no names.
type matches struct {
	Matches []linkage.Match `json:"matches"`
	// More says that more people were found than are compared.
	More bool `json:"more,omitempty"`
}

func matchesOf(l store.Lead) (m matches, err error) {
	if len(l.Evidence) > 0 {
		err = json.Unmarshal(l.Evidence, &m)
	}
	return m, err
}

// findable notes under which keys an alien is found who leaves with another
// document. A citizen is found under none, nor is who may be one.
func (a *App) findable(tx *store.Tx, p store.Passenger) error {
	if !linked(&p) {
		return tx.DeleteLinkKeys(p.Traveler)
	}
	return tx.PutLinkKeys(p.Traveler, linkKeys(linkage.PersonOf(p.Listed.Person, p.Listed.Documents)))
}

// linked reports whether departures of a passenger are compared with arrivals.
func linked(p *store.Passenger) bool { return !p.Erased && !p.Citizen() && p.Country != "" }

// searchKeys are those that others are looked for under.
func searchKeys(p linkage.Person) []string { return texts(linkage.SearchKeys(p)) }

func texts(keys []linkage.Key) (out []string) {
	for _, k := range keys {
		out = append(out, string(k))
	}
	return out
}

// Link compares each departure that no admission was found for with the people
// whose arrival it may end, and who have not left: once, each in a write of its
// own. Where one of them is strong, the two files are merged and the stay ends;
// what is weak becomes a lead for a person. A citizen is never compared. The
// search begins with a crossing, and never with a face.
//
// What a crash leaves: the unmatched departure, which is compared by the next
// call.
func (a *App) Link(ctx context.Context) error {
	unlock, err := a.linking.lock(ctx, "")
	if err != nil {
		return err
	}
	defer unlock()
	after := ""
	for {
		var page []store.Lead
		err := a.store.Read(ctx, func(tx *store.Tx) (err error) { page, err = tx.Uncompared(after, eraseFew); return err })
		if err != nil {
			return err
		}
		for _, l := range page {
			after = l.ID
			if err := a.linkOne(ctx, l); err != nil {
				return err
			}
		}
		if len(page) < eraseFew {
			return nil
		}
	}
}

// linkOne compares one departure. The people are opened beside the writer, so
// that no lane waits; what is written is looked at once more in the write.
func (a *App) linkOne(ctx context.Context, l store.Lead) error {
	var found matches
	err := a.store.Read(ctx, func(tx *store.Tx) (err error) { found, err = a.compare(tx, l); return err })
	if err != nil {
		return err
	}
	return a.store.Write(ctx, func(tx *store.Tx) error {
		now, err := tx.Lead(l.ID)
		if err != nil || now == nil || !now.Open() || !now.Compared.IsZero() { // another process was faster
			return err
		}
		now.Compared = a.Now()
		if err := tx.PutLead(*now); err != nil { // which the log need not know
			return err
		}
		if len(found.Matches) == 0 {
			return nil
		}
		no, err := dismissed(tx, now.Crossing)
		if err != nil {
			return err
		}
		if to, is := linkage.Mergeable(found.Matches); is && !slices.Contains(no, to) {
			return a.linkByRule(tx, *now, to, found)
		}
		return a.possible(tx, linkRule, *now, found)
	})
}

// compare weighs who may have left at a departure.
func (a *App) compare(tx *store.Tx, l store.Lead) (out matches, err error) {
	x, err := tx.Crossing(l.Crossing)
	if err != nil || x == nil {
		return out, err
	}
	p, err := tx.Passenger(x.Passenger)
	if err != nil || p == nil || !linked(p) {
		return out, err
	}
	who := linkage.PersonOf(p.Listed.Person, p.Listed.Documents)
	f, err := filesOf(tx, l.Traveler)
	if err != nil {
		return out, err
	}
	people, err := a.people(tx)
	if err != nil {
		return out, err
	}
	out.Matches, out.More, err = weigh(tx, who, x.Day, people, func(id travel.TravelerID) bool {
		return f.Of(id) == f.Of(l.Traveler) || f.parted(l.Traveler, id)
	})
	return out, err
}

// linkByRule merges files on a strong match, unless what it rests on changed
// since, a person parted them, or more would change than the one stay that the
// departure ends: then it is a lead.
func (a *App) linkByRule(tx *store.Tx, l store.Lead, to travel.TravelerID, found matches) error {
	r := store.FileRecord{ID: linkage.RecordID(newID()), Kind: store.Merged, Kept: to, Other: l.Traveler, Crossing: l.Crossing, Match: &found.Matches[0],
		Rule: linkRule, By: "rule " + linkRule, At: a.Now()}
	err := a.mergeFiles(tx, r)
	if errs.KindOf(err) == errs.Conflict { // nothing was written
		return a.possible(tx, linkRule, l, found)
	}
	return err
}

// endable returns the stay of a traveler that a departure on day ends: the
// latest that began by then and is open, or was closed only by the next
// admission, then or later; nil if there is none.
func endable(tx *store.Tx, id travel.TravelerID, day travel.Day) (found *store.Stay, err error) {
	stays, err := tx.StaysOf(id)
	for i, s := range stays {
		if !s.Day.After(day) && (s.Open() || s.ClosedBy == "" && !s.Closed.Before(day)) {
			found = &stays[i]
		}
	}
	return found, err
}
