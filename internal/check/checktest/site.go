package checktest

import (
	"bytes"
	"context"
	"fmt"
	"testing"
	"time"

	"limen/authz"
	"limen/decision"
	"limen/gallery"
	"limen/internal/app"
	"limen/internal/seal"
	"limen/internal/store"
	"limen/internal/store/postgres"
	"limen/internal/store/sqlite"
	"limen/manifest"
	"limen/travel"
)

// Site is an installation with a carrier, a gate and an officer. Its clock
// stands until somebody moves it.
type Site struct {
	*app.App // nil while it does not run
	TB       testing.TB
	Dir      string
	Address  string // of a PostgreSQL database; "" is SQLite in Dir
	Clock    time.Time
	Today    time.Time // of a History; to be set before

	Carrier, Gate, Officer app.Actor
	voyages, encounters    int
}

// New makes an installation and starts it.
func New(tb testing.TB, address string) *Site {
	tb.Helper()
	s := &Site{TB: tb, Dir: tb.TempDir(), Address: address, Clock: time.Date(2010, 3, 1, 15, 0, 0, 0, time.UTC), Today: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC),
		Carrier: app.Actor{Key: "k-carrier", Role: authz.Carrier, Carrier: "ZZ"},
		Gate:    app.Actor{Key: "k-gate", Role: authz.Point, Port: "BGR", Point: "GATE-1"},
		Officer: app.Actor{Key: "k-officer", Role: authz.Officer, Name: Officer}}
	s.Start()
	tb.Cleanup(s.Stop)
	return s
}

// Officer is who decides, Surname what every traveler's name begins with:
// canaries that must be nowhere in the clear.
const (
	Officer = "Ottilie Canaryofficer"
	Surname = "CANARYNAME"
	Reason  = "canaryreason: passport and person compared"
)

// Start starts the installation, which sweeps.
func (s *Site) Start() {
	s.TB.Helper()
	a, err := app.Open(context.Background(), app.Config{Dir: s.Dir, Store: s.Address, Ports: map[travel.Port]*time.Location{"BGR": time.UTC},
		Domestic: []travel.Port{"JFK"}, Engine: told{}, Calibration: calibration(), Now: func() time.Time { return s.Clock }})
	s.must(err)
	s.App = a
}

// Stop stops it.
func (s *Site) Stop() {
	s.TB.Helper()
	if s.App != nil {
		s.must(s.App.Close())
		s.App = nil
	}
}

// Write writes to the store of an installation that does not run.
func (s *Site) Write(fn func(*store.Tx) error) {
	s.TB.Helper()
	s.Open(func(st *store.Store, _ *seal.FileKeys) { s.must(st.Write(context.Background(), fn)) })
}

// Open opens store and keys of an installation that does not run.
func (s *Site) Open(do func(*store.Store, *seal.FileKeys)) {
	s.TB.Helper()
	ctx := context.Background()
	keys, err := seal.OpenKeys(ctx, seal.Config{Dir: s.Dir, Existing: true})
	s.must(err)
	vault := seal.Vault{Keys: keys, Indexer: keys}
	var st *store.Store
	if s.Address != "" {
		st, err = postgres.Open(ctx, s.Address, vault)
	} else {
		st, err = sqlite.Open(ctx, s.Dir, vault)
	}
	s.must(err)
	do(st, keys)
	s.must(st.Close())
	s.must(keys.Close())
}

func (s *Site) must(err error) {
	s.TB.Helper()
	if err != nil {
		s.TB.Fatal(err)
	}
}

// Passengers makes a voyage today between BGR and KEF with a reference for each
// passenger, and returns them. Passenger n has the face n; "XXX*" holds a
// residence card.
func (s *Site) Passengers(d travel.Direction, first int, nationalities ...string) (travel.VoyageID, []travel.PassengerID) {
	s.TB.Helper()
	var ps []manifest.Passenger
	for i, c := range nationalities {
		ps = append(ps, passenger(first+i, travel.Leg{From: "BGR", To: "KEF"}, c))
	}
	return s.board(d, first, ps...)
}

