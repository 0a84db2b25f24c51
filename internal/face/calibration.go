package face

import (
	"embed"
	"io/fs"
	"strings"

	"limen/errs"
)

// The figures of lfw.json come from a run over all of LFW; those of
// phantoms.json are made, and checked, by TestCalibration.
//
//go:embed calibration/*.json
var calibrations embed.FS

// Calibration returns what scores of the default model mean, as JSON for
// match.ParseCalibration. Names are "lfw" (real people; the default) and
// "phantoms" (people who do not exist, who look more alike; for the demo
// only). It returns a NotFound error with code "calibration-name" for others.
func Calibration(name string) ([]byte, error) {
	data, err := calibrations.ReadFile("calibration/" + name + ".json")
	if err != nil {
		names, _ := fs.Glob(calibrations, "calibration/*.json")
		known := strings.NewReplacer("calibration/", "", ".json", "").Replace(strings.Join(names, ", "))
		return nil, errs.New(errs.NotFound, "calibration-name", "there is no calibration of that name; known are: %s", known)
	}
	return data, nil
}
