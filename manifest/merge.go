package manifest

import (
	"slices"

	"limen/travel"
)

// Manifest is what the messages of one voyage say together. The zero value is
// one that no message has reached. It is a plain value: Merge makes a new one.
type Manifest struct {
	Legs       []travel.Leg `json:"legs"`
	Passengers []Passenger  `json:"passengers"`
	Crew       []Passenger  `json:"crew"`
	// Merged names the messages that are in it, in their order.
	Merged []MessageID `json:"merged"`
	// Closed is set once a close-out has come, Canceled once the voyage has
	// been called off.
	Closed   bool `json:"closed"`
	Canceled bool `json:"canceled"`
}

// MessageID names one message of one sender.
type MessageID struct {
	Sender      string `json:"sender"`
	Interchange string `json:"interchange"`
	Reference   string `json:"reference"`
}

// ID returns the message's name.
func (m Message) ID() MessageID { return MessageID{m.Sender, m.Interchange, m.Reference} }

// Change is what a message changed in a manifest. A changed passenger is given
// as he or she is now, a removed one as he or she was.
type Change struct {
	// Repeated is set for a message that had been merged before, which changes
	// nothing.
	Repeated bool        `json:"repeated"`
	Added    []Passenger `json:"added"`
	Changed  []Passenger `json:"changed"`
	Removed  []Passenger `json:"removed"`
}

// Merge returns the manifest with the message in it, and what that changed.
// The caller sees to it that the message is for this voyage; current is left
// as it is. A passenger keeps the ID that the manifest has for him or her.
//
// An original list, an update and a close-out add the passengers they name, or
// replace them; that one is not named takes nothing away, for carriers send
// lists in parts. A reduction, and a close-out of those not on board, remove
// the passengers they name. A cancellation removes all. A message without a
// reference cannot be told from its repetition and is merged each time.
//
// Passengers are the same if they share a document (issuer, type and number).
// Failing that they are the same if names and birth date agree and one of them
// has no document; in an update or a reduction also if documents differ, where
// only one passenger has that name and birth date.
func Merge(current Manifest, m Message) (Manifest, Change) {
	c := Change{Added: []Passenger{}, Changed: []Passenger{}, Removed: []Passenger{}}
	if m.Reference != "" && slices.Contains(current.Merged, m.ID()) {
		c.Repeated = true
		return current, c
	}
	next := current
	next.Merged = append(slices.Clone(current.Merged), m.ID())
	if len(m.Legs) > 0 && (len(current.Legs) == 0 || m.Function == Update) {
		next.Legs = slices.Clone(m.Legs)
	}
	next.Closed = current.Closed || m.Function == CloseOut
	if m.Function == Cancel {
		c.Removed = append(append(c.Removed, current.Passengers...), current.Crew...)
		next.Passengers, next.Crew, next.Canceled = []Passenger{}, []Passenger{}, true
		return next, c
	}
	list := &next.Passengers
	if m.Crew {
		list = &next.Crew
	}
	*list = mergeList(*list, m, &c)
	return next, c
}

func mergeList(list []Passenger, m Message, c *Change) []Passenger {
	list = append([]Passenger{}, list...)
	x := newIndex(list)
	loose := m.Function == Update || m.Function == Reduction
	remove := m.Function == Reduction || m.Function == CloseOut && m.NotBoarded
	before := len(list)
	gone, changed := make(map[int]bool), make(map[int]bool)
	for _, p := range m.Passengers {
		i, found := x.find(list, p, loose)
		switch {
		case remove && found && !gone[i]:
			gone[i] = true
			c.Removed = append(c.Removed, list[i])
		case remove:
		case !found:
			x.add(len(list), p)
			list = append(list, p)
		case !samePassenger(list[i], p):
			p.ID = list[i].ID
			x.add(i, p)
			list[i], changed[i] = p, true
		}
	}
	// A passenger named twice in one message is added or changed once.
	c.Added = append(c.Added, list[before:]...)
	kept := list[:0]
	for i, p := range list {
		if changed[i] && i < before {
			c.Changed = append(c.Changed, p)
		}
		if !gone[i] {
			kept = append(kept, p)
		}
	}
	return kept
}

func samePassenger(a, b Passenger) bool {
	docs := slices.Equal(a.Documents, b.Documents)
	return docs && a.Person == b.Person && a.Embark == b.Embark && a.Debark == b.Debark &&
		a.Reference == b.Reference && a.Locator == b.Locator && a.Transit == b.Transit
}

type documentKey struct {
	issuer travel.Country
	kind   travel.DocumentType
	number string
}

type nameKey struct {
	surname, given string
	birth          travel.Day
}

// maxHomonyms bounds how many people of one name and birth date are looked at:
// past it the name tells nobody apart, and a list of nothing else would cost
// its square in time.
const maxHomonyms = 50

// index finds passengers of a list without comparing each with each.
type index struct {
	documents map[documentKey]int
	names     map[nameKey][]int
}

func newIndex(list []Passenger) index {
	x := index{make(map[documentKey]int, len(list)), make(map[nameKey][]int, len(list))}
	for i, p := range list {
		x.add(i, p)
	}
	return x
}

func keysOf(d travel.Document) documentKey { return documentKey{d.Issuer, d.Type, d.Number} }

func nameOf(p Passenger) nameKey { return nameKey{p.Surname, p.GivenNames, p.BirthDate} }

func (x index) add(i int, p Passenger) {
	for _, d := range p.Documents {
		if d.Number != "" {
			x.documents[keysOf(d)] = i
		}
	}
	if n := nameOf(p); len(x.names[n]) < maxHomonyms && !slices.Contains(x.names[n], i) {
		x.names[n] = append(x.names[n], i)
	}
}

// find returns the place of the passenger in the list.
func (x index) find(list []Passenger, p Passenger, loose bool) (int, bool) {
	for _, d := range p.Documents {
		if i, ok := x.documents[keysOf(d)]; ok && d.Number != "" {
			return i, true
		}
	}
	var same []int
	for _, i := range x.names[nameOf(p)] {
		if nameOf(list[i]) == nameOf(p) {
			same = append(same, i)
		}
	}
	for _, i := range same {
		if !documented(p) || !documented(list[i]) {
			return i, true
		}
	}
	if loose && len(same) == 1 {
		return same[0], true
	}
	return 0, false
}

func documented(p Passenger) bool {
	return slices.ContainsFunc(p.Documents, func(d travel.Document) bool { return d.Number != "" })
}
