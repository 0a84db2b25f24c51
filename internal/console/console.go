// Package console serves the live voyage board: how many passengers a voyage
// has, how many can be identified, how boarding goes, and which voyage needs
// somebody's attention. It shows counts only.
package console

import (
	"bytes"
	"context"
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"html/template"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"limen/internal/bus"
	"limen/report"
)

//go:embed assets
var assets embed.FS

var page = template.Must(template.ParseFS(assets, "assets/board.html"))

// served is what of assets a browser may have.
var served = []string{"board.css", "board.js", "icon.svg"}

// version names the assets. A page that hears of another one in its stream
// loads itself anew, so that a screen on a wall survives an update.
var version = func() string {
	h := sha256.New()
	for _, name := range append([]string{"board.html"}, served...) {
		b, err := assets.ReadFile("assets/" + name)
		if err != nil {
			panic("console: " + err.Error()) // the folder is embedded above
		}
		h.Write(b)
	}
	return hex.EncodeToString(h.Sum(nil)[:6])
}()

// Board serves the page and its updates. It is safe for concurrent use, and
// must not be copied once it serves.
type Board struct {
	// Read returns the counts to show, by end of voyage.
	Read func(context.Context) ([]report.Voyage, error)
	// Changed hints that they may be others by now.
	Changed *bus.Bus

	readers atomic.Int64 // streams that are open
	mu      sync.Mutex   // held while an update is read
	last    update
}

// Routes adds the board to mux; guard wraps what needs a key.
func (b *Board) Routes(mux *http.ServeMux, guard func(http.HandlerFunc) http.HandlerFunc) {
	for _, name := range served {
		mux.HandleFunc("GET /assets/"+name, func(w http.ResponseWriter, r *http.Request) {
			http.ServeFileFS(w, r, assets, "assets/"+name)
		})
	}
	mux.HandleFunc("GET /board", guard(b.page))
	mux.HandleFunc("GET /board/events", guard(b.events))
	mux.Handle("GET /{$}", http.RedirectHandler("/board", http.StatusSeeOther))
}

// policy forbids everything that does not come from this server.
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

func (b *Board) page(w http.ResponseWriter, r *http.Request) {
	ctx, done := context.WithTimeout(r.Context(), patience)
	defer done()
	vs, err := b.Read(ctx)
	if err != nil {
		w.Header().Set("Retry-After", "5")
		http.Error(w, "The board cannot be read right now.", http.StatusServiceUnavailable)
		return
	}
	var html bytes.Buffer
	if err := page.Execute(&html, look(vs)); err != nil {
		http.Error(w, "The board cannot be drawn.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", policy)
	w.Header().Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write(html.Bytes()) // a reader who hung up cannot be told
}

// patience is how long one read may take.
const patience = 10 * time.Second
