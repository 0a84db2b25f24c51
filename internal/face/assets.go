package face

import (
	"os"
	"path/filepath"

	"limen/errs"
)

// The files of an assets folder, as scripts/assets.sh writes them.
const (
	libraryFile   = "libonnxruntime.so.1"
	detectFile    = "fr_detect.onnx"
	landmarksFile = "fr_landmark.onnx"
	attackFile    = "fr_liveness.onnx"
	templateFile  = "fr_feature.onnx"
)

const assetsFolder = ".assets"

// FindAssets returns the folder with runtime and models: what the environment
// variable LIMEN_ASSETS names, else .assets beside the executable or a folder
// above it (a checkout's build/), in the working directory or in one of its
// parents. It returns a NotFound error with
// code "assets" that says what to run if there is none, or if the one that
// LIMEN_ASSETS names is not complete.
func FindAssets() (string, error) {
	if dir := os.Getenv("LIMEN_ASSETS"); dir != "" {
		return dir, checkAssets(dir)
	}
	for _, dir := range assetsPlaces() {
		if checkAssets(dir) == nil {
			return dir, nil
		}
	}
	return "", errs.New(errs.NotFound, "assets", "no folder with the face models was found: run `make assets`, or name one in LIMEN_ASSETS")
}

func assetsPlaces() []string {
	var places []string
	if exe, err := os.Executable(); err == nil {
		beside := filepath.Dir(exe)
		places = append(places, filepath.Join(beside, assetsFolder), filepath.Join(filepath.Dir(beside), assetsFolder))
	}
	dir, err := os.Getwd()
	for err == nil {
		places = append(places, filepath.Join(dir, assetsFolder))
		parent := filepath.Dir(dir)
		if parent == dir {
			break
		}
		dir = parent
	}
	return places
}

func checkAssets(dir string) error {
	for _, name := range []string{libraryFile, detectFile, landmarksFile, attackFile, templateFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
			return errs.New(errs.NotFound, "assets", "the assets folder has no %s: run `make assets`", name)
		}
	}
	return nil
}
