package bench

import (
	"bytes"
	"context"
	"os"
	"sync/atomic"
	"time"

	"github.com/google/uuid"

	"limen/authz"
	"limen/errs"
	ref "limen/gallery"
	"limen/internal/app"
	"limen/internal/face"
	"limen/internal/sim"
	"limen/manifest"
	"limen/match"
	"limen/travel"
)

// Path is a system with one voyage whose gallery holds the phantoms'
// portraits, and a frame of somebody who is not among them.
type Path struct {
	App   *app.App
	Frame []byte // 1920×1080 JPEG

	engine *face.Engine
	gate   app.Actor
	voyage travel.VoyageID
}

var benchDay = travel.Day{Year: 2026, Month: 11, Date: 23}

func openApp(ctx context.Context, dir string, e *face.Engine, c *match.Calibration) (*app.App, error) {
	noon := travel.LocalTime{Day: benchDay, Minute: 5 * 60}.In(time.UTC)
	return app.Open(ctx, app.Config{Dir: dir, Ports: map[travel.Port]*time.Location{"BGR": time.UTC}, Engine: e, Calibration: c, Now: func() time.Time { return noon },
		AnswerWithin: time.Minute})
}

// NewPath makes the system in the empty folder dir. It needs some seconds: some
// 190 portraits go through the engine. Close its App when done.
func NewPath(ctx context.Context, dir string, e *face.Engine, c *match.Calibration) (*Path, error) {
	plan, err := sim.NewPlan(sim.Phantoms(), 1, benchDay)
	if err != nil {
		return nil, err
	}
	p := &Path{engine: e}
	if p.Frame, err = strangerFrame(plan); err != nil {
		return nil, err
	}
	if p.App, err = openApp(ctx, dir, e, c); err != nil {
		return nil, err
	}
	if err := p.fill(ctx, plan); err != nil {
		p.App.Close()
		return nil, err
	}
	return p, nil
}

// ReopenPath opens what NewPath made in dir, as a system that starts anew does.
func ReopenPath(ctx context.Context, dir string, frame []byte, e *face.Engine, c *match.Calibration) (*Path, error) {
	a, err := openApp(ctx, dir, e, c)
	if err != nil {
		return nil, err
	}
	p := &Path{App: a, Frame: frame, engine: e}
	voyages, err := a.Board(ctx)
	if err != nil || len(voyages) != 1 {
		a.Close()
		return nil, errs.New(errs.Invalid, "bench-data", "the data folder does not hold the benchmark's voyage")
	}
	p.aim(voyages[0].ID)
	return p, nil
}

func (p *Path) aim(v travel.VoyageID) {
	p.voyage, p.gate = v, app.Actor{Key: "bench", Role: authz.Point, Port: "BGR", Point: "bench-gate"}
}

// strangerFrame returns a good frame of somebody who is on no voyage.
func strangerFrame(plan *sim.Plan) ([]byte, error) {
	studio := sim.NewStudio()
	for _, v := range plan.Voyages {
		for _, visit := range v.Visits {
			if visit.Fate == sim.StrangerComes && visit.Frames[0].Spoil == "" {
				return studio.Frame(v, visit, 0)
			}
		}
	}
	return nil, errs.New(errs.Broken, "bench-frame", "the plan has no stranger")
}

// fill puts everybody of the plan on its first departure.
func (p *Path) fill(ctx context.Context, plan *sim.Plan) error {
	m := plan.Voyages[0].Manifest()
	var everybody []*sim.Passenger
	for _, v := range plan.Voyages {
		everybody = append(everybody, v.Passengers...)
		if v != plan.Voyages[0] {
			m.Passengers = append(m.Passengers, v.Manifest().Passengers...)
		}
	}
	carrier := app.Actor{Key: "bench", Role: authz.Carrier, Carrier: m.Legs[0].Carrier}
	message, err := encode(m)
	if err != nil {
		return err
	}
	r, err := p.App.TakeManifest(ctx, carrier, bytes.NewReader(message))
	if err != nil {
		return err
	}
	if len(r.Messages) != 1 || len(r.Messages[0].Passengers) != len(everybody) {
		return errs.New(errs.Broken, "bench-manifest", "the benchmark's manifest was not taken whole")
	}
	for i, passenger := range r.Messages[0].Passengers {
		img, err := everybody[i].Portrait()
		if err != nil {
			return err
		}
		if _, err := p.App.AddReference(ctx, carrier, passenger.ID, ref.DocumentPortrait, img); err != nil {
			return err
		}
	}
	p.aim(r.Messages[0].Voyage)
	return nil
}

