package httpapi

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"

	"limen/authz"
)

func reasons(r map[string]any) (out []string) {
	list, _ := r["reasons"].([]any)
	for _, v := range list {
		out = append(out, v.(string))
	}
	return out
}

func TestPathOverHTTP(t *testing.T) {
	s := newSite(t)
	s.fly(4)
	e := s.encounter("encounter-1")
	status, r := s.capture(e, "capture-01", live(t, 2))
	if status != 200 || r["action"] != "confirmed" || r["passenger"] != s.persons[2] || r["crossing"] == nil {
		t.Fatalf("capture: %d %v", status, r)
	}
	for _, secret := range []string{"score", "surname", "CANARY", "threshold"} {
		for k := range r {
			if strings.Contains(k, secret) {
				t.Errorf("the gate is told %s", k)
			}
		}
	}
	status, again := s.capture(e, "capture-01", live(t, 2))
	if status != 200 || again["repeated"] != true || again["crossing"] != r["crossing"] {
		t.Errorf("repeat: %d %v", status, again)
	}
	status, r = s.call(authz.Officer, "GET", "/v1/encounters/encounter-1", nil)
	if status != 422 {
		t.Errorf("evidence without a purpose: %d %v", status, r)
	}
	status, r = s.call(authz.Officer, "GET", "/v1/encounters/encounter-1", nil, "Limen-Purpose", "test of the path")
	if status != 200 || r["decided"] != true || r["recommended"].(map[string]any)["surname"] != "CANARYNAME" {
		t.Errorf("evidence: %d %v", status, r)
	}
	if status, r := s.call(authz.Carrier, "POST", "/v1/voyages/"+s.voyage+"/close", nil); status != 204 {
		t.Errorf("close: %d %v", status, r)
	}
	if strings.Contains(s.log.String(), "CANARY") {
		t.Error("the log carries personal data")
	}
}

// refused checks that a capture is refused with a code, sends the traveler to
// an officer, and leaves nothing behind: the encounter still takes a good one.
func (s *site) refused(encounter, capture string, img []byte, status int, code string) {
	s.t.Helper()
	got, r := s.capture(encounter, capture, img)
	if got != status || r["code"] != code || r["action"] != "send-to-officer" || r["detail"] == "" {
		s.t.Errorf("%s: %d %v, want %d %s", capture, got, r, status, code)
	}
}

func TestBadImages(t *testing.T) {
	s := newSite(t)
	s.fly(1)
	e := s.encounter("encounter-1")
	good := live(t, 0)
	s.refused(e, "capture-text", []byte("this is a text file, not a JPEG"), 422, "image-format")
	s.refused(e, "capture-none", []byte{}, 400, "request-malformed")
	s.refused(e, "capture-cut", good[:len(good)/2], 422, "image-broken")
	s.refused(e, "capture-huge", hugeHeader(t), 413, "image-pixels")
	s.refused(e, "capture-over", make([]byte, maxImage+1), 413, "body-too-large")
	if status, r := s.capture(e, "capture-good", good); status != 200 || r["action"] != "confirmed" {
		t.Errorf("a good capture after the bad ones: %d %v", status, r)
	}
}

