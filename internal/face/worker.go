package face

import (
	"time"

	"limen/biometric"
	"limen/errs"
)

// worker is one set of stages with the buffers between them. One goroutine
// uses it at a time.
type worker struct {
	Stages
	image   Image
	aligned Aligned
	found   []Detection
	cut     resampler
}

func newWorker(build func() (Stages, error)) (*worker, error) {
	s, err := build()
	if err != nil {
		return nil, err
	}
	if !s.whole() {
		s.close()
		return nil, errs.New(errs.Broken, "engine-stages", "an engine needs all of its six stages")
	}
	return &worker{Stages: s}, nil
}

// stopwatch splits the time since it was started into laps.
type stopwatch struct{ at time.Time }

func (c *stopwatch) lap(to *time.Duration) {
	now := time.Now()
	*to, c.at = now.Sub(c.at), now
}

// extract is match.Engine's Extract on one worker.
func (w *worker) extract(data []byte) (biometric.Sample, error) {
	clock := stopwatch{time.Now()}
	var s biometric.Sample
	err := w.Decoder.Decode(&w.image, data)
	clock.lap(&s.Stages.Decode)
	if err != nil {
		return biometric.Sample{}, err
	}
	s.Width, s.Height = w.image.W, w.image.H
	w.found, err = w.Detector.Detect(w.found[:0], &w.image)
	clock.lap(&s.Stages.Detect)
	if err != nil {
		return s, err
	}
	if s.Faces = len(w.found); s.Faces == 0 {
		return s, errs.New(errs.Invalid, "no-face", "no face was found in the %d×%d pixels", s.Width, s.Height)
	}
	if err := w.measure(&s, &clock); err != nil {
		s.Subject = nil
		return s, err
	}
	return s, nil
}

// measure fills s from the subject among the faces found.
func (w *worker) measure(s *biometric.Sample, clock *stopwatch) error {
	subject, rival := chooseSubject(w.found, s.Width, s.Height)
	s.Rival, s.Face, s.Quality.Detector = rival, w.found[subject].Box, w.found[subject].Score
	s.Quality.FaceHeight = s.Face.H
	at, err := w.Landmarker.Landmarks(&w.image, s.Face)
	clock.lap(&s.Stages.Landmarks)
	if err != nil {
		return err
	}
	s.Quality.EyeDistance = faceFrame(at).eyes
	s.Quality.Yaw, s.Quality.Pitch, s.Quality.Roll = pose(at)
	w.Aligner.Align(&w.aligned, &w.image, at)
	light(&w.aligned, &s.Quality)
	s.Subject = w.cutOut(subject)
	clock.lap(&s.Stages.Align)
	s.AttackScore, err = w.Attack.Attack(&w.image, s.Face)
	clock.lap(&s.Stages.Attack)
	if err != nil {
		return err
	}
	t, err := w.Embedder.Embed(&w.aligned)
	clock.lap(&s.Stages.Template)
	if err != nil {
		return err
	}
	s.Quality.Norm = t.Norm()
	if w.Check != nil {
		if err := w.Check(&w.image, s.Face, at, t); err != nil {
			return err
		}
	}
	s.Template = t
	return nil
}

// forget clears what the last image left in buffers, other people's faces
// included.
func (w *worker) forget() {
	w.image.Clear()
	clear(w.aligned[:])
	clear(w.found[:cap(w.found)])
	for _, stage := range w.all() {
		if c, ok := stage.(Clearer); ok {
			c.Clear()
		}
	}
}
