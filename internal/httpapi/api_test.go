package httpapi

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"time"

	"limen/authz"
	"limen/internal/app"
	"limen/internal/face"
	"limen/internal/phantoms"
	"limen/manifest"
	"limen/match"
	"limen/travel"
)

var engine *face.Engine

func TestMain(m *testing.M) {
	var err error
	if engine, err = face.Open(face.Config{}); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	engine.Close()
	os.Exit(code)
}

// site is the whole system behind an HTTP server, on the real engine.
type site struct {
	t       *testing.T
	app     *app.App
	url     string
	log     *bytes.Buffer
	keys    map[authz.Role]string
	voyage  string
	persons []string // passenger ids; person i is phantom i
}

func newSite(t *testing.T) *site {
	t.Helper()
	raw, err := face.Calibration("phantoms")
	if err != nil {
		t.Fatal(err)
	}
	cal, err := match.ParseCalibration(raw)
	if err != nil {
		t.Fatal(err)
	}
	s := &site{t: t, log: &bytes.Buffer{}, keys: map[authz.Role]string{}}
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	s.app, err = app.Open(t.Context(), app.Config{Dir: t.TempDir(), Ports: map[travel.Port]*time.Location{"BGR": time.UTC}, Engine: engine, Calibration: cal,
		AnswerWithin: time.Minute, Now: func() time.Time { return now }, Log: slog.New(slog.NewJSONHandler(s.log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	srv := httptest.NewServer(New(Config{App: s.app, Version: "test"}))
	s.url = srv.URL
	t.Cleanup(func() { srv.Close(); s.app.Close() })
	for role, k := range map[authz.Role]app.NewKey{
		authz.Carrier: {Role: authz.Carrier, Carrier: "ZZ"}, authz.Officer: {Role: authz.Officer, Label: "A. Officer"},
		authz.Point: {Role: authz.Point, Port: "BGR", Point: "GATE-1"}, authz.Auditor: {Role: authz.Auditor, Label: "An Auditor"},
	} {
		if s.keys[role], err = s.app.IssueKey(t.Context(), k); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

// call sends a request and returns status and body.
func (s *site) call(role authz.Role, method, path string, body any, headers ...string) (int, map[string]any) {
	s.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		r = bytes.NewReader(b)
	default:
		j, _ := json.Marshal(b)
		r = bytes.NewReader(j)
	}
	req, err := http.NewRequestWithContext(context.Background(), method, s.url+path, r)
	if err != nil {
		s.t.Fatal(err)
	}
	if key := s.keys[role]; key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, _ := io.ReadAll(resp.Body)
	var out map[string]any
	if len(raw) > 0 && raw[0] == '{' {
		if err := json.Unmarshal(raw, &out); err != nil {
			s.t.Fatalf("%s: %v", raw, err)
		}
	}
	if resp.StatusCode >= 400 {
		if ct := resp.Header.Get("Content-Type"); ct != "application/problem+json" {
			s.t.Errorf("%s %s: error as %q, want a problem", method, path, ct)
		}
	}
	return resp.StatusCode, out
}

// fly puts phantoms 0 to n-1 on a departure, with their portraits.
func (s *site) fly(n int) {
	s.t.Helper()
	day := travel.Day{Year: 2026, Month: 11, Date: 23}
	m := manifest.Message{Reference: "M1", Sender: "ZZ", Function: manifest.Original, Legs: []travel.Leg{{Carrier: "ZZ", Number: "1", From: "BGR", To: "KEF",
		Departure: travel.LocalTime{Day: day, Minute: 1000}, Arrival: travel.LocalTime{Day: day, Minute: 1300}}}}
	for i := range n {
		m.Passengers = append(m.Passengers, manifest.Passenger{Person: travel.Person{Surname: "CANARYNAME", GivenNames: strings.Repeat("A", i+1), Nationality: "GBR",
			BirthDate: travel.Day{Year: 1980, Month: 1, Date: 1}, Sex: "F"},
			Documents: []travel.Document{{Type: "P", Number: fmt.Sprintf("CANARY%03d", i), Issuer: "GBR", Expiry: travel.Day{Year: 2031, Month: 1, Date: 1}}}})
	}
	var b bytes.Buffer
	if err := manifest.WritePAXLST(&b, m); err != nil {
		s.t.Fatal(err)
	}
	status, r := s.call(authz.Carrier, "POST", "/v1/manifests", b.Bytes(), "Content-Type", "application/edifact")
	if status != 200 {
		s.t.Fatalf("manifest: %d %v", status, r)
	}
	message := r["messages"].([]any)[0].(map[string]any)
	s.voyage = message["voyage"].(string)
	all := phantoms.All()
	for i, p := range message["passengers"].([]any) {
		id := p.(map[string]any)["id"].(string)
		s.persons = append(s.persons, id)
		img, err := phantoms.Portrait(all[i].ID)
		if err != nil {
			s.t.Fatal(err)
		}
		status, r := s.call(authz.Carrier, "POST", "/v1/passengers/"+id+"/references?source=document-portrait", img, "Content-Type", "image/jpeg")
		if status != 200 || r["readiness"] != "ready" {
			s.t.Fatalf("reference: %d %v", status, r)
		}
	}
}

// encounter opens an encounter with this id.
func (s *site) encounter(id string) string {
	s.t.Helper()
	if status, r := s.call(authz.Point, "PUT", "/v1/encounters/"+id, map[string]any{"voyage": s.voyage}, "Content-Type", "application/json"); status != 204 {
		s.t.Fatalf("encounter: %d %v", status, r)
	}
	return "/v1/encounters/" + id
}

func (s *site) capture(encounter, id string, img []byte) (int, map[string]any) {
	s.t.Helper()
	return s.call(authz.Point, "PUT", encounter+"/captures/"+id, img, "Content-Type", "image/jpeg")
}

func live(t *testing.T, i int) []byte {
	t.Helper()
	img, err := phantoms.Live(phantoms.All()[i].ID, 1)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// encode draws an image and returns it as JPEG.
func encode(t *testing.T, w, h int, at func(x, y int) color.Color) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			m.Set(x, y, at(x, y))
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 95}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func compact(t *testing.T, b []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := json.Compact(&out, b); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