// board is Passengers for people who are made already.
func (s *Site) board(d travel.Direction, first int, ps ...manifest.Passenger) (travel.VoyageID, []travel.PassengerID) {
	s.TB.Helper()
	s.voyages++
	day := travel.DayOf(s.Clock)
	l := travel.Leg{Carrier: "ZZ", Number: fmt.Sprint(100 + s.voyages), From: "BGR", To: "KEF",
		Departure: travel.LocalTime{Day: day, Minute: 18 * 60}, Arrival: travel.LocalTime{Day: day, Minute: 22 * 60}}
	if d == travel.Entry {
		l.From, l.To = l.To, l.From
	}
	for i := range ps {
		ps[i].Embark, ps[i].Debark = l.From, l.To
	}
	m := manifest.Message{Sender: "ZZ", Reference: fmt.Sprint("M", s.voyages), Function: manifest.Original, Legs: []travel.Leg{l}, Passengers: ps}
	var b bytes.Buffer
	s.must(manifest.WritePAXLST(&b, m))
	r, err := s.TakeManifest(context.Background(), s.Carrier, &b)
	s.must(err)
	var ids []travel.PassengerID
	for i, p := range r.Messages[0].Passengers {
		ids = append(ids, p.ID)
		ready, err := s.AddReference(context.Background(), s.Carrier, p.ID, gallery.DocumentPortrait, fmt.Appendf(nil, "face %d 0", first+i))
		if err != nil || ready != gallery.Ready {
			s.TB.Fatalf("reference: %v %v", ready, err)
		}
	}
	return r.Messages[0].Voyage, ids
}

func passenger(n int, l travel.Leg, country string) manifest.Passenger {
	c := travel.Country(country[:3])
	p := manifest.Passenger{Embark: l.From, Debark: l.To,
		Person: travel.Person{Surname: fmt.Sprintf("%s%c%c", Surname, 'A'+n/26, 'A'+n%26), GivenNames: "CANARYGIVEN",
			BirthDate: travel.Day{Year: 1980, Month: 1, Date: 1}, Sex: travel.Female, Nationality: c},
		Documents: []travel.Document{{Type: travel.Passport, Number: fmt.Sprintf("P%07d", n), Issuer: c, Expiry: travel.Day{Year: 2040, Month: 1, Date: 1}}}}
	if len(country) > 3 {
		p.Documents = append(p.Documents, travel.Document{Type: travel.Resident, Number: fmt.Sprintf("R%07d", n), Issuer: "USA", Expiry: travel.Day{Year: 2040, Month: 1, Date: 1}})
	}
	return p
}

// Meet opens an encounter and takes captures of it.
func (s *Site) Meet(v travel.VoyageID, captures ...string) travel.EncounterID {
	s.TB.Helper()
	s.encounters++
	id := travel.EncounterID(fmt.Sprintf("encounter-%03d", s.encounters))
	s.must(s.OpenEncounter(context.Background(), s.Gate, id, v))
	for i, c := range captures {
		_, err := s.TakeCapture(context.Background(), s.Gate, id, travel.CaptureID(fmt.Sprintf("%s-capture-%d", id, i+1)), []byte(c))
		s.must(err)
	}
	return id
}

// Rule decides an encounter in the officer's name.
func (s *Site) Rule(e travel.EncounterID, r app.Ruling) {
	s.TB.Helper()
	r.Reason = Reason
	_, err := s.Decide(context.Background(), s.Officer, e, r)
	s.must(err)
}

// Decline opens an encounter in which the traveler declines after a capture.
func (s *Site) Decline(v travel.VoyageID, p travel.PassengerID, capture string) {
	s.TB.Helper()
	e := s.Meet(v, capture)
	s.must(s.OptOut(context.Background(), s.Gate, e))
	s.Rule(e, app.Ruling{Outcome: decision.Departed, Passenger: p})
}
