package checktest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/google/uuid"
	"golang.org/x/mod/sumdb/note"

	"limen/audit"
	"limen/authz"
	"limen/crossing"
	"limen/decision"
	"limen/internal/app"
	"limen/internal/notary"
	"limen/internal/store"
	"limen/retention"
	"limen/stay"
	"limen/travel"
)

// History makes a record of sixteen years and stops the installation. What a
// resident did in 2010 is erased by s.Today; in the days before it people enter
// and leave.
func History(s *Site) { HistoryWith(s, func() {}) }

// HistoryWith calls between while the installation does not run: in 2010, when
// nothing was erased yet.
func HistoryWith(s *Site, between func()) {
	s.TB.Helper()
	_, err := s.IssueKey(context.Background(), app.NewKey{Role: authz.Officer, Label: "K. Keyholder"})
	s.must(err)
	v, _ := s.Passengers(travel.Exit, 40, "MEX*", "GBR")
	s.Meet(v, "face 40 5")
	s.Meet(v, "face 41 5")
	s.Stop()
	between()
	s.Start()
	s.Clock = s.Today.Add(-72 * time.Hour)
	s.must(s.Sweep(context.Background()))
	entries(s)
	otherDocument(s)
	s.Clock = s.Today
	s.must(s.Sweep(context.Background()))
	exits(s)
	s.hold("encounter-007")
	s.must(s.Sweep(context.Background()))
	s.Stop()
	s.correct()
	s.Clock = s.Clock.Add(5 * time.Minute)
	s.Checkpoints()
}

// entries: an admission, a refusal, a referral, and a citizen who comes home.
func entries(s *Site) {
	s.TB.Helper()
	v, ps := s.Passengers(travel.Entry, 0, "GBR", "DEU", "USA", "FRA")
	today := travel.DayOf(s.Clock)
	s.Rule(s.Meet(v, "face 0 1"), app.Ruling{Outcome: decision.Admitted, Passenger: ps[0],
		Admission: &stay.Admission{Class: "B-2", AdmitUntil: today.AddDays(90)}})
	s.Rule(s.Meet(v, "nobody", "face 1 1"), app.Ruling{Outcome: decision.Admitted, Passenger: ps[1],
		Admission: &stay.Admission{Class: "F-1", DurationOfStatus: true}})
	s.Rule(s.Meet(v, "face 2 1"), app.Ruling{Outcome: decision.Entered, Passenger: ps[2]})
	s.Rule(s.Meet(v, "face 3 1"), app.Ruling{Outcome: decision.Refused, Passenger: ps[3]})
}

// otherDocument: admitted with one passport, the stay extended and the extension
// corrected, out with another passport: the files become one.
func otherDocument(s *Site) {
	s.TB.Helper()
	ctx, today := context.Background(), travel.DayOf(s.Clock)
	p := passenger(60, travel.Leg{From: "BGR", To: "KEF"}, "ESP")
	p.Surname, p.GivenNames, p.BirthDate = Surname+"QUINTERO", "CANARYGIVEN MARISOL", travel.Day{Year: 1971, Month: 5, Date: 9}
	_, err := s.RecordAdmission(ctx, s.Officer, "earlier admissions", p.Person, p.Documents[0], app.Told{Port: "BGR",
		Admission: stay.Admission{ID: "told-admission-1", Day: today.AddDays(-80), Class: "B-2", AdmitUntil: today.AddDays(-20)}}, Reason)
	s.must(err)
	extend := func(id, corrects string, until int) {
		c := store.StayChange{Corrects: corrects, Change: stay.Change{ID: id, Admission: "told-admission-1", Kind: stay.Extension, Outcome: stay.Granted,
			Filed: today.AddDays(-30), Day: today.AddDays(-19), AdmitUntil: today.AddDays(until)}}
		s.must(s.ChangeStay(ctx, s.Officer, "extension granted", c, Reason))
	}
	extend("extension-1", "", -1)
	extend("extension-2", "extension-1", 20)
	p.Documents[0].Number = "P9999999"
	v, ids := s.board(travel.Exit, 60, p)
	s.must(s.OpenEncounter(ctx, s.Gate, "encounter-other", v))
	a, err := s.TakeCapture(ctx, s.Gate, "encounter-other", "capture-other", []byte("face 60 1"))
	if err != nil || a.Passenger != ids[0] {
		s.TB.Fatalf("not confirmed: %+v %v", a, err)
	}
	s.must(s.Link(ctx))
}

