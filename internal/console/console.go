// Package console serves the live voyage board: how many passengers a voyage
// has, how many can be identified, and how boarding goes. It shows counts only.
package console

import (
	"context"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
	"time"

	"limen/internal/bus"
	"limen/report"
)

//go:embed assets
var assets embed.FS

var page = template.Must(template.ParseFS(assets, "assets/board.html"))

// Board serves the page and its updates.
type Board struct {
	// Read returns the counts to show, by end of voyage.
	Read func(context.Context) ([]report.Voyage, error)
	// Changed hints that they may be others by now.
	Changed *bus.Bus
}

// Routes adds the board to mux; guard wraps what needs a key.
func (b *Board) Routes(mux *http.ServeMux, guard func(http.HandlerFunc) http.HandlerFunc) {
	sub, err := fs.Sub(assets, "assets")
	if err != nil {
		panic("console: " + err.Error()) // the folder is embedded above
	}
	mux.Handle("GET /assets/", http.StripPrefix("/assets/", http.FileServerFS(sub)))
	mux.HandleFunc("GET /board", guard(b.page))
	mux.HandleFunc("GET /board/events", guard(b.events))
	mux.Handle("GET /{$}", http.RedirectHandler("/board", http.StatusSeeOther))
}

// policy forbids everything that does not come from this server.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (b *Board) page(w http.ResponseWriter, r *http.Request) {
	vs, err := b.Read(r.Context())
	if err != nil {
		http.Error(w, "The board cannot be read right now.", http.StatusServiceUnavailable)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Referrer-Policy", "no-referrer")
	_ = page.Execute(w, struct {
		Voyages []report.Voyage
		Total   report.Voyage
	}{vs, report.Total(vs)}) // a reader who hung up cannot be told
}

// pace is the shortest time between two updates of one reader, beat the
// longest without a sign of life.
const (
	pace = 250 * time.Millisecond
	beat = 15 * time.Second
)

// events streams the counts as server-sent events, once at the start and again
// after changes.
func (b *Board) events(w http.ResponseWriter, r *http.Request) {
	changed, done := b.Changed.Subscribe()
	defer done()
	w.Header().Set("Content-Type", "text/event-stream")
	out := http.NewResponseController(w)
	_ = out.SetWriteDeadline(time.Time{}) // the stream is meant to last
	for {
		vs, err := b.Read(r.Context())
		if err != nil {
			return // the browser connects again by itself
		}
		data, err := json.Marshal(map[string]any{"voyages": vs, "total": report.Total(vs)})
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", data); err != nil || out.Flush() != nil {
			return
		}
		if !wait(r.Context(), changed, w, out) {
			return
		}
	}
}

// wait returns true at the next change, but not before pace, and false when
// the reader is gone.
func wait(ctx context.Context, changed <-chan struct{}, w http.ResponseWriter, out *http.ResponseController) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(pace):
	}
	for {
		select {
		case <-ctx.Done():
			return false
		case <-changed:
			return true
		case <-time.After(beat):
			if _, err := fmt.Fprint(w, ": still here\n\n"); err != nil || out.Flush() != nil {
				return false
			}
		}
	}
}
