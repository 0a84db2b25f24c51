package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"limen/internal/app"
	"limen/internal/face"
	"limen/internal/httpapi"
	"limen/internal/seal"
	"limen/match"
	"limen/policy"
	"limen/travel"
)

// siteFlags describe an installation; serve and key share the data folder.
type siteFlags struct {
	Data  string `help:"Data folder." default:"limen-data" type:"path" env:"LIMEN_DATA"`
	KEK   string `name:"kek" help:"File of the key-encryption keyset (default: kek in the data folder; keep it on another disk), or the URI of a key in a key service, hcvault://…" env:"LIMEN_KEK"`
	Store string `help:"PostgreSQL database that holds the record, postgres://… (default: SQLite in the data folder)." env:"LIMEN_STORE"`
}

type engineFlags struct {
	Assets      string  `help:"Folder of the models and the runtime (default: found beside the program or the checkout)." type:"path" env:"LIMEN_ASSETS"`
	Calibration string  `help:"Calibration: lfw, phantoms, or a file measured on your own site." default:"lfw" env:"LIMEN_CALIBRATION"`
	FPIR        float64 `name:"fpir" help:"Wished false positive identification rate of a search." default:"0.003" env:"LIMEN_FPIR"`
}

// open starts the default engine with its calibration.
func (f engineFlags) open() (*face.Engine, *match.Calibration, error) {
	var raw []byte
	var err error
	if strings.ContainsAny(f.Calibration, "/.") {
		raw, err = os.ReadFile(f.Calibration)
	} else {
		raw, err = face.Calibration(f.Calibration)
	}
	if err != nil {
		return nil, nil, err
	}
	c, err := match.ParseCalibration(raw)
	if err != nil {
		return nil, nil, err
	}
	e, err := face.Open(face.Config{Dir: f.Assets})
	return e, c, err
}

type serveCmd struct {
	siteFlags
	kekFlags
	engineFlags
	auditFlags
	ruleFlags
	Listen       string              `help:"Address to listen on. Put TLS in front of anything but this machine." default:"127.0.0.1:8080" env:"LIMEN_LISTEN"`
	Ports        []string            `help:"This installation's ports of entry and departure, each with the time zone of its days: BGR=America/New_York." required:"" env:"LIMEN_PORTS"`
	Jurisdiction policy.Jurisdiction `help:"Whose law holds here: US, EU, or that of a rule file of --policy." default:"US" env:"LIMEN_JURISDICTION"`
	Domestic     []string            `help:"Other ports of the same country: a leg between two of them crosses no border." env:"LIMEN_DOMESTIC"`
	OpenBoard    bool                `help:"Show the voyage board and the metrics (counts only) without a key."`
}

// Help teaches the first steps.
func (serveCmd) Help() string {
	return `Examples:
  limen key issue --role carrier --carrier AA --label "AA departure control"
  limen key issue --role point --port BGR --point GATE-2
  limen serve --ports BGR=America/New_York --domestic JFK,BOS,ORD --witness /mnt/witness
  curl -H "Authorization: Bearer $KEY" --data-binary @flight.edi http://127.0.0.1:8080/v1/manifests

The voyage board is at /board, metrics at /metrics (an officer's key is the password), the
API's description at /openapi.json. The audit log is signed every second: limen audit --help.
SIGTERM finishes what is being answered and stops.`
}

// Run serves until ctx ends.
func (c *serveCmd) Run(ctx context.Context, io *streams) (err error) {
	if !(c.FPIR > 0 && c.FPIR < 1) {
		return fmt.Errorf("--fpir is a rate between 0 and 1, such as 0.003")
	}
	ports, err := c.zones()
	if err != nil {
		return err
	}
	law, err := c.law()
	if err != nil {
		return err
	}
	engine, cal, err := c.engineFlags.open()
	if err != nil {
		return err
	}
	defer func() {
		if err == nil { // else the process ends at once: closing waits for images being worked on
			err = engine.Close()
		}
	}()
	var domestic []travel.Port
	for _, p := range c.Domestic {
		domestic = append(domestic, travel.Port(strings.ToUpper(p)))
	}
	log := slog.New(slog.NewJSONHandler(io.Err, nil))
	a, err := app.Open(ctx, app.Config{Dir: c.Data, Store: c.Store, KEK: c.KEK, Passphrase: seal.PassphraseFrom(c.PassphraseFile), Ports: ports, Domestic: domestic, Engine: engine, Calibration: cal, FPIR: c.FPIR, Policy: law, Jurisdiction: c.Jurisdiction,
		AuditKey: c.AuditKey, Witness: c.Witness, Version: version, Log: log})
	if err != nil {
		return err
	}
	ln, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return errors.Join(err, a.Close())
	}
	on, _ := cal.MeasuredOn()
	fmt.Fprintf(io.Out, "limen listens on http://%s (board: /board)\nThresholds were measured on: %s.\nThe default models' training data is unpublished: for trial, test and benchmark;\na deployment plugs in its own and calibrates on site.\n", ln.Addr(), on)
	if c.KEK == "" {
		log.Warn("the key-encryption key lies beside the data it protects: set --kek to a file on another disk, or a passphrase")
	}
	if c.Witness == "" {
		log.Warn("the audit log has no witness: who has the disk and its key could set it back unseen; set --witness")
	}
	return serveUntilStopped(ctx, a, ln, httpapi.Config{App: a, OpenBoard: c.OpenBoard, Version: version})
}

