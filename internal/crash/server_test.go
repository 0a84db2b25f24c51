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
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"limen/internal/app"
	"limen/internal/backup"
	"limen/internal/httpapi"
	"limen/internal/notary"
	"limen/internal/seal"
	"limen/travel"
)

// What the parent tells the child, in the environment.
const (
	childTask  = "LIMEN_CRASH_TASK"  // serve, backup or restore; set in the child only
	childRoot  = "LIMEN_CRASH_ROOT"  // folder of the installation
	childStore = "LIMEN_CRASH_STORE" // PostgreSQL database; none is SQLite
	childLater = "LIMEN_CRASH_LATER" // a duration to add to the time of a backup, which is its name
	childTrap  = "LIMEN_CRASH_TRAP"  // "1": hand the calls on files to the parent
)

// trapRefused begins the line of a child that may not trap its calls.
const trapRefused = "trap refused:"

// TestMain makes a limen of the test binary when the parent asks for one.
func TestMain(m *testing.M) {
	task := os.Getenv(childTask)
	if task == "" {
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
	at := place{os.Getenv(childRoot), os.Getenv(childStore)}
	err := map[string]func(context.Context) error{"serve": at.serve, "backup": at.backup, "restore": at.restore}[task](ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// place is where an installation is: its folders under root, and its database.
type place struct{ root, store string }

func (p place) data() string     { return filepath.Join(p.root, "data") }
func (p place) witness() string  { return filepath.Join(p.root, "witness") }
func (p place) backups() string  { return filepath.Join(p.root, "backups") }
func (p place) restored() string { return filepath.Join(p.root, "restored") }

// open opens the installation as `limen serve` does.
func (p place) open(ctx context.Context) (*app.App, error) {
	cal, err := calibration()
	if err != nil {
		return nil, err
	}
	return app.Open(ctx, app.Config{Dir: p.data(), Store: p.store, Witness: p.witness(), Ports: map[travel.Port]*time.Location{"BGR": time.UTC},
		Engine: engine{}, Calibration: cal, AnswerWithin: 10 * time.Second,
		Log: slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError}))})
}

// serve answers until it is told to stop, or must.
func (p place) serve(ctx context.Context) error {
	a, err := p.open(ctx)
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return errors.Join(err, a.Close())
	}
	fmt.Println("ready", ln.Addr())
	ended := make(chan error, 1)
	go func() { ended <- respond(ctx, a, ln) }()
	select {
	case err = <-ended:
	case <-a.Stopped():
	}
	if a.Err() != nil {
		return a.Err() // at once, and nothing is closed
	}
	return errors.Join(err, a.Close())
}

// respond runs the API and the notary until ctx ends.
func respond(ctx context.Context, a *app.App, ln net.Listener) error {
	signing, stopSigning := context.WithCancel(context.Background())
	defer stopSigning()
	signed := make(chan error, 1)
	go func() { signed <- a.Notarize(signing) }()
	srv := &http.Server{Handler: httpapi.New(httpapi.Config{App: a, Version: "test"}), ReadHeaderTimeout: 5 * time.Second}
	go func() { _ = srv.Serve(ln) }()
	<-ctx.Done()
	within, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := srv.Shutdown(within)
	stopSigning()
	return errors.Join(err, <-signed)
}

// backup is `limen backup`, beside a server or without one.
func (p place) backup(ctx context.Context) error {
	later, _ := time.ParseDuration(os.Getenv(childLater))
	_, err := backup.Make(ctx, backup.Options{Data: p.data(), To: p.backups(), Now: time.Now().Add(later)})
	return err
}

// restore is `limen restore` of the newest backup into another folder.
func (p place) restore(ctx context.Context) error {
	made, err := backup.Generations(p.backups())
	if err != nil {
		return err
	}
	_, err = backup.Restore(ctx, p.restoring(made[len(made)-1], p.restored()))
	return err
}

func (p place) restoring(generation, to string) backup.RestoreOptions {
	o := backup.RestoreOptions{Backup: filepath.Join(p.backups(), generation), Settle: backup.SettleOptions{
		Keys:     seal.Config{Dir: to, KEK: filepath.Join(p.data(), "kek")},
		AuditKey: filepath.Join(p.data(), notary.KeyFile), Witness: p.witness()}}
	if _, err := os.Stat(filepath.Join(to, "keys.db")); err != nil {
		o.KeysFrom = filepath.Join(p.data(), "keys.db")
	}
	return o
}
