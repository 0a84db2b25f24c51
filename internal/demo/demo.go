// Package demo lives through a day at a small airport: it runs the whole
// system on the loopback interface and speaks to it as carriers, gates and
// officers do, over HTTP with their own keys. The simulator knows the truth;
// the system gets manifests, photographs and frames, and nothing else.
package demo

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"runtime"
	"sync"
	"time"

	"limen/authz"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/face"
	"limen/internal/httpapi"
	"limen/internal/sim"
	"limen/match"
	"limen/travel"
)

// Config says how the day goes.
type Config struct {
	Faces       *sim.Faces
	Seed        uint64
	Engine      *face.Engine
	Calibration *match.Calibration
	// Dir is the data folder; it must be empty or absent.
	Dir      string
	Listener net.Listener
	Version  string
	View     View
}

// View is told how the day goes. Its methods may be called from several
// goroutines at once.
type View interface {
	// Stage begins a part of a voyage, of so many steps.
	Stage(v *sim.Voyage, name string, steps int)
	// Step ends one step of it; note is the outcome, "" if there is none.
	Step(v *sim.Voyage, note string)
}

// Day is a day that was lived through, with the system still up.
type Day struct {
	Plan    *sim.Plan
	Summary sim.Summary
	App     *app.App
	URL     string

	server      *http.Server
	failed      chan error
	signed      chan error // the notary's
	stopSigning context.CancelFunc
	stopping    chan struct{}
}

// zone is that of Bangor, Maine, where the day takes place.
func zone() *time.Location {
	z, err := time.LoadLocation("America/New_York")
	if err != nil {
		return time.FixedZone("EST", -5*60*60) // a machine without zone data
	}
	return z
}

// Run lives through the day and returns it with the system still serving; the
// caller ends it with Close. The system's clock begins at five in the morning
// of today and runs at its usual pace.
func Run(ctx context.Context, c Config) (*Day, error) {
	if files, err := os.ReadDir(c.Dir); err == nil && len(files) > 0 {
		return nil, errs.New(errs.Conflict, "demo-folder", "the demo needs an empty data folder, and this one is not")
	}
	z, began := zone(), time.Now()
	today := travel.DayOf(began.In(z))
	morning := travel.LocalTime{Day: today, Minute: 5 * 60}.In(z)
	plan, err := sim.NewPlan(c.Faces, c.Seed, today)
	if err != nil {
		return nil, err
	}
	a, err := app.Open(ctx, app.Config{Dir: c.Dir, Ports: map[travel.Port]*time.Location{plan.Port: z}, Engine: c.Engine, Calibration: c.Calibration,
		Now: func() time.Time { return morning.Add(time.Since(began)) }})
	if err != nil {
		return nil, err
	}
	d := &Day{Plan: plan, App: a, URL: "http://" + c.Listener.Addr().String(), failed: make(chan error, 1), signed: make(chan error, 1), stopping: make(chan struct{})}
	signing, stopSigning := context.WithCancel(context.WithoutCancel(ctx))
	d.stopSigning = stopSigning
	go func() { d.signed <- a.Notarize(signing) }()
	d.server = &http.Server{ReadHeaderTimeout: 5 * time.Second,
		Handler: httpapi.New(httpapi.Config{App: a, OpenBoard: true, Version: c.Version, Stopping: d.stopping})}
	go func() { d.failed <- d.server.Serve(c.Listener) }()
	if err := d.live(ctx, c); err != nil {
		d.Close()
		return nil, err
	}
	return d, nil
}

// Close stops serving and closes the system.
func (d *Day) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	close(d.stopping)
	if d.server.Shutdown(ctx) != nil {
		d.server.Close()
	}
	<-d.failed
	d.stopSigning()
	return errors.Join(<-d.signed, d.App.Close())
}

// Lanes is how many travelers of a voyage are at its cameras at once.
func Lanes() int { return max(2, runtime.GOMAXPROCS(0)) }

func (d *Day) live(ctx context.Context, c Config) error {
	studio := sim.NewStudio()
	if !c.Faces.Generated {
		studio.Look = lookWith(ctx, c.Engine)
	}
	officer, err := d.clientFor(ctx, app.NewKey{Role: authz.Officer, Label: "D. Muir, officer of the demo"})
	if err != nil {
		return err
	}
	officer.purpose = "demonstration"
	var answers sim.Answers
	for _, v := range d.Plan.Voyages {
		s := &stage{Config: c, day: d, voyage: v, studio: studio, officer: officer}
		if err := s.prepare(ctx); err != nil {
			return fmt.Errorf("voyage %s: %w", v.ID, err)
		}
		if err := s.cross(ctx); err != nil {
			return fmt.Errorf("voyage %s: %w", v.ID, err)
		}
		answers.Encounters = append(answers.Encounters, s.encounters...)
		answers.Elapsed += s.elapsed
	}
	d.Summary = sim.Summarize(d.Plan, answers)
	return nil
}

func (d *Day) clientFor(ctx context.Context, k app.NewKey) (*client, error) {
	secret, err := d.App.IssueKey(ctx, k)
	return &client{base: d.URL, key: secret, http: &http.Client{Timeout: 2 * time.Minute}}, err
}

// each runs do for 0 to n-1 on some lanes and returns the first error.
func each(ctx context.Context, lanes, n int, do func(context.Context, int) error) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	next := make(chan int)
	var wg sync.WaitGroup
	for range lanes {
		wg.Go(func() {
			for i := range next {
				if err := do(ctx, i); err != nil {
					stop(err)
				}
			}
		})
	}
	for i := 0; i < n && ctx.Err() == nil; i++ {
		next <- i
	}
	close(next)
	wg.Wait()
	return context.Cause(ctx)
}
