package face

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"limen/biometric"
	"limen/errs"
	"limen/match"
)

// Engine is the default match.Engine; its methods' contract is there.
type Engine struct {
	model    biometric.ModelID
	features int
	workers  int

	free   chan *worker
	broken chan struct{} // closed when a worker could not be started
	cause  error         // why, set before broken is closed
	start  sync.WaitGroup
	alive  atomic.Int32 // workers that started
}

var _ match.Engine = (*Engine)(nil)

// Config says where the models are and how much is run at a time.
type Config struct {
	// Dir is the assets folder; empty means the one FindAssets finds.
	Dir string
	// Sessions is the number of workers; 0 means one per core.
	Sessions int
	// MaxPixels is the largest image decoded; 0 means DefaultMaxPixels.
	MaxPixels int
}

// Open starts the default engine. It returns as soon as one worker is ready,
// the others follow in the background, so that the first answer is early. It
// returns a NotFound error with code "assets" if runtime or models are missing.
func Open(c Config) (*Engine, error) {
	if c.Dir == "" {
		dir, err := FindAssets()
		if err != nil {
			return nil, err
		}
		c.Dir = dir
	}
	models, err := LoadModels(c.Dir)
	if err != nil {
		return nil, err
	}
	models.maxPixels = c.MaxPixels
	return New(c.Sessions, models.Stages)
}

// New starts an engine of other stages: build is called once per worker
// (0 workers means one per core), from several goroutines at a time. All
// workers' embedders must be of the same model.
func New(workers int, build func() (Stages, error)) (*Engine, error) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	first, err := newWorker(build)
	if err != nil {
		return nil, err
	}
	e := &Engine{
		model: first.Embedder.Model(), features: first.Embedder.Features(), workers: workers,
		free: make(chan *worker, workers), broken: make(chan struct{}),
	}
	e.alive.Store(1)
	e.free <- first
	var once sync.Once
	for range workers - 1 {
		e.start.Go(func() {
			w, err := newWorker(build)
			if err == nil && w.Embedder.Model() != e.model {
				err = errors.Join(errs.New(errs.Broken, "model-mix", "workers of one engine must run the same model"), w.close())
			}
			if err != nil {
				once.Do(func() { e.cause = err; close(e.broken) })
				return
			}
			e.alive.Add(1)
			e.free <- w
		})
	}
	return e, nil
}

// Ready waits until every worker has started and returns why one has not.
// Nothing needs it but a benchmark, or a start-up check.
func (e *Engine) Ready() error {
	e.start.Wait()
	return e.cause
}

// Workers is how many images are worked on at a time.
func (e *Engine) Workers() int { return e.workers }

// Model implements match.Engine.
func (e *Engine) Model() biometric.ModelID { return e.model }

// Features implements match.Engine.
func (e *Engine) Features() int { return e.features }

// retryAfter is about what the images before this one take.
const retryAfter = 250 * time.Millisecond

// Extract implements match.Engine.
func (e *Engine) Extract(ctx context.Context, image []byte) (biometric.Sample, error) {
	w, err := e.take(ctx)
	if err != nil {
		return biometric.Sample{}, err
	}
	s, err := w.extract(image)
	// The answer need not wait until the buffers are cleared; the worker does.
	go func() {
		w.forget()
		e.free <- w
	}()
	return s, err
}

func (e *Engine) take(ctx context.Context) (*worker, error) {
	select {
	case <-e.broken:
		// An engine with fewer workers than promised would be slow in silence.
		return nil, errs.New(errs.Broken, "engine-start", "a worker of the face engine did not start: %w", e.cause)
	default:
	}
	if ctx.Err() == nil {
		select {
		case w := <-e.free:
			return w, nil
		case <-ctx.Done():
		}
	}
	return nil, errs.Retry(retryAfter, "engine-busy", "no core was free in time for this image: %w", context.Cause(ctx))
}

// Close implements match.Engine. It waits for the images being worked on.
func (e *Engine) Close() error {
	e.start.Wait()
	var all []error
	for range e.alive.Load() {
		all = append(all, (<-e.free).close())
	}
	return errors.Join(all...)
}
