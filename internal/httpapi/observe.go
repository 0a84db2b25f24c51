package httpapi

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"net/http"
	"regexp"
	"runtime/debug"
	"strconv"
	"time"
)

// observe gives every request an id, a metric and one log line, and turns a
// panic into a 500. It logs the route's pattern, never the path: a path may
// hold what a caller made up.
func (s *server) observe(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		id := requestID(r.Header.Get("X-Request-Id"))
		w.Header().Set("X-Request-Id", id)
		w.Header().Set("X-Content-Type-Options", "nosniff")
		w.Header().Set("Cache-Control", "no-store")
		rec := &recorder{ResponseWriter: w, status: http.StatusOK}
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				// The value of a panic may quote data; the stack does not.
				s.App.Log.ErrorContext(r.Context(), "panic", "request", id, "stack", string(debug.Stack()))
				newProblem(http.StatusInternalServerError, "limen could not do this").toOfficer().write(rec)
			}
			s.account(r.Context(), id, r, rec, time.Since(began))
		}()
		r = r.WithContext(context.WithValue(r.Context(), requestKey{}, id))
		next.ServeHTTP(rec, r)
	})
}

type requestKey struct{}

// requestOf returns the id of the request that ctx belongs to.
func requestOf(ctx context.Context) string { id, _ := ctx.Value(requestKey{}).(string); return id }

// known answers what the mux does not know with a problem; a gate that gets its
// address wrong must hear "officer", too.
func known(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, pattern := mux.Handler(r); pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		rec := &missRecorder{header: http.Header{}}
		mux.ServeHTTP(rec, r) // learns 404 or 405, and Allow
		if allow := rec.header.Get("Allow"); allow != "" {
			w.Header().Set("Allow", allow)
		}
		newProblem(rec.status, "there is no such operation").toOfficer().write(w)
	})
}

// missRecorder keeps the status and headers of an answer, not its body.
type missRecorder struct {
	header http.Header
	status int
}

func (m *missRecorder) Header() http.Header         { return m.header }
func (m *missRecorder) WriteHeader(status int)      { m.status = status }
func (m *missRecorder) Write(b []byte) (int, error) { return len(b), nil }

func (s *server) account(ctx context.Context, id string, r *http.Request, rec *recorder, took time.Duration) {
	pattern := r.Pattern // set by the mux, "" if nothing matched
	if pattern == "" {
		pattern = "none"
	}
	s.App.Metrics.Requests.WithLabelValues(pattern, strconv.Itoa(rec.status)).Observe(took.Seconds())
	s.App.Log.InfoContext(ctx, "request", "request", id, "route", pattern, "status", rec.status, "bytes", rec.bytes,
		"ms", float64(took.Microseconds())/1000)
}

// requestForm is what a caller's request id may look like: a UUID or 32
// hexadecimal digits. In a looser form a name or a number of a document could
// stand, and the id is in the log.
var requestForm = regexp.MustCompile(`^[0-9A-Fa-f]{8}-?([0-9A-Fa-f]{4}-?){3}[0-9A-Fa-f]{12}$`)

// requestID keeps a caller's id if it has that form, or makes one.
func requestID(s string) string {
	if requestForm.MatchString(s) {
		return s
	}
	var b [8]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// recorder remembers status and size of a response.
type recorder struct {
	http.ResponseWriter
	status int
	bytes  int64
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	n, err := r.ResponseWriter.Write(b)
	r.bytes += int64(n)
	return n, err
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }
