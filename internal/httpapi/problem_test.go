package httpapi

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"limen/authz"
)

// What a panic was about may quote data: neither log nor answer has it.
func TestPanicTellsNothing(t *testing.T) {
	s := newSite(t)
	boom := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("no such person: CANARYNAME") })
	var quiet bytes.Buffer
	srv := httptest.NewUnstartedServer((&server{Config: Config{App: s.app}}).observe(boom))
	srv.Start()
	defer srv.Close()
	resp, err := http.Get(srv.URL + "/CANARYPATH")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if _, err := io.Copy(&quiet, resp.Body); err != nil || resp.StatusCode != 500 || sings(quiet.String()) {
		t.Errorf("%d %s %v", resp.StatusCode, quiet.String(), err)
	}
	if !strings.Contains(s.log.String(), `"panic"`) || sings(s.log.String()) {
		t.Errorf("the log says %s", s.log.String())
	}
}

// A refusal still says where: only names that the caller made up are left out.
func TestRefusalNamesThePlace(t *testing.T) {
	s := newSite(t)
	for _, c := range []struct{ body, location, message string }{
		{`{"outcome":"denied"}`, "body.outcome", "expected value to be one of"},
		{`{"outcome":"admitted","admission":{"class":1}}`, "body.admission.class", "expected string"},
		{`{"outcome":"admitted","admission":{"class":"B-2","CANARY":1}}`, "body.admission", "unexpected property"},
		{`{"outcome":"admitted","CANARY.KEY":1}`, "body", "unexpected property"},
		{`{"outcome":"admitted","KEY":1,"CANARY.KEY":1}`, "body", "unexpected property"},
	} {
		status, r := s.call(authz.Officer, "PUT", "/v1/encounters/encounter-1/decision", []byte(c.body), "Content-Type", "application/json")
		where, _ := r["where"].([]any)
		if status != 422 || len(where) == 0 {
			t.Errorf("%s: %d %v", c.body, status, r)
			continue
		}
		for _, w := range where {
			at := w.(map[string]any)
			if at["location"] != c.location || !strings.HasPrefix(at["message"].(string), c.message) {
				t.Errorf("%s: %v, want %s at %s", c.body, at, c.message, c.location)
			}
		}
	}
}

// A caller's id of a request is kept only in a form in which nobody's name or
// number can stand.
func TestRequestID(t *testing.T) {
	for id, kept := range map[string]bool{
		"0190b2a4-6f0c-7c3e-9d52-1b7f2a9c4e11":  true,
		"4BF92F3577B34DA6A3CE929D0E0E4736":      true,
		"CANARYNAME":                            false,
		"123456789":                             false,
		"110101199003077758":                    false, // a national identity number of 18 digits
		"":                                      false,
		"0190b2a4-6f0c-7c3e-9d52-1b7f2a9c4e11x": false,
	} {
		got := requestID(id)
		if (got == id) != kept || got == "" {
			t.Errorf("%q became %q", id, got)
		}
	}
}
