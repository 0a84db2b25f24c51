package httpapi

import (
	"context"
	"net/http"

	"limen/authz"
	"limen/internal/console"
)

// pages adds the voyage board. A browser asks for the key by itself: any user
// name, the API key as password.
func (s *server) pages(mux *http.ServeMux) {
	board := &console.Board{Read: s.App.Board, Changed: &s.App.Changed}
	board.Routes(mux, func(next http.HandlerFunc) http.HandlerFunc { return s.guard(authz.ReadBoard, s.untilStop(next)) })
}

// guard lets a request for a page through with a key that may do op, as basic
// authentication's password or as a bearer token.
func (s *server) guard(op authz.Operation, next http.HandlerFunc) http.HandlerFunc {
	if s.OpenBoard {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		_, secret, ok := r.BasicAuth()
		if !ok {
			secret = bearer(r.Header.Get("Authorization"))
		}
		by, err := s.App.Authenticate(r.Context(), secret)
		if err != nil || !authz.Allowed(by.Role, op) {
			w.Header().Set("WWW-Authenticate", `Basic realm="limen: an officer's API key as the password", charset="UTF-8"`)
			http.Error(w, "This needs an officer's API key as the password.", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}

// untilStop ends a request when the server is told to stop.
func (s *server) untilStop(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		go func() {
			select {
			case <-s.Stopping:
				cancel()
			case <-ctx.Done():
			}
		}()
		next(w, r.WithContext(ctx))
	}
}
