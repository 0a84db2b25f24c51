package face

import (
	"fmt"
	"path/filepath"
	"runtime"
	"sync"

	ort "github.com/yalue/onnxruntime_go"
)

// The runtime is one per process and is loaded once: unloading it while
// another engine runs would be fatal, and loading it again gains nothing.
var runtimeLoaded struct {
	sync.Mutex
	done bool
}

func loadRuntime(dir string) error {
	runtimeLoaded.Lock()
	defer runtimeLoaded.Unlock()
	if runtimeLoaded.done {
		return nil
	}
	path, err := filepath.Abs(filepath.Join(dir, libraryFile))
	if err != nil {
		return err
	}
	ort.SetSharedLibraryPath(path)
	if err := ort.InitializeEnvironment(ort.WithLogLevelError()); err != nil {
		return fmt.Errorf("loading the ONNX runtime: %w", err)
	}
	runtimeLoaded.done = true
	return nil
}

// session is one model on one thread with its tensors fixed for life.
type session struct {
	in  []float32
	out [][]float32

	session *ort.AdvancedSession
	tensors []*ort.Tensor[float32]
	pins    runtime.Pinner // the runtime keeps pointers to the tensors' memory
}

// tensorSpec names a tensor of a model and its shape.
type tensorSpec struct {
	name  string
	shape []int64
}

func newSession(model []byte, in tensorSpec, out ...tensorSpec) (*session, error) {
	options, err := sessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	s := &session{}
	var names []string
	var values []ort.Value
	for _, spec := range append([]tensorSpec{in}, out...) {
		shape := ort.NewShape(spec.shape...)
		data := make([]float32, shape.FlattenedSize())
		s.pins.Pin(&data[0])
		t, err := ort.NewTensor(shape, data)
		if err != nil {
			s.Close()
			return nil, err
		}
		s.tensors = append(s.tensors, t)
		names, values = append(names, spec.name), append(values, t)
	}
	s.in = s.tensors[0].GetData()
	for _, t := range s.tensors[1:] {
		s.out = append(s.out, t.GetData())
	}
	s.session, err = ort.NewAdvancedSessionWithONNXData(model, names[:1], names[1:], values[:1], values[1:], options)
	if err != nil {
		s.Close()
		return nil, err
	}
	return s, nil
}

// sessionOptions asks for one thread that sleeps when idle: the default spins,
// which doubles the latency when there is a session per core.
func sessionOptions() (*ort.SessionOptions, error) {
	o, err := ort.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	for _, set := range []func() error{
		func() error { return o.SetIntraOpNumThreads(1) },
		func() error { return o.SetInterOpNumThreads(1) },
		func() error { return o.SetExecutionMode(ort.ExecutionModeSequential) },
		func() error { return o.AddSessionConfigEntry("session.intra_op.allow_spinning", "0") },
		func() error { return o.AddSessionConfigEntry("session.inter_op.allow_spinning", "0") },
	} {
		if err := set(); err != nil {
			o.Destroy()
			return nil, err
		}
	}
	return o, nil
}

// infer computes out from in.
func (s *session) infer() error { return s.session.Run() }

// Clear forgets the last image.
func (s *session) Clear() {
	clear(s.in)
	for _, out := range s.out {
		clear(out)
	}
}

// Close frees the session and its tensors.
func (s *session) Close() error {
	var first error
	if s.session != nil {
		first = s.session.Destroy()
		s.session = nil
	}
	for _, t := range s.tensors {
		if err := t.Destroy(); err != nil && first == nil {
			first = err
		}
	}
	s.tensors = nil
	s.pins.Unpin()
	return first
}
