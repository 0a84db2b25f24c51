package face

import (
	"context"
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"limen/biometric"
)

// threadTime is the processor time of this thread: what it took, whatever else
// the machine was doing.
func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}

// BenchmarkExtract1080p is one frame on one worker. The overhead is what it
// takes on top of decoding and the bare runs of the models, all in processor
// time.
func BenchmarkExtract1080p(b *testing.B) {
	e := openEngine(b)
	err := e.Ready()
	if err != nil {
		b.Fatal(err)
	}
	frame := gateFrame(b)
	b.ReportAllocs()
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	var total, sum time.Duration
	var raw biometric.Stages
	rounds := 0
	for b.Loop() {
		// In turns, so that what else the machine does falls on both alike.
		if raw, err = e.rawStages(frame, 5, threadTime); err != nil {
			b.Fatal(err)
		}
		took, err := medians([]func() error{func() error {
			_, err := e.Extract(context.Background(), frame)
			return err
		}}, 5, threadTime)
		if err != nil {
			b.Fatal(err)
		}
		total += took[0]
		sum += raw.Decode + raw.Detect + raw.Landmarks + raw.Attack + raw.Template
		rounds++
	}
	total, sum = total/time.Duration(rounds), sum/time.Duration(rounds)
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	b.ReportMetric(ms(sum), "raw-ms")
	b.ReportMetric(ms(total), "extract-ms")
	b.ReportMetric(100*float64(total-sum)/float64(sum), "overhead-%")
	b.Logf("%s: decode %v detect %v landmarks %v attack %v template %v", JPEGDecoder, raw.Decode, raw.Detect, raw.Landmarks, raw.Attack, raw.Template)
}

// BenchmarkExtractParallel is the throughput with every core busy.
func BenchmarkExtractParallel(b *testing.B) {
	e := openEngine(b)
	if err := e.Ready(); err != nil {
		b.Fatal(err)
	}
	frame := gateFrame(b)
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for p.Next() {
			if _, err := e.Extract(context.Background(), frame); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "frames/s")
}

func benchmarkStage(b *testing.B, run func(w *worker)) {
	e := openEngine(b)
	w := <-e.free
	defer func() { e.free <- w }()
	if _, err := w.extract(gateFrame(b)); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		run(w)
	}
}

func BenchmarkDetectInput(b *testing.B) {
	benchmarkStage(b, func(w *worker) { w.Detector.(*detector).prepare(&w.image) })
}

func BenchmarkAlign(b *testing.B) {
	benchmarkStage(b, func(w *worker) {
		warpMean(&w.aligned, &w.image, affine{3.5, 0, 700, 0, 3.5, 200}, maxTaps)
	})
}

func BenchmarkAttackInput(b *testing.B) {
	benchmarkStage(b, func(w *worker) { w.Attack.(*attackDetector).prepare(&w.image, w.found[0].Box) })
}

func BenchmarkForget(b *testing.B) {
	benchmarkStage(b, func(w *worker) {
		clear(w.image.Pix)
		w.Detector.(*detector).Clear()
		w.Attack.(*attackDetector).Clear()
	})
}

func BenchmarkCutOut(b *testing.B) {
	benchmarkStage(b, func(w *worker) { w.cutOut(0) })
}

func BenchmarkLight(b *testing.B) {
	var q biometric.Quality
	benchmarkStage(b, func(w *worker) { light(&w.aligned, &q) })
}
