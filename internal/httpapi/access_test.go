package httpapi

import (
	"context"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"limen/authz"
	"limen/internal/app"
)

// cell is one way into one operation.
type cell struct {
	op     authz.Operation
	method string
	path   string
	basic  bool // a page: the browser sends the key as a password
}

// cells are all operations that are served: those of the description, and the
// pages of the board.
func cells(t *testing.T) (out []cell) {
	t.Helper()
	parameter := regexp.MustCompile(`\{[^}]+\}`)
	for path, item := range (&server{}).describe(http.NewServeMux()).OpenAPI().Paths {
		path = parameter.ReplaceAllString(path, "there-is-none-1") + "?source=visa-photo"
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "PUT": item.Put, "POST": item.Post, "DELETE": item.Delete, "PATCH": item.Patch} {
			if op != nil {
				out = append(out, cell{op: authz.Operation(op.OperationID), method: method, path: path})
			}
		}
	}
	return append(out, cell{authz.ReadBoard, "GET", "/board", true}, cell{authz.ReadBoard, "GET", "/board/events", true}, cell{authz.ReadMetrics, "GET", "/metrics", true})
}

// knock tries a cell with a key and returns the status.
func (s *site) knock(c cell, key string) (int, string) {
	s.t.Helper()
	ctx, cancel := context.WithTimeout(s.t.Context(), time.Minute)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, c.method, s.url+c.path, nil)
	if err != nil {
		s.t.Fatal(err)
	}
	req.Header.Set("Limen-Purpose", "test of access")
	switch {
	case key != "" && c.basic:
		req.SetBasicAuth("anyone", key)
	case key != "":
		req.Header.Set("Authorization", "Bearer "+key)
	}
	resp, err := http.DefaultTransport.RoundTrip(req) // follows no redirect
	if err != nil {
		s.t.Fatal(err)
	}
	defer resp.Body.Close() // a stream of events ends here
	body := make([]byte, 4096)
	n, _ := resp.Body.Read(body)
	return resp.StatusCode, string(body[:n])
}

// TestAccessIsTheTable tries every operation with every kind of key: 401
// without a valid key, 403 with one whose role the table does not name, and
// neither where it does. A request that is let in here names nothing that
// exists, so no other rule refuses it. Of a page, whose refusal asks the browser
// for another key, both are 401.
func TestAccessIsTheTable(t *testing.T) {
	s := newSite(t)
	revoked, err := s.app.IssueKey(t.Context(), app.NewKey{Role: authz.Officer, Label: "Former Officer"})
	if err != nil {
		t.Fatal(err)
	}
	if err := s.app.RevokeKey(t.Context(), strings.Split(revoked, "_")[1]); err != nil {
		t.Fatal(err)
	}
	parts := strings.Split(s.keys[authz.Officer], "_")
	strangers := map[string]string{
		"no key":                       "",
		"garbage":                      "garbage",
		"the form of a key":            "limen_x_" + strings.Repeat("00", 32),
		"an officer's id, other bytes": parts[0] + "_" + parts[1] + "_" + strings.Repeat("00", 32),
		"an officer's key, cut":        s.keys[authz.Officer][:len(s.keys[authz.Officer])-2],
		"an officer's key, and more":   s.keys[authz.Officer] + "00",
		"a revoked officer's":          revoked,
	}
	tried := map[authz.Operation]bool{}
	for _, c := range cells(t) {
		tried[c.op] = true
		for name, key := range strangers {
			if status, body := s.knock(c, key); status != http.StatusUnauthorized {
				t.Errorf("%s with %s: %d %s", c.op, name, status, body)
			}
		}
		for role, key := range s.keys {
			status, body := s.knock(c, key)
			switch {
			case slices.Contains(authz.RolesOf(c.op), role):
				if status == http.StatusUnauthorized || status == http.StatusForbidden || status >= 500 {
					t.Errorf("%s as %s: %d %s", c.op, role, status, body)
				}
			case c.basic:
				if status != http.StatusUnauthorized {
					t.Errorf("%s as %s: %d", c.op, role, status)
				}
			case status != http.StatusForbidden || !strings.Contains(body, `"code":"role"`):
				t.Errorf("%s as %s: %d %s", c.op, role, status, body)
			}
		}
	}
	for _, op := range authz.Operations() {
		if !tried[op] {
			t.Errorf("%s was not tried", op)
		}
	}
	if len(s.keys) != 4 {
		t.Errorf("%d roles", len(s.keys))
	}
}

// TestKeyGoesInItsHeader: a key in another place, or under another scheme, is no
// key, and what is open needs none.
func TestKeyGoesInItsHeader(t *testing.T) {
	s := newSite(t)
	key := s.keys[authz.Officer]
	for name, set := range map[string]func(*http.Request){
		"in the query":       func(r *http.Request) { r.URL.RawQuery = "key=" + key + "&access_token=" + key },
		"in a cookie":        func(r *http.Request) { r.AddCookie(&http.Cookie{Name: "Authorization", Value: key}) },
		"as a password":      func(r *http.Request) { r.SetBasicAuth("x", key) },
		"without its scheme": func(r *http.Request) { r.Header.Set("Authorization", key) },
		"with a space more":  func(r *http.Request) { r.Header.Set("Authorization", "Bearer  "+key) },
	} {
		req, err := http.NewRequestWithContext(t.Context(), "GET", s.url+"/v1/voyages", nil)
		if err != nil {
			t.Fatal(err)
		}
		set(req)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != http.StatusUnauthorized || resp.Header.Get("WWW-Authenticate") == "" {
			t.Errorf("a key %s: %d", name, resp.StatusCode)
		}
	}
}