// Answer takes the frame as a new capture of a new encounter.
func (p *Path) Answer(ctx context.Context) (app.Answer, error) {
	e := travel.EncounterID(uuid.NewString())
	if err := p.App.OpenEncounter(ctx, p.gate, e, p.voyage); err != nil {
		return app.Answer{}, err
	}
	return p.App.TakeCapture(ctx, p.gate, e, travel.CaptureID(uuid.NewString()), p.Frame)
}

// overheadRounds is how many pairs one comparison of the path takes.
const overheadRounds = 60

// OverheadLimit is how much longer than decoding and the raw model runs a
// capture may take to its recommendation; ScalingLimit the share of ideal
// throughput that all cores together must reach.
const (
	OverheadLimit = 1.15
	ScalingLimit  = 0.9
)

// Overhead measures capture to recommendation, and to the durable record of
// it, against the sum of decoding and the raw model runs.
func (p *Path) Overhead(ctx context.Context) ([]Row, error) {
	var recommended, committed time.Duration
	raw := func() (time.Duration, error) {
		s, err := p.engine.RawStages(p.Frame, 1)
		return s.Decode + s.Detect + s.Landmarks + s.Attack + s.Template, err
	}
	run := func() (time.Duration, error) {
		a, err := p.Answer(ctx)
		recommended, committed = a.Took.Total-a.Took.Commit, a.Took.Total
		return recommended, err
	}
	toRecommendation, err := Overhead(ctx, run, raw, overheadRounds)
	if err != nil {
		return nil, err
	}
	durable := func() (time.Duration, error) { _, err := run(); return committed, err }
	toRecord, err := Overhead(ctx, durable, raw, overheadRounds)
	if err != nil {
		return nil, err
	}
	return []Row{
		RatioRow("capture to recommendation : raw", milliseconds(toRecommendation), toRecommendation, AtMost(OverheadLimit)),
		RatioRow("... and its durable record : raw", milliseconds(toRecord), toRecord, nil),
	}, nil
}

func milliseconds(r Ratio) string {
	return number(r.Numerator/1e6) + " : " + number(r.Denominator/1e6) + " ms"
}

// Scaling measures the throughput of all cores against that of one, on the
// engine, where the time goes; and, beside it, what the machine itself gives:
// plain arithmetic on all cores against one. A machine whose cores are shared
// with others, or are halves of one, gives less than it counts.
func (p *Path) Scaling(ctx context.Context, cores int) ([]Row, error) {
	if err := p.engine.Ready(); err != nil {
		return nil, err
	}
	engine, err := Scaling(ctx, cores, func() error { _, err := p.engine.Extract(ctx, p.Frame); return err }, time.Second)
	if err != nil {
		return nil, err
	}
	machine, err := Scaling(ctx, cores, func() error { arithmetic(); return nil }, time.Second)
	if err != nil {
		return nil, err
	}
	return []Row{
		RatioRow("throughput of all cores : cores × one", number(engine.Numerator)+" : "+number(engine.Denominator)+" frames/s", engine, AtLeast(ScalingLimit)),
		RatioRow("... of plain arithmetic, same minute", number(machine.Numerator)+" : "+number(machine.Denominator)+" rounds/s", machine, nil),
	}, nil
}

// sink keeps the compiler from leaving arithmetic out.
var sink atomic.Uint64

// arithmetic keeps one core busy for some 20 ms without touching memory.
func arithmetic() {
	x := uint64(88172645463325252)
	for range 8_000_000 {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	sink.Add(x)
}

// WriteFrame keeps the frame for a program that is started anew.
func (p *Path) WriteFrame(path string) error { return os.WriteFile(path, p.Frame, 0o600) }

func encode(m manifest.Message) ([]byte, error) {
	var b bytes.Buffer
	err := manifest.WritePAXLST(&b, m)
	return b.Bytes(), err
}
