package pgtest

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"

	"github.com/jackc/pgx/v5"
)

// URL returns the address of a database by the server's socket.
func (s *Server) URL(database string) string {
	return s.address(database, url.Values{"host": {s.sockets}, "port": {strconv.Itoa(s.port)}, "user": {"limen"}})
}

// TCP returns the address of a database by the loopback network, password
// included.
func (s *Server) TCP(database string) string {
	return s.address(database, url.Values{"host": {"127.0.0.1"}, "port": {strconv.Itoa(s.port)}, "user": {"limen"},
		"password": {s.password}, "sslmode": {"disable"}})
}

func (s *Server) address(database string, v url.Values) string {
	return (&url.URL{Scheme: "postgres", Path: "/" + database, RawQuery: v.Encode()}).String()
}

// DataDir is the folder of the cluster: what a stolen disk would hold.
func (s *Server) DataDir() string { return s.data() }

// NewDatabase makes an empty database and returns its name. It is there until
// the server ends: dropping one takes a checkpoint, longer than most tests.
func (s *Server) NewDatabase(ctx context.Context) (string, error) {
	return s.Copy(ctx, "template0")
}

// Copy makes a database like another, to which nobody may be connected, and
// returns its name.
func (s *Server) Copy(ctx context.Context, of string) (string, error) {
	name := fmt.Sprintf("limen_%d", s.names.Add(1))
	return name, s.Exec(ctx, "postgres", "CREATE DATABASE "+name+" TEMPLATE "+of)
}

// Exec runs a statement as the superuser.
func (s *Server) Exec(ctx context.Context, database, statement string) error {
	conn, err := pgx.Connect(ctx, s.URL(database))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, statement)
	return errors.Join(err, conn.Close(ctx))
}
