package face

import (
	"crypto/sha256"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"

	"limen/biometric"
)

// modelName is how records name the default template model; with the digest of
// its file it is the biometric.ModelID.
const modelName = "faceplugin-0.0.1/fr_feature"

// Models is the default models, read into memory and not yet running. It is
// safe for concurrent use.
type Models struct {
	id                                  biometric.ModelID
	detect, landmarks, attack, template []byte
	maxPixels                           int
}

// LoadModels loads runtime and models from an assets folder (see FindAssets).
// The runtime is loaded once per process: a second folder's runtime is not
// used. It returns a NotFound error with code "assets" if a file is missing.
func LoadModels(dir string) (*Models, error) {
	if err := checkAssets(dir); err != nil {
		return nil, err
	}
	m := &Models{}
	var g errgroup.Group
	g.Go(func() error { return loadRuntime(dir) })
	for name, to := range map[string]*[]byte{detectFile: &m.detect, landmarksFile: &m.landmarks, attackFile: &m.attack, templateFile: &m.template} {
		g.Go(func() (err error) {
			*to, err = os.ReadFile(filepath.Join(dir, name))
			if err == nil && name == templateFile {
				m.id = biometric.ModelID{Name: modelName, SHA256: sha256.Sum256(*to)}
			}
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return m, nil
}

// Stages starts one worker's stages: a session per model, each on one thread.
func (m *Models) Stages() (Stages, error) {
	s := Stages{Decoder: NewDecoder(m.maxPixels), Aligner: aligner{}}
	var g errgroup.Group
	g.Go(func() (err error) { s.Detector, err = newDetector(m.detect); return err })
	g.Go(func() error {
		l, err := newLandmarker(m.landmarks)
		s.Landmarker, s.Check = l, uprightCheck{l}.check
		return err
	})
	g.Go(func() (err error) { s.Attack, err = newAttackDetector(m.attack); return err })
	g.Go(func() (err error) { s.Embedder, err = newEmbedder(m.template, m.id); return err })
	if err := g.Wait(); err != nil {
		return Stages{}, err
	}
	return s, nil
}