// exits: by rule and by an officer, found and not found, a citizen, a resident,
// one who declines; and two who wait.
func exits(s *Site) {
	s.TB.Helper()
	v, ps := s.Passengers(travel.Exit, 0, "GBR", "DEU", "USA", "FRA", "JPN", "MEX*", "ITA")
	s.Meet(v, "dark 0 2", "face 0 3")                                                                                  // closes the stay
	s.Rule(s.Meet(v, "face 70 1", "fake 70 2", "face 70 3"), app.Ruling{Outcome: decision.Departed, Passenger: ps[1]}) // closes D/S
	s.Meet(v, "face 2 2")                                                                                              // a citizen
	s.Meet(v, "face 3 2")                                                                                              // no admission: a lead
	s.Decline(v, ps[4], "nobody")
	s.Meet(v, "nobody", "dark 5 1", "face 5 1") // a resident
	s.Meet(v, "face 71 1")                      // not found; may try again
	s.Meet(v, "face 0 4")                       // has crossed; waits for an officer
	s.void("encounter-010")                     // did not cross after all
	s.Meet(v, "face 3 5")                       // and does now
	leads, _, err := s.Leads(context.Background(), s.Officer, "review", app.LeadQuery{Kind: stay.Voided})
	s.must(err)
	for _, l := range leads {
		s.must(s.ClearLead(context.Background(), s.Officer, "review", l.ID, store.ByOfficer, Reason))
	}
}

// void says in the officer's name that the crossing of an encounter did not
// happen.
func (s *Site) void(e travel.EncounterID) {
	s.TB.Helper()
	db, err := app.OpenBeside(context.Background(), s.Dir, s.Address, nil)
	s.must(err)
	var id travel.CrossingID
	err = db.Read(context.Background(), func(tx *store.Tx) error {
		return tx.Rows(func(scan func(...any) error) error { return scan(&id) },
			`SELECT x.id FROM crossings x JOIN encounters e ON e.decision = x.decision WHERE e.id = $1`, e)
	})
	s.must(errors.Join(err, db.Close()))
	_, err = s.Void(context.Background(), s.Officer, id, Reason)
	s.must(err)
}

// correct appends a correction of the newest crossing that an officer decided.
func (s *Site) correct() {
	s.TB.Helper()
	s.Write(func(tx *store.Tx) error {
		var was crossing.Crossing
		err := tx.Rows(func(scan func(...any) error) (err error) { was, err = store.ScanCrossing(scan); return err },
			`SELECT `+store.CrossingColumns+` FROM crossings x WHERE x.confirmation = 'manual' AND x.direction = 'exit' AND x.corrects = '' ORDER BY x.id`)
		if err != nil {
			return err
		}
		fix := was
		fix.ID, fix.Corrects, fix.At = travel.CrossingID(uuid.Must(uuid.NewV7()).String()), was.ID, s.Clock
		_, _, err = crossing.Record(correction{tx}, fix, "k-officer")
		return err
	})
}

// correction is a transaction in which no stay changes.
type correction struct{ *store.Tx }

func (correction) ChangeStay(crossing.Crossing) error { return nil }

func (c correction) Announce(topic, key string) error { return c.Tx.Announce(topic, key, time.Now()) }

// hold keeps whatever belongs to an encounter for a year.
func (s *Site) hold(e string) {
	s.TB.Helper()
	_, err := s.PlaceHold(context.Background(), s.Officer, retention.Hold{ID: "hold-1", Subject: retention.Subject{Kind: retention.OfEncounter, ID: e},
		Owner: "records office", Reason: "inquiry", Until: s.Clock.AddDate(1, 0, 0)})
	s.must(err)
}

// Verifiers verify what the log's key signed.
func (s *Site) Verifiers() note.Verifiers {
	s.TB.Helper()
	key, err := notary.ReadKey(filepath.Join(s.Dir, notary.KeyFile))
	s.must(err)
	return key.Verifiers()
}

func (s *Site) signer() note.Signer {
	s.TB.Helper()
	line, err := os.ReadFile(filepath.Join(s.Dir, notary.KeyFile))
	s.must(err)
	signer, err := note.NewSigner(strings.TrimSpace(string(line)))
	s.must(err)
	return signer
}

// Checkpoints signs the log at some of its sizes and at its end, and returns
// them.
func (s *Site) Checkpoints() (all []audit.Checkpoint) {
	s.TB.Helper()
	signer := s.signer()
	s.Write(func(tx *store.Tx) error {
		leaves, err := tx.Leaves(0, 1<<20)
		if err != nil {
			return err
		}
		tree := &audit.Tree{}
		for i, l := range leaves {
			tree.Append(l.Leaf)
			if i%7 != 6 && i != len(leaves)-1 {
				continue
			}
			c := audit.Checkpoint{Origin: signer.Name(), Size: tree.Size(), Root: tree.Root(), At: s.Clock}
			all = append(all, c)
			signed, err := c.Sign(signer)
			if err != nil {
				return err
			}
			if err := tx.PutCheckpoint(store.Checkpoint{Size: c.Size, At: c.At, Note: signed}); err != nil {
				return err
			}
		}
		return nil
	})
	return all
}
