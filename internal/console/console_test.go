package console

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"limen/internal/bus"
	"limen/report"
	"limen/travel"
)

func sample() report.Voyage {
	day, _ := travel.NewDay(2026, 11, 23)
	return report.Voyage{ID: "ZZ702-2026-11-23-BGR-KEF", Direction: travel.Exit, Route: "BGR–KEF",
		Departure:  travel.LocalTime{Day: day, Minute: 11 * 60},
		Arrival:    travel.LocalTime{Day: day, Minute: 21*60 + 10},
		Passengers: 46, InScope: 40, Ready: 43, Captures: 31, Confirmed: 21, Manual: 7, OptOuts: 1, Crossed: 28}
}

// books are counts that a test changes.
type books struct {
	mu    sync.Mutex
	vs    []report.Voyage
	err   error
	reads atomic.Int64
}

func (s *books) read(context.Context) ([]report.Voyage, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reads.Add(1)
	return append([]report.Voyage(nil), s.vs...), s.err
}

func (s *books) set(vs ...report.Voyage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.vs = vs
}

func newBoard(vs ...report.Voyage) (*Board, *books) {
	s := &books{vs: vs}
	return &Board{Read: s.read, Changed: &bus.Bus{}}, s
}

func handler(b *Board) http.Handler {
	mux := http.NewServeMux()
	b.Routes(mux, func(next http.HandlerFunc) http.HandlerFunc { return next })
	return mux
}

func get(t *testing.T, h http.Handler, path string) *http.Response {
	t.Helper()
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest("GET", path, nil))
	return w.Result()
}

func text(t *testing.T, r *http.Response) string {
	t.Helper()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// TestPageWithoutScript: who runs no script sees every count, and is told that
// the page stands still.
func TestPageWithoutScript(t *testing.T) {
	b, _ := newBoard(sample(), report.Voyage{ID: "QQ1", Closed: true})
	r := get(t, handler(b), "/board")
	html := text(t, r)
	if r.StatusCode != http.StatusOK || r.Header.Get("Content-Type") != "text/html; charset=utf-8" {
		t.Fatal(r.Status, r.Header)
	}
	for _, want := range []string{`<html lang="en">`, "Not live: reload the page", "ZZ702-2026-11-23-BGR-KEF", "BGR–KEF", "departs 2026-11-23 11:00",
		">46<", ">43<", ">31<", ">21<", ">7<", ">1<", ">28<", `max="46" value="28"`, "exit, open", "7 of 28 to an officer",
		"The only open voyage needs attention:", `href="#v-ZZ702-2026-11-23-BGR-KEF"`, `id="v-ZZ702-2026-11-23-BGR-KEF" class="attention"`,
		`id="v-QQ1" class="closed"`, `<p id="empty" hidden>`} {
		if !strings.Contains(html, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	b, _ = newBoard()
	if html := text(t, get(t, handler(b), "/board")); !strings.Contains(html, `<p id="empty">No voyages yet`) {
		t.Error("an empty board does not say so")
	}
}

// TestPagePolicy: nothing but this server's own files runs or is loaded, and
// the page gives the policy no cause to complain.
func TestPagePolicy(t *testing.T) {
	b, _ := newBoard(sample())
	r := get(t, handler(b), "/board")
	csp := r.Header.Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"} {
		if !strings.Contains(csp, want) {
			t.Errorf("policy lacks %s: %s", want, csp)
		}
	}
	if strings.Contains(csp, "unsafe") || strings.Contains(csp, "http") {
		t.Error("policy is open:", csp)
	}
	html := text(t, r)
	for _, bad := range []string{`<style`, `\sstyle=`, `\son[a-z]+=`, `<script[^>]*>[^<]`, `(src|href)="[^/#]`, `//`} {
		if m := regexp.MustCompile(bad).FindString(html); m != "" {
			t.Errorf("the page has %q", m)
		}
	}
}

// TestPageEscapes: ids and routes come from carriers, and stay text.
func TestPageEscapes(t *testing.T) {
	v := sample()
	v.ID = `"><script>alert(1)</script>`
	v.Route = `BGR–<img src=x onerror=alert(2)>–</td><script>alert(3)</script>`
	v.Direction = `<b onclick=x>`
	b, _ := newBoard(v)
	html := text(t, get(t, handler(b), "/board"))
	for _, bad := range []string{"<script>", "<img", "<b ", `""`} {
		if strings.Contains(html, bad) {
			t.Errorf("a carrier's text is markup: %s", bad)
		}
	}
	if !strings.Contains(html, "&lt;script&gt;alert(3)") {
		t.Error("the route is not shown")
	}
}

func TestPageUnreadable(t *testing.T) {
	b, s := newBoard()
	s.err = errors.New("disk of secret things")
	r := get(t, handler(b), "/board")
	if html := text(t, r); r.StatusCode != http.StatusServiceUnavailable || strings.Contains(html, "secret") {
		t.Error(r.Status, html)
	}
}

// TestRoutes: the guard stands before counts, and of the assets only what the
// page asks for is served.
func TestRoutes(t *testing.T) {
	b, _ := newBoard(sample())
	mux := http.NewServeMux()
	b.Routes(mux, func(http.HandlerFunc) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) { w.WriteHeader(http.StatusUnauthorized) }
	})
	for path, want := range map[string]int{
		"/": 303, "/board": 401, "/board/events": 401, "/assets/board.css": 200, "/assets/board.js": 200, "/assets/icon.svg": 200,
		"/assets/": 404, "/assets/board.html": 404, "/assets/../console.go": 307,
	} {
		if r := get(t, mux, path); r.StatusCode != want {
			t.Errorf("%s answers %s, want %d", path, r.Status, want)
		}
	}
	for name, want := range map[string]string{"board.css": "text/css", "board.js": "javascript", "icon.svg": "image/svg+xml"} {
		if got := get(t, mux, "/assets/"+name).Header.Get("Content-Type"); !strings.Contains(got, want) {
			t.Errorf("%s is %s", name, got)
		}
	}
}
