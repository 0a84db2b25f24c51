package crash

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"limen/internal/app"
	"limen/internal/httpapi"
	"limen/travel"
)

// What the parent tells the child, in the environment.
const (
	childDir   = "LIMEN_CRASH_DIR"   // data folder; set in the child only
	childStore = "LIMEN_CRASH_STORE" // PostgreSQL database; none is SQLite
	childTrap  = "LIMEN_CRASH_TRAP"  // "1": hand the calls on files to the parent
)

// trapRefused begins the line of a child that may not trap its calls.
const trapRefused = "trap refused:"

// TestMain makes a server of the test binary when the parent asks for one.
func TestMain(m *testing.M) {
	dir := os.Getenv(childDir)
	if dir == "" {
		os.Exit(m.Run())
	}
	if os.Getenv(childTrap) == "1" {
		fd, err := trap()
		if err != nil {
			fmt.Println(trapRefused, err)
			os.Exit(1)
		}
		fmt.Println("trap", fd)
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	err := serve(ctx, dir, os.Getenv(childStore))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

func open(ctx context.Context, dir, store string) (*app.App, error) {
	cal, err := calibration()
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, app.Config{Dir: dir, Store: store, Ports: map[travel.Port]*time.Location{"BGR": time.UTC}, Engine: engine{}, Calibration: cal,
		AnswerWithin: 10 * time.Second, Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))})
}

// serve does what `limen serve` does: it answers until it is told to stop, or must.
func serve(ctx context.Context, dir, store string) error {
	a, err := open(ctx, dir, store)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, a.Close())
	}
	fmt.Println("ready", ln.Addr())
	srv := &http.Server{Handler: httpapi.New(httpapi.Config{App: a, Version: "test"}), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = srv.Serve(ln) }()
	select {
	case <-a.Stopped():
		return a.Err() // at once, and nothing is closed
	case <-ctx.Done():
	}
	within, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return errors.Join(srv.Shutdown(within), a.Close())
}
