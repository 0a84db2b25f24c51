package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"image"
	"log/slog"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"limen/authz"
	"limen/biometric"
	"limen/errs"
	"limen/gallery"
	"limen/internal/store/pgtest"
	"limen/manifest"
	"limen/match"
	"limen/travel"
)

var testModel = biometric.ModelID{Name: "test", SHA256: sha256.Sum256([]byte("test"))}

// scripted is an engine whose images are sentences: "face N" is person N,
// "nobody" has no face, "dark N" is too dark, "fake N" a presentation attack.
// The same person's templates differ a little from image to image.
type scripted struct{ delay time.Duration }

func (s scripted) Model() biometric.ModelID { return testModel }
func (s scripted) Features() int            { return 64 }
func (s scripted) Close() error             { return nil }

func (s scripted) Extract(_ context.Context, img []byte) (biometric.Sample, error) {
	time.Sleep(s.delay)
	var kind string
	var n, variant uint64
	if _, err := fmt.Sscanf(string(img), "%s %d %d", &kind, &n, &variant); err != nil && kind == "" {
		return biometric.Sample{}, errs.New(errs.Invalid, "image-format", "neither JPEG nor PNG")
	}
	out := biometric.Sample{Width: 1920, Height: 1080}
	switch kind {
	case "face", "dark", "fake":
	case "nobody":
		return out, errs.New(errs.Invalid, "no-face", "no face")
	default:
		return out, errs.New(errs.Invalid, "image-format", "neither JPEG nor PNG")
	}
	out.Faces, out.Face = 1, biometric.Box{X: 800, Y: 300, W: 200, H: 260}
	out.Quality = biometric.Quality{FaceHeight: 260, EyeDistance: 90, Exposure: 120, Contrast: 40, Sharpness: 300, Detector: 1, Norm: 20}
	if kind == "dark" {
		out.Quality.Exposure = 10
	}
	if kind == "fake" {
		out.AttackScore = 1
	}
	who, noise := rand.New(rand.NewPCG(n, 1)), rand.New(rand.NewPCG(n, 2+variant))
	raw := make([]float32, s.Features())
	for i := range raw {
		raw[i] = float32(who.NormFloat64() + 0.2*noise.NormFloat64())
	}
	out.Subject = image.NewRGBA(image.Rect(0, 0, 8, 8))
	var err error
	out.Template, err = biometric.NewTemplate(testModel, raw)
	return out, err
}

const testCalibration = `{"model":"test","sha256":"%x","measured_on":"made-up people","pairs":1000000,
	"fmr":[{"score":0.5,"fmr":1e-2},{"score":0.7,"fmr":1e-5}],"floor":{"verify":0.5,"identify":0.6}}`

// site is an installation under test with a carrier, a gate and an officer.
type site struct {
	*App
	t                      *testing.T
	dir, url               string // data folder; database if it is not SQLite
	clock                  time.Time
	tick                   func()       // called whenever the clock is read
	log                    *slog.Logger // nil is none
	carrier, gate, officer Actor
}

func newSite(t *testing.T) *site {
	t.Helper()
	if onPostgres() {
		return newSiteOn(t, pgtest.Start(t))
	}
	return newSiteOn(t, nil)
}

// newSiteOn is newSite on a server, or on SQLite if that is nil.
func newSiteOn(t *testing.T, server *pgtest.Server) *site {
	t.Helper()
	s := &site{t: t, dir: filepath.Join(t.TempDir(), "data"), clock: time.Date(2026, 11, 23, 15, 0, 0, 0, time.UTC)}
	s.carrier = Actor{Key: "k-carrier", Role: authz.Carrier, Carrier: "ZZ"}
	s.gate = Actor{Key: "k-gate", Role: authz.Point, Port: "BGR", Point: "GATE-1"}
	s.officer = Actor{Key: "k-officer", Role: authz.Officer, Name: "A. Officer"}
	if server != nil {
		s.url = server.Database(t)
	}
	s.start()
	t.Cleanup(func() { s.App.Close() })
	return s
}

// onPostgres says that these tests run on PostgreSQL this time: make test runs
// them twice.
func onPostgres() bool { return os.Getenv("LIMEN_TEST_STORE") == "postgres" }

func (s *site) start() {
	s.t.Helper()
	cal, err := match.ParseCalibration(fmt.Appendf(nil, testCalibration, testModel.SHA256))
	if err != nil {
		s.t.Fatal(err)
	}
	s.App, err = Open(s.t.Context(), Config{Dir: s.dir, Store: s.url, Ports: map[travel.Port]*time.Location{"BGR": time.UTC}, Domestic: []travel.Port{"JFK"}, Engine: scripted{}, Calibration: cal,
		Now: s.now, Log: s.log})
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) now() time.Time {
	if s.tick != nil {
		s.tick()
	}
	return s.clock
}

