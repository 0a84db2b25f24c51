package demo

import (
	"bytes"
	"context"
	"image/jpeg"
	"io/fs"
	"net"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
	"limen/biometric"
	"limen/internal/app"
	"limen/internal/face"
	"limen/internal/notary"
	"limen/internal/seal"
	"limen/internal/sim"
	"limen/internal/store"
	"limen/internal/store/sqlite"
	"limen/match"
	"limen/report"
	"limen/travel"
)

// quiet is a view that nobody looks at.
type quiet struct{}

func (quiet) Stage(*sim.Voyage, string, int) {}
func (quiet) Step(*sim.Voyage, string)       {}

func openEngine(t *testing.T) (*face.Engine, *match.Calibration) {
	t.Helper()
	e, err := face.Open(face.Config{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { e.Close() })
	raw, err := face.Calibration("phantoms")
	if err != nil {
		t.Fatal(err)
	}
	c, err := match.ParseCalibration(raw)
	if err != nil {
		t.Fatal(err)
	}
	return e, c
}

// TestDay lives through the demo's day and holds it to what the demo promises:
// the whole cast, or with the race detector, which makes the drawing of frames
// ten times slower, a small one.
func TestDay(t *testing.T) {
	faces := sim.Phantoms()
	if raceEnabled || testing.Short() {
		faces.People = faces.People[:30]
	}
	engine, cal := openEngine(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(t.TempDir(), "data")
	day, err := Run(t.Context(), Config{Faces: faces, Seed: 1, Engine: engine, Calibration: cal, Dir: dir, Listener: ln, Version: "test", View: quiet{}})
	if err != nil {
		t.Fatal(err)
	}
	leads, _, err := day.App.Leads(t.Context(), app.Actor{Role: "officer", Key: "test"}, "test of the day", app.LeadQuery{})
	if err != nil {
		t.Error(err)
	}
	verifyLog(t, day, dir)
	countDay(t, day, dir)
	if err := day.Close(); err != nil {
		t.Error(err)
	}
	s := day.Summary
	t.Logf("%+v", s)
	if full := len(faces.People) > 200; full && (s.Passengers < 150 || s.Voyages < 3 || s.OptOuts != 5 || len(leads) == 0) {
		t.Errorf("a thin day: %d passengers on %d voyages, %d opt-outs, %d leads", s.Passengers, s.Voyages, s.OptOuts, len(leads))
	}
	if s.CaptureRate < 0.97 {
		t.Errorf("capture rate %.3f", s.CaptureRate)
	}
	if s.FalseMatches != 0 {
		t.Errorf("%d false matches", s.FalseMatches)
	}
	if s.Confirmed < s.ShowedUp*8/10 {
		t.Errorf("only %d of %d confirmed", s.Confirmed, s.ShowedUp)
	}
	nothingOfCitizens(t, day.Plan, engine, dir)
}

// countDay holds the overstay report of the day's record to the board: every
// exit is in it once, a citizen's among those not counted.
func countDay(t *testing.T, d *Day, dir string) {
	t.Helper()
	board, err := d.App.Board(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	exits, on := 0, travel.Day{}
	for _, v := range board {
		if v.Direction == travel.Exit {
			exits += v.Crossed
		}
		on = v.Departure.Day
	}
	office, err := app.OpenAdmin(t.Context(), dir, "")
	if err != nil {
		t.Fatal(err)
	}
	defer office.Close()
	period, err := report.FiscalYear(2027)
	if err != nil {
		t.Fatal(err)
	}
	tally, err := office.Overstays(t.Context(), "test of the day", report.Options{Period: period, On: on.AddDays(1), Home: "USA"})
	if err != nil {
		t.Fatal(err)
	}
	departures := int64(0)
	for _, l := range tally.Full().Departures[:1] {
		departures = l.All.N
	}
	if got := departures + tally.NotCounted.Citizens; got != int64(exits) || departures == 0 || tally.NotCounted.Citizens == 0 {
		t.Errorf("%d departures and %d of citizens in the report, %d exits on the board", departures, tally.NotCounted.Citizens, exits)
	}
}

// nothingOfCitizens searches the data folder of a day that is over for
// anything of a citizen: plain bytes anywhere, and sealed items that can still
// be opened.
func nothingOfCitizens(t *testing.T, plan *sim.Plan, engine *face.Engine, dir string) {
	t.Helper()
	var needles [][]byte
	var citizens []biometric.Template
	add := func(img []byte) {
		needles = append(needles, img[len(img)/2:len(img)/2+48])
		s, err := engine.Extract(t.Context(), img)
		if err != nil {
			return // a spoilt image has no template to look for
		}
		b, err := s.Template.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		var crop bytes.Buffer // what would be stored of the image
		if err := jpeg.Encode(&crop, s.Subject, &jpeg.Options{Quality: 88}); err != nil {
			t.Fatal(err)
		}
		needles = append(needles, crop.Bytes()[crop.Len()/2:crop.Len()/2+48], b[4:52], b[len(b)-48:])
		citizens = append(citizens, s.Template)
	}
	studio := sim.NewStudio()
	for _, v := range plan.Voyages {
		for _, p := range v.Passengers {
			if img, err := p.PortraitOnFile(); p.Citizen() && img != nil && err == nil {
				add(img)
			}
		}
		for _, visit := range v.Visits {
			if visit.Passenger == nil || !visit.Passenger.Citizen() || len(visit.Frames) == 0 {
				continue
			}
			frame, err := studio.Frame(v, visit, 0)
			if err != nil {
				t.Fatal(err)
			}
			add(frame)
		}
	}
	if len(citizens) == 0 {
		t.Fatal("no citizen was looked for")
	}
	searchFiles(t, dir, needles)
	searchSealed(t, dir, citizens)
	t.Logf("looked for %d byte strings and %d templates of citizens", len(needles), len(citizens))
}

// searchFiles fails for every needle found in the raw bytes of a file, and
// checks that it finds one that was planted.
func searchFiles(t *testing.T, dir string, needles [][]byte) {
	t.Helper()
	planted := filepath.Join(dir, "planted")
	if err := os.WriteFile(planted, append([]byte("xx"), needles[len(needles)-1]...), 0o600); err != nil {
		t.Fatal(err)
	}
	files, found := 0, false
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		files++
		for _, n := range needles {
			if !bytes.Contains(b, n) {
				continue
			}
			if path == planted {
				found = true
				continue
			}
			t.Errorf("%s holds an image or a template of a citizen", filepath.Base(path))
		}
		return err
	})
	if err != nil || files < 4 || !found {
		t.Fatalf("the search itself failed: %d files, planted found: %v, %v", files, found, err)
	}
	os.Remove(planted)
}

// searchSealed opens everything that can still be opened, and compares it.
func searchSealed(t *testing.T, dir string, citizens []biometric.Template) {
	t.Helper()
	ctx := context.Background()
	keys, err := seal.OpenKeys(ctx, seal.Config{Dir: dir, Existing: true})
	if err != nil {
		t.Fatal(err)
	}
	defer keys.Close()
	st, err := sqlite.Open(ctx, dir, seal.Vault{Keys: keys, Indexer: keys})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var items []store.Item
	var people []string
	err = st.Read(ctx, func(tx *store.Tx) (err error) {
		if items, err = tx.AllItems(); err != nil {
			return err
		}
		for _, s := range items {
			p, err := tx.Passenger(travel.PassengerID(s.Subject))
			if err != nil {
				return err
			}
			if p != nil && p.Citizen() {
				people = append(people, s.Subject)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(people) > 0 {
		t.Errorf("%d sealed references of citizens are left", len(people))
	}
	opened := 0
	for _, s := range items {
		plain, err := st.Unseal(ctx, s)
		if err != nil {
			t.Errorf("a sealed item does not open: %v", err)
			continue
		}
		tmpl, err := biometric.UnmarshalTemplate(s.Model, plain.Template)
		if err != nil {
			t.Fatal(err)
		}
		opened++
		for _, c := range citizens {
			if score, err := match.Verify(tmpl, c); err != nil || score > 0.7 {
				t.Errorf("a sealed item of class %s is a citizen's: score %.3f %v", s.Class, score, err)
			}
		}
	}
	if opened == 0 {
		t.Error("nothing sealed was looked at: aliens' items should be there")
	}
}

// verifyLog writes the day's audit log out and verifies it as an auditor would:
// with the public key and nothing else.
func verifyLog(t *testing.T, d *Day, dir string) {
	t.Helper()
	st, err := sqlite.OpenBeside(t.Context(), dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	verifier, err := note.NewVerifier(d.App.VerifierKey())
	if err != nil {
		t.Fatal(err)
	}
	var log bytes.Buffer
	if err := notary.Export(t.Context(), st, verifier.Name(), &log, nil); err != nil {
		t.Fatal(err)
	}
	verified, err := audit.VerifyLog(&log, note.VerifierList(verifier))
	if err != nil || verified.Size < 100 || verified.Checkpoints < 2 {
		t.Errorf("the log of the day: %+v, %v", verified, err)
	}
}
