package linkagesim

import (
	"iter"
	"math/rand/v2"

	"limen/linkage"
)

// Departure is somebody who leaves, and the truth about it.
type Departure struct {
	Person linkage.Person
	// Arrival is the position of the person among the arrivals, -1 for one who is
	// not among them.
	Arrival int
	// Kinds are what was done to it beside the new passport.
	Kinds []Kind
}

// World is a file of arrivals, and who departs. It is the same for the same
// seed and number.
type World struct {
	Arrivals []linkage.Person

	people []traveler
	at     []int32 // position among the arrivals, -1 for none
	seed   uint64
}

// unseen is the share of travelers whose arrival is not on file: it came before
// the file began, or was never recorded.
const unseen = .1

// New makes so many arrivals, and who departs.
func New(arrivals int, seed uint64) *World {
	w := &World{Arrivals: make([]linkage.Person, 0, arrivals), seed: seed}
	r := rand.New(rand.NewPCG(seed, 1))
	for p := newPopulation(r); len(w.Arrivals) < arrivals; {
		for _, t := range p.family() {
			at := int32(-1)
			if r.Float64() >= unseen && len(w.Arrivals) < arrivals {
				at = int32(len(w.Arrivals))
				read := asRead(t)
				read.Documents = passport(r, t.Nationality)
				w.Arrivals = append(w.Arrivals, read)
			}
			w.people, w.at = append(w.people, t), append(w.at, at)
		}
	}
	return w
}

// Count is the number of departures.
func (w *World) Count() int { return len(w.people) }

// Departures gives all departures, in the order of the people. Each is drawn by
// itself from seed and position.
func (w *World) Departures() iter.Seq[Departure] {
	return func(yield func(Departure) bool) {
		source := rand.NewPCG(0, 0)
		r := rand.New(source)
		for i, t := range w.people {
			source.Seed(w.seed, uint64(i)+2)
			p, kinds := depart(r, t)
			if !yield(Departure{Person: p, Arrival: int(w.at[i]), Kinds: kinds}) {
				return
			}
		}
	}
}