// hugeHeader is a JPEG that says it has 30,000×30,000 pixels.
func hugeHeader(t *testing.T) []byte {
	b := encode(t, 16, 16, func(int, int) color.Color { return color.Gray{128} })
	i := bytes.Index(b, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(b[i+5:], 30000)
	binary.BigEndian.PutUint16(b[i+7:], 30000)
	return b
}

func TestScenesThatAreNotOneFace(t *testing.T) {
	s := newSite(t)
	s.fly(3)
	wall := encode(t, 640, 480, func(x, y int) color.Color { return color.Gray{uint8(100 + x%50)} })
	e := s.encounter("encounter-wall")
	if status, r := s.capture(e, "capture-wall", wall); status != 200 || r["action"] != "capture_again" || !slices.Contains(reasons(r), "no-face") {
		t.Errorf("no face: %d %v", status, r)
	}
	crowd := encode(t, 420*5, 560, func(x, y int) color.Color { return decoded(t, x/420).At(x%420, y) })
	e = s.encounter("encounter-crowd")
	if status, r := s.capture(e, "capture-crowd", crowd); status != 200 || r["action"] != "capture_again" || !slices.Contains(reasons(r), "two-subjects") {
		t.Errorf("five faces alike: %d %v", status, r)
	}
	one := decoded(t, 1)
	rotated := encode(t, 560, 420, func(x, y int) color.Color { return one.At(y, 559-x) })
	e = s.encounter("encounter-rotated")
	if status, r := s.capture(e, "capture-rotated", rotated); status != 200 || r["action"] != "capture_again" {
		t.Errorf("a photograph on its side: %d %v", status, r)
	}
	if status, r := s.capture(e, "capture-upright", withOrientation(rotated, 8)); status != 200 || r["action"] != "confirmed" || r["passenger"] != s.persons[1] {
		t.Errorf("the same with its EXIF orientation: %d %v", status, r)
	}
}

var decodedLive = map[int]image.Image{}

func decoded(t *testing.T, i int) image.Image {
	t.Helper()
	if decodedLive[i] == nil {
		m, _, err := image.Decode(bytes.NewReader(live(t, i)))
		if err != nil {
			t.Fatal(err)
		}
		decodedLive[i] = m
	}
	return decodedLive[i]
}

// withOrientation inserts an EXIF segment that says how a JPEG is turned.
func withOrientation(jpeg []byte, orientation byte) []byte {
	tiff := []byte{'M', 'M', 0, 42, 0, 0, 0, 8, 0, 1, 1, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0}
	exif := append([]byte("Exif\x00\x00"), tiff...)
	segment := append([]byte{0xff, 0xe1, 0, byte(len(exif) + 2)}, exif...)
	return append(append([]byte{0xff, 0xd8}, segment...), jpeg[2:]...)
}

func TestRefusalsOverHTTP(t *testing.T) {
	s := newSite(t)
	s.fly(1)
	e := s.encounter("encounter-1")
	img := live(t, 0)

	code := func(role authz.Role, method, path string, body any, want int, wantCode string) {
		t.Helper()
		if status, r := s.call(role, method, path, body, "Content-Type", "application/json"); status != want || r["code"] != wantCode {
			t.Errorf("%s %s: %d %v, want %d %s", method, path, status, r, want, wantCode)
		}
	}
	code("nobody", "GET", "/v1/voyages", nil, 401, "key-wrong")
	s.keys["forged"] = s.keys[authz.Officer][:len(s.keys[authz.Officer])-4] + "0000"
	code("forged", "GET", "/v1/voyages", nil, 401, "key-wrong")
	code(authz.Point, "POST", "/v1/manifests", nil, 403, "role")
	code(authz.Carrier, "PUT", "/v1/encounters/encounter-1/decision", map[string]any{}, 403, "role")
	code(authz.Point, "PUT", "/v1/encounters/encounter-2", map[string]any{"voyage": "ZZ9-2026-11-23-BGR-KEF"}, 404, "voyage-unknown")
	code(authz.Carrier, "POST", "/v1/manifests", make([]byte, maxManifest+1), 413, "body-too-large")

	if status, r := s.capture("/v1/encounters/encounter-9", "capture-01", img); status != 404 || r["code"] != "encounter-unknown" || r["action"] != "send-to-officer" {
		t.Errorf("an unknown encounter: %d %v", status, r)
	}
	if status, _ := s.capture(e, "capture-01", live(t, 5)); status != 200 {
		t.Fatal(status)
	}
	if status, r := s.capture(e, "capture-01", img); status != 409 || r["code"] != "capture-id-reused" {
		t.Errorf("a repeated capture id with other bytes: %d %v", status, r)
	}
	if status, _ := s.call(authz.Carrier, "POST", "/v1/voyages/"+s.voyage+"/close", nil); status != 204 {
		t.Fatal(status)
	}
	if status, r := s.capture(e, "capture-02", img); status != 409 || r["code"] != "voyage-closed" || r["action"] != "send-to-officer" {
		t.Errorf("a capture after close-out: %d %v", status, r)
	}
}

func TestRevokedKeyFailsAtTheNextRequest(t *testing.T) {
	s := newSite(t)
	if status, _ := s.call(authz.Officer, "GET", "/v1/leads", nil, "Limen-Purpose", "test"); status != 200 {
		t.Fatal(status)
	}
	if err := s.app.RevokeKey(t.Context(), strings.Split(s.keys[authz.Officer], "_")[1]); err != nil {
		t.Fatal(err)
	}
	if status, r := s.call(authz.Officer, "GET", "/v1/leads", nil, "Limen-Purpose", "test"); status != 401 || r["code"] != "key-wrong" {
		t.Errorf("a revoked key: %d %v", status, r)
	}
}

// TestEveryOperationIsServed holds the routes to the table of authz, one for
// one, both ways.
func TestEveryOperationIsServed(t *testing.T) {
	s := &server{}
	served := map[string]bool{string(authz.ReadBoard): true, string(authz.ReadMetrics): true} // pages, not operations of the API
	for _, item := range s.describe(http.NewServeMux()).OpenAPI().Paths {
		for _, op := range []*huma.Operation{item.Get, item.Put, item.Post, item.Delete, item.Patch} {
			if op != nil {
				served[op.OperationID] = true
			}
		}
	}
	for _, op := range authz.Operations() {
		if !served[string(op)] {
			t.Errorf("%s is in the table, but nothing serves it", op)
		}
		delete(served, string(op))
	}
	for op := range served {
		t.Errorf("%s is served, but not in the table", op)
	}
}

// TestDescriptionIsCommitted keeps docs/openapi.json true.
func TestDescriptionIsCommitted(t *testing.T) {
	want, err := Description("0.1.0-dev")
	if err != nil {
		t.Fatal(err)
	}
	have, err := os.ReadFile("../../docs/openapi.json")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(compact(t, have), compact(t, want)) {
		t.Error("docs/openapi.json is out of date: run make openapi")
	}
}
