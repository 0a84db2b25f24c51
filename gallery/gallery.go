package gallery

import (
	"slices"
	"sync"
	"time"

	"limen/biometric"
	"limen/biometric/matrix"
	"limen/errs"
	"limen/travel"
)

// MaxReferences is how many references one passenger may have in a gallery.
const MaxReferences = 8

// Gallery is the references of one voyage. It is safe for concurrent use:
// searches run beside each other and wait only while a reference is added or
// removed.
type Gallery struct {
	voyage  travel.VoyageID
	model   biometric.ModelID
	expires time.Time

	mu     sync.RWMutex
	matrix *matrix.Matrix
	owner  []travel.PassengerID // by row of matrix; "" where free
	rows   map[travel.PassengerID][]int
}

// New returns an empty gallery for templates of one model with that many
// features. It is to be dropped at expires. It returns an Invalid error for no
// voyage (code "gallery-voyage"): encounters of none could search it.
func New(voyage travel.VoyageID, model biometric.ModelID, features int, expires time.Time) (*Gallery, error) {
	if voyage == "" {
		return nil, errs.New(errs.Invalid, "gallery-voyage", "a gallery belongs to a voyage")
	}
	m, err := matrix.New(model, features)
	if err != nil {
		return nil, err
	}
	return &Gallery{voyage: voyage, model: model, expires: expires, matrix: m, rows: map[travel.PassengerID][]int{}}, nil
}

// Voyage returns the voyage the gallery belongs to.
func (g *Gallery) Voyage() travel.VoyageID { return g.voyage }

// Model returns the model of its templates.
func (g *Gallery) Model() biometric.ModelID { return g.model }

// Expired reports whether the gallery must not be searched any more at now.
func (g *Gallery) Expired(now time.Time) bool { return !now.Before(g.expires) }

// Passengers returns how many passengers have at least one reference.
func (g *Gallery) Passengers() int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return len(g.rows)
}

// References returns how many references the gallery holds: the size that a
// threshold depends on.
func (g *Gallery) References() int {
	g.mu.RLock()
	defer g.mu.RUnlock()
	return g.matrix.Len()
}

// Add puts a passenger's template into the gallery. It returns an Invalid
// error for a template of another model (code "template-model") or past
// MaxReferences (code "gallery-references").
func (g *Gallery) Add(p travel.PassengerID, t biometric.Template) error {
	if p == "" {
		return errs.New(errs.Invalid, "gallery-passenger", "a reference needs its passenger")
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if len(g.rows[p]) >= MaxReferences {
		return errs.New(errs.Invalid, "gallery-references", "a passenger has at most %d references in a gallery", MaxReferences)
	}
	row, err := g.matrix.Add(t)
	if err != nil {
		return err
	}
	for len(g.owner) <= row {
		g.owner = append(g.owner, "")
	}
	g.owner[row] = p
	g.rows[p] = append(g.rows[p], row)
	return nil
}

// Remove takes a passenger's references out, overwrites them, and returns how
// many there were.
func (g *Gallery) Remove(p travel.PassengerID) int {
	g.mu.Lock()
	defer g.mu.Unlock()
	rows := g.rows[p]
	for _, row := range rows {
		g.drop(row)
	}
	delete(g.rows, p)
	return len(rows)
}

// Clear removes every passenger.
func (g *Gallery) Clear() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for row, p := range g.owner {
		if p != "" {
			g.drop(row)
		}
	}
	clear(g.rows)
}

// drop frees a row that is in use. That the matrix does not know it would mean
// that owner and matrix disagree about who is where: never go on from there.
func (g *Gallery) drop(row int) {
	if err := g.matrix.Remove(row); err != nil {
		panic("gallery: " + err.Error())
	}
	g.owner[row] = ""
}

// Candidate is a passenger whose best reference scored Score against a probe.
type Candidate struct {
	Passenger travel.PassengerID
	Score     float32
}

// Search returns the k best passengers for a probe from an encounter of this
// gallery's voyage, best first, each with the score of the best of their
// references; exact, no index. Where a passenger has several references, k is
// at most matrix.MaxHits / MaxReferences. It returns a Forbidden error (code
// "gallery-encounter") for an encounter of another voyage or of none.
func (g *Gallery) Search(e travel.Encounter, probe biometric.Template, k int) ([]Candidate, error) {
	if e.ID == "" || e.Voyage != g.voyage {
		return nil, errs.New(errs.Forbidden, "gallery-encounter", "a probe is searched only in the gallery of its own encounter")
	}
	g.mu.RLock()
	defer g.mu.RUnlock()
	want := k
	if g.matrix.Len() > len(g.rows) {
		want = k * MaxReferences // the k best passengers may hold that many rows
	}
	hits, err := g.matrix.Top(probe, want, nil)
	if err != nil {
		return nil, err
	}
	cs := make([]Candidate, 0, k)
	for _, h := range hits {
		p := g.owner[h.Row]
		if slices.ContainsFunc(cs, func(c Candidate) bool { return c.Passenger == p }) {
			continue
		}
		if cs = append(cs, Candidate{p, h.Score}); len(cs) == k {
			break
		}
	}
	return cs, nil
}
