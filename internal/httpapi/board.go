package httpapi

import (
	"net/http"

	"limen/authz"
	"limen/internal/console"
)

// pages adds the voyage board. A browser asks for the key by itself: any user
// name, the API key as password.
func (s *server) pages(mux *http.ServeMux) {
	board := &console.Board{Read: s.App.Board, Changed: &s.App.Changed}
	board.Routes(mux, s.guardBoard)
}

func (s *server) guardBoard(next http.HandlerFunc) http.HandlerFunc {
	if s.OpenBoard {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		_, secret, _ := r.BasicAuth()
		by, err := s.App.Authenticate(r.Context(), secret)
		if err != nil || !authz.Allowed(by.Role, authz.ReadBoard) {
			w.Header().Set("WWW-Authenticate", `Basic realm="limen voyage board: an officer's API key as the password", charset="UTF-8"`)
			http.Error(w, "The voyage board needs an officer's API key as the password.", http.StatusUnauthorized)
			return
		}
		next(w, r)
	}
}
