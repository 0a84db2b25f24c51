package face

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"limen/biometric"
	"limen/errs"
)

// fakeStages is a whole chain without models: every image shows one face.
type fakeStages struct {
	entered, leave chan struct{} // Decode tells and waits, if set
	closed         *atomic.Int32
	cleared        *atomic.Int32
}

func (f fakeStages) Decode(dst *Image, data []byte) error {
	dst.resize(200, 200)
	for i := range dst.Pix {
		dst.Pix[i] = 77
	}
	if f.entered != nil {
		f.entered <- struct{}{}
		<-f.leave
	}
	return nil
}

func (fakeStages) Detect(dst []Detection, _ *Image) ([]Detection, error) {
	return append(dst, Detection{biometric.Box{X: 50, Y: 50, W: 80, H: 100}, 0.9}), nil
}

func (fakeStages) Landmarks(*Image, biometric.Box) (Landmarks, error) {
	at := template5
	return Landmarks{at[0], at[1], at[2], at[3], at[4]}, nil
}

func (fakeStages) Align(dst *Aligned, _ *Image, _ Landmarks) { dst[0] = 1 }

func (fakeStages) Attack(*Image, biometric.Box) (float32, error) { return 0.25, nil }

func (f fakeStages) Embed(*Aligned) (biometric.Template, error) {
	return biometric.NewTemplate(f.Model(), []float32{3, 4})
}

func (fakeStages) Model() biometric.ModelID { return biometric.ModelID{Name: "fake"} }
func (fakeStages) Features() int            { return 2 }
func (f fakeStages) Close() error           { f.closed.Add(1); return nil }
func (f fakeStages) Clear()                 { f.cleared.Add(1) }

func newFake() fakeStages {
	return fakeStages{closed: new(atomic.Int32), cleared: new(atomic.Int32)}
}

func (f fakeStages) stages() (Stages, error) {
	return Stages{Decoder: f, Detector: f, Landmarker: f, Aligner: f, Attack: f, Embedder: f}, nil
}

func TestPluggedEngine(t *testing.T) {
	f := newFake()
	e, err := New(2, f.stages)
	if err != nil {
		t.Fatal(err)
	}
	s, err := e.Extract(context.Background(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.Model() != f.Model() || e.Features() != 2 || s.Template.Model() != f.Model() || s.Quality.Norm != 5 || s.AttackScore != 0.25 {
		t.Errorf("the plugged stages' answers do not come through: %+v", s)
	}
	if err := e.Ready(); err != nil {
		t.Fatal(err)
	}
	workers := []*worker{<-e.free, <-e.free} // both, so that both are cleared
	if f.cleared.Load() != 6 {
		t.Errorf("%d of 6 stages were told to forget the image", f.cleared.Load())
	}
	for _, w := range workers {
		for _, v := range w.image.Pix[:cap(w.image.Pix)] {
			if v != 0 {
				t.Fatal("pixels are left in a worker")
			}
		}
		if w.aligned != (Aligned{}) {
			t.Fatal("a face is left in a worker")
		}
		e.free <- w
	}
	if err := e.Close(); err != nil || f.closed.Load() != 12 {
		t.Errorf("%d of 12 stages closed, %v", f.closed.Load(), err)
	}
}

func TestExtractWaitsForAWorkerNoLongerThanItsContext(t *testing.T) {
	f := newFake()
	f.entered, f.leave = make(chan struct{}), make(chan struct{})
	e, err := New(1, f.stages)
	if err != nil {
		t.Fatal(err)
	}
	first := make(chan error)
	go func() {
		_, err := e.Extract(context.Background(), nil)
		first <- err
	}()
	<-f.entered
	ctx, cancel := context.WithTimeout(context.Background(), 10*time.Millisecond)
	defer cancel()
	_, err = e.Extract(ctx, nil)
	var busy *errs.Error
	if !errors.As(err, &busy) || busy.Kind != errs.Unavailable || busy.Code != "engine-busy" || busy.RetryAfter <= 0 || !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("no free worker: %v", err)
	}
	close(f.leave)
	if err := <-first; err != nil {
		t.Errorf("the image being worked on: %v", err)
	}
	if _, err = e.Extract(ctx, nil); errs.CodeOf(err) != "engine-busy" {
		t.Errorf("a context that has ended: %v", err)
	}
	if err := e.Close(); err != nil {
		t.Error(err)
	}
}

func TestEngineThatCannotStart(t *testing.T) {
	f := newFake()
	if _, err := New(1, func() (Stages, error) { s, _ := f.stages(); s.Aligner = nil; return s, nil }); errs.CodeOf(err) != "engine-stages" {
		t.Errorf("a stage is missing: %v", err)
	}
	var built atomic.Int32
	closed := f.closed.Load()
	e, err := New(3, func() (Stages, error) {
		if built.Add(1) == 3 {
			return Stages{}, errors.New("out of memory")
		}
		return f.stages()
	})
	if err != nil {
		t.Fatal(err)
	}
	if e.Ready() == nil {
		t.Error("a worker did not start, Ready says nothing")
	}
	if _, err := e.Extract(context.Background(), nil); errs.KindOf(err) != errs.Broken || errs.CodeOf(err) != "engine-start" {
		t.Errorf("an engine with a worker too few: %v", err)
	}
	if err := e.Close(); err != nil || f.closed.Load()-closed != 12 {
		t.Errorf("%d of 12 stages of two workers closed, %v", f.closed.Load()-closed, err)
	}
}

// TestConcurrentExtract: many callers get what one caller gets.
func TestConcurrentExtract(t *testing.T) {
	e := openEngine(t)
	const people, callers = 6, 8
	want := make([]biometric.Sample, people)
	for id := range people {
		s, err := e.Extract(context.Background(), phantomFile(t, id, "live2"))
		if err != nil {
			t.Fatal(err)
		}
		want[id] = s
	}
	var wg sync.WaitGroup
	for c := range callers {
		wg.Go(func() {
			for i := range people {
				id := (i + c) % people
				s, err := e.Extract(context.Background(), phantomFile(t, id, "live2"))
				if err != nil {
					t.Error(err)
				} else if cosine(s.Template.AppendFeatures(nil), want[id].Template.AppendFeatures(nil)) < 0.99999 || s.AttackScore != want[id].AttackScore {
					t.Errorf("phantom %d: another answer under load", id)
				}
			}
		})
	}
	wg.Wait()
}

func TestOpenWithoutAssets(t *testing.T) {
	t.Setenv("LIMEN_ASSETS", t.TempDir())
	if _, err := Open(Config{}); errs.CodeOf(err) != "assets" || errs.KindOf(err) != errs.NotFound {
		t.Errorf("an empty assets folder: %v", err)
	}
}

func TestRawStagesAreMeasured(t *testing.T) {
	s, err := openEngine(t).RawStages(phantomFile(t, 0, "live1"), 3)
	if err != nil || s.Decode <= 0 || s.Detect <= 0 || s.Landmarks <= 0 || s.Attack <= 0 || s.Template <= 0 || s.Align != 0 {
		t.Errorf("%+v, %v", s, err)
	}
	f := newFake()
	e, err := New(1, f.stages)
	if err != nil {
		t.Fatal(err)
	}
	defer e.Close()
	if _, err := e.RawStages(nil, 1); errs.CodeOf(err) != "raw-stages" {
		t.Errorf("plugged stages have no bare runs: %v", err)
	}
}
