package httpapi

import (
	"fmt"
	"strings"
	"testing"

	"limen/authz"
)

// A hold by the API: placed, listed, seen in the plan, lifted; and what it is
// told it cannot keep.
func TestHold(t *testing.T) {
	s := newSite(t)
	s.fly(2)
	as := func(method, path string, body any) (int, map[string]any) {
		return s.call(authz.Officer, method, path, body, "Content-Type", "application/json", "Limen-Purpose", "test")
	}
	want := map[string]any{"kind": "voyage", "subject": s.voyage, "reason": "Docket 1:26-cv-101", "until": "2030-12-31"}
	status, r := as("PUT", "/v1/holds/H-7", want)
	if status != 200 || r["state"] != "active" || r["owner"] != "A. Officer" || r["until"] != "2031-01-01T00:00:00Z" || r["keeps"] != 4.0 {
		t.Fatalf("%d %v", status, r) // 2 listings and 2 travelers
	}
	none := map[string]float64{}
	for _, n := range r["no_effect"].([]any) {
		n := n.(map[string]any)
		none[n["class"].(string)] = n["items"].(float64)
		if n["why"] == "" {
			t.Errorf("no reason: %v", n)
		}
	}
	if fmt.Sprint(none) != "map[citizen-image:0 unresolved-capture:0 voyage-gallery:2]" {
		t.Errorf("no effect on %v", none)
	}
	if status, again := as("PUT", "/v1/holds/H-7", want); status != 200 || again["placed"] != r["placed"] {
		t.Errorf("once more: %d %v", status, again)
	}
	for name, spoil := range map[string]struct {
		id     string
		change map[string]any
		status int
		code   string
	}{
		"another under its id": {"H-7", map[string]any{"until": "2031-12-31"}, 409, "hold-id-reused"},
		"of nothing":           {"H-8", map[string]any{"subject": "ZZ999"}, 404, "hold-subject"},
		"over before it is":    {"H-8", map[string]any{"until": "2020-12-31"}, 422, "hold"},
		"without an end":       {"H-8", map[string]any{"until": ""}, 422, ""},
		"of an odd kind":       {"H-8", map[string]any{"kind": "person"}, 422, ""},
		"with an odd id":       {"-H", nil, 422, "hold"},
		"with lines":           {"H-8", map[string]any{"reason": "a\nb"}, 422, "hold"},
	} {
		body := map[string]any{}
		for k, v := range want {
			body[k] = v
		}
		for k, v := range spoil.change {
			body[k] = v
		}
		if status, r := as("PUT", "/v1/holds/"+spoil.id, body); status != spoil.status || spoil.code != "" && r["code"] != spoil.code {
			t.Errorf("%s: %d %v", name, status, r)
		}
	}
	l := &listener{site: s}
	if status, raw := l.ask(authz.Officer, "GET", "/v1/holds", "", true); status != 200 || strings.Count(raw, `"id"`) != 1 || !strings.Contains(raw, `"state":"active"`) {
		t.Errorf("holds: %d %s", status, raw)
	}
	s.plan("2027-12-31", map[string]string{"listing": "4 items, 0 in the window, 4 held", "voyage-gallery": "2 items, 2 in the window, 0 held"})
	if status, r := as("DELETE", "/v1/holds/H-7", nil); status != 200 || r["state"] != "lifted" || r["lifted_by"] != "A. Officer" {
		t.Errorf("lifted: %d %v", status, r)
	}
	if status, r := as("DELETE", "/v1/holds/H-9", nil); status != 404 || r["code"] != "hold-unknown" {
		t.Errorf("lifting none: %d %v", status, r)
	}
	if status, r := s.call(authz.Officer, "DELETE", "/v1/holds/H-7", nil); status != 422 {
		t.Errorf("lifted without a word why: %d %v", status, r)
	}
	if status, r := as("PUT", "/v1/holds/H-7", want); status != 409 {
		t.Errorf("a lifted hold placed again: %d %v", status, r)
	}
	s.plan("2027-12-31", map[string]string{"listing": "4 items, 4 in the window, 0 held"})
	for until, code := range map[string]string{"2020-01-01": "plan-window", "2026-02-30": "request-invalid"} {
		if status, r := as("GET", "/v1/retention/plan?until="+until, nil); status != 422 || r["code"] != code {
			t.Errorf("a plan until %s: %d %v", until, status, r)
		}
	}
}

// plan checks what the plan says of classes.
func (s *site) plan(until string, want map[string]string) {
	s.t.Helper()
	status, r := s.call(authz.Officer, "GET", "/v1/retention/plan?until="+until, nil)
	if status != 200 {
		s.t.Fatalf("plan: %d %v", status, r)
	}
	for _, c := range r["classes"].([]any) {
		c := c.(map[string]any)
		got := fmt.Sprintf("%v items, %v in the window, %v held", c["items"], c["within_window"], c["held"])
		if w := want[c["class"].(string)]; w != "" && w != got {
			s.t.Errorf("%s: %s, want %s", c["class"], got, w)
		}
		if c["source"] == "" || !strings.HasPrefix(c["period"].(string), "P") {
			s.t.Errorf("%v has no citation or no period", c)
		}
	}
}