// law loads the rule sets; one of them must be in force here today.
func (c *serveCmd) law() (*policy.Book, error) {
	book, err := c.book()
	if err != nil {
		return nil, err
	}
	if _, err := book.On(c.Jurisdiction, travel.DayOf(time.Now())); err != nil {
		return nil, fmt.Errorf("--jurisdiction: %s", message(err))
	}
	return book, nil
}

// serveUntilStopped is serve, but returns at once when the record stops, in the
// midst of an orderly end, too: then nothing is waited for, and nothing closed.
func serveUntilStopped(ctx context.Context, a *app.App, ln net.Listener, c httpapi.Config) (err error) {
	ended := make(chan error, 1)
	go func() { ended <- serve(ctx, a, ln, c) }()
	select {
	case err = <-ended:
	case <-a.Stopped():
	}
	if a.Err() != nil {
		return a.Err()
	}
	return errors.Join(err, a.Close())
}

// zones reads --ports.
func (c *serveCmd) zones() (map[travel.Port]*time.Location, error) {
	ports := map[travel.Port]*time.Location{}
	for _, p := range c.Ports {
		name, zone, stated := strings.Cut(p, "=")
		if !stated || zone == "" {
			return nil, fmt.Errorf("--ports: %s needs the time zone of its days, such as %s=America/New_York", name, name)
		}
		loc, err := time.LoadLocation(zone)
		if err != nil {
			return nil, fmt.Errorf("--ports: there is no time zone %q", zone)
		}
		ports[travel.Port(strings.ToUpper(name))] = loc
	}
	return ports, nil
}

// drain is how long requests have to finish once the program is told to stop.
const drain = 10 * time.Second

// serve runs the API, the retention worker and the notary on ln until ctx ends,
// then lets what is being answered finish.
func serve(ctx context.Context, a *app.App, ln net.Listener, c httpapi.Config) error {
	stopping := make(chan struct{})
	c.Stopping = stopping
	srv := &http.Server{Handler: httpapi.New(c), ReadHeaderTimeout: 5 * time.Second, ReadTimeout: 30 * time.Second, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 16 << 10}
	workers, halt := context.WithCancel(context.WithoutCancel(ctx))
	defer halt()
	stop := work(workers, a)
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
		close(stopping) // boards stream for ever; what has an end is waited for
		within, done := context.WithTimeout(context.Background(), drain)
		if err = srv.Shutdown(within); err != nil {
			a.Log.Error("some requests did not end in time and are cut", "error", err)
			err = srv.Close()
		}
		done()
	}
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, stop())
}

// work runs the workers of retention and of leads and the notary until ctx ends, or until stop
// is called: the notary last, for it signs what the others leave.
func work(ctx context.Context, a *app.App) (stop func() error) {
	sweeping, stopSweeping := context.WithCancel(ctx)
	signing, stopSigning := context.WithCancel(ctx)
	var swept sync.WaitGroup
	signed := make(chan error, 1)
	swept.Go(func() { sweep(sweeping, a) })
	swept.Go(func() { a.Attend(sweeping) })
	go func() { signed <- a.Notarize(signing) }()
	return func() error {
		stopSweeping()
		swept.Wait()
		stopSigning()
		return <-signed
	}
}

// sweep erases what is due, every minute.
func sweep(ctx context.Context, a *app.App) {
	tick := time.NewTicker(time.Minute)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := a.Sweep(ctx); err != nil && ctx.Err() == nil {
				a.Log.ErrorContext(ctx, "retention sweep failed; it is tried again in a minute", "error", err)
			}
		}
	}
}