func (s *site) restart() {
	s.t.Helper()
	if err := s.App.Close(); err != nil {
		s.t.Fatal(err)
	}
	s.start()
}

func leg(from, to travel.Port) travel.Leg {
	day := travel.Day{Year: 2026, Month: 11, Date: 23}
	return travel.Leg{Carrier: "ZZ", Number: "101", From: from, To: to, Departure: travel.LocalTime{Day: day, Minute: 18 * 60},
		Arrival: travel.LocalTime{Day: day, Minute: 22 * 60}}
}

func person(n int, nationality travel.Country) manifest.Passenger {
	return manifest.Passenger{
		Person: travel.Person{Surname: fmt.Sprintf("SURNAME%c", 'A'+n), GivenNames: "GIVEN", BirthDate: travel.Day{Year: 1980, Month: 1, Date: 1}, Sex: travel.Female, Nationality: nationality},
		Embark: "BGR", Debark: "KEF",
		Documents: []travel.Document{{Type: travel.Passport, Number: fmt.Sprintf("P%07d", n), Issuer: nationality, Expiry: travel.Day{Year: 2030, Month: 1, Date: 1}}},
	}
}

// send sends a manifest of these passengers and returns its receipt.
func (s *site) send(m manifest.Message) MessageReceipt {
	s.t.Helper()
	if m.Sender == "" {
		m.Sender = "ZZ"
	}
	var b bytes.Buffer
	if err := manifest.WritePAXLST(&b, m); err != nil {
		s.t.Fatal(err)
	}
	r, err := s.TakeManifest(s.t.Context(), s.carrier, &b)
	if err != nil {
		s.t.Fatal(err)
	}
	if len(r.Messages) != 1 {
		s.t.Fatalf("%d messages in the receipt", len(r.Messages))
	}
	return r.Messages[0]
}

// board sends a departure with passengers of these nationalities, person n
// having the face n, and returns voyage and passengers.
func (s *site) board(nationalities ...travel.Country) (travel.VoyageID, []travel.PassengerID) {
	return s.voyage(leg("BGR", "KEF"), nationalities...)
}

func (s *site) voyage(l travel.Leg, nationalities ...travel.Country) (travel.VoyageID, []travel.PassengerID) {
	s.t.Helper()
	m := manifest.Message{Reference: "M1", Function: manifest.Original, Legs: []travel.Leg{l}}
	for n, c := range nationalities {
		m.Passengers = append(m.Passengers, person(n, c))
	}
	r := s.send(m)
	if r.Status != Accepted || len(r.Passengers) != len(nationalities) {
		s.t.Fatalf("manifest: %+v", r)
	}
	var ids []travel.PassengerID
	for n, p := range r.Passengers {
		ids = append(ids, p.ID)
		if got, err := s.AddReference(s.t.Context(), s.carrier, p.ID, gallery.DocumentPortrait, fmt.Appendf(nil, "face %d 0", n)); err != nil || got != gallery.Ready {
			s.t.Fatalf("reference %d: %v %v", n, got, err)
		}
	}
	return r.Voyage, ids
}

var encounters int

// meet opens an encounter at the gate.
func (s *site) meet(v travel.VoyageID) travel.EncounterID {
	s.t.Helper()
	encounters++
	id := travel.EncounterID(fmt.Sprintf("encounter-%d", encounters))
	if err := s.OpenEncounter(s.t.Context(), s.gate, id, v); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// look sends a capture and returns the answer.
func (s *site) look(e travel.EncounterID, n int, img string) Answer {
	s.t.Helper()
	a, err := s.TakeCapture(s.t.Context(), s.gate, e, travel.CaptureID(fmt.Sprintf("%s-%d", e, n)), []byte(img))
	if err != nil {
		s.t.Fatal(err)
	}
	return a
}

func wantCode(t *testing.T, err error, kind errs.Kind, code string) {
	t.Helper()
	if errs.KindOf(err) != kind || errs.CodeOf(err) != code {
		t.Errorf("error %v, want %v %s", err, kind, code)
	}
	if err != nil && strings.Contains(err.Error(), "SURNAME") {
		t.Errorf("error carries personal data: %v", err)
	}
}

// lose moves a file of the data folder away, with its write-ahead log, and
// returns how to put it back.
func (s *site) lose(name string) (back func()) {
	s.t.Helper()
	away := s.t.TempDir()
	files, _ := filepath.Glob(filepath.Join(s.dir, name+"*"))
	for _, f := range files {
		if err := os.Rename(f, filepath.Join(away, filepath.Base(f))); err != nil {
			s.t.Fatal(err)
		}
	}
	return func() {
		for _, f := range files {
			if err := os.Rename(filepath.Join(away, filepath.Base(f)), f); err != nil {
				s.t.Fatal(err)
			}
		}
	}
}
