package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"limen/biometric"
	"limen/internal/face"
)

type faceDetectCmd struct {
	Files  []string `arg:"" help:"JPEG or PNG files."`
	JSON   bool     `name:"json" help:"Print one JSON array, an object per file."`
	Assets string   `help:"Folder of the models and the runtime (default: found beside the program or the checkout)." type:"path" env:"LIMEN_ASSETS"`
}

// Help explains the columns.
func (faceDetectCmd) Help() string {
	return `Of several faces the largest is measured; of the others only the number and
the size of the largest (rival, 0 to 1) are told. Pose is in degrees; exposure,
contrast and sharpness are those of the aligned face; norm is the length of the
raw template, the model's own measure of quality. The attack score is the
probability, by a model that catches flat prints and little more, that this is
no live face: advisory.

The exit status is 1 if a file gave no template. Nothing is stored or sent.`
}

// Run measures every file and prints a table or JSON.
func (c *faceDetectCmd) Run(ctx context.Context, s *streams) error {
	e, err := face.Open(face.Config{Dir: c.Assets})
	if err != nil {
		return err
	}
	defer e.Close()
	list, err := extractPhotographs(ctx, s, e, c.Files)
	if err != nil {
		return err
	}
	if c.JSON {
		err = printJSON(s.Out, detectObjects(list))
	} else {
		err = printDetections(s.Out, e, list)
	}
	if err != nil {
		return err
	}
	return allRead(list)
}

func printDetections(out io.Writer, e *face.Engine, list []photograph) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "file\tpixels\tfaces\tface box\teyes\tyaw\tpitch\troll\texposure\tcontrast\tsharpness\tnorm\trival\tattack\tms")
	for _, p := range list {
		v, q := p.Sample, p.Sample.Quality
		if p.Err != nil {
			fmt.Fprintf(t, "%s\t%s\n", p.File, message(p.Err))
			continue
		}
		fmt.Fprintf(t, "%s\t%d×%d\t%d\t%.0f×%.0f at %.0f,%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.0f\t%.2f\t%.2f\t%.3f\t%.0f\n",
			p.File, v.Width, v.Height, v.Faces, v.Face.W, v.Face.H, v.Face.X, v.Face.Y, q.EyeDistance, q.Yaw, q.Pitch, q.Roll,
			q.Exposure, q.Contrast, q.Sharpness, q.Norm, v.Rival, v.AttackScore, milliseconds(v.Stages))
	}
	if err := t.Flush(); err != nil {
		return err
	}
	_, err := fmt.Fprintf(out, "\nModel %v. %s\n", e.Model(), faceModelNote)
	return err
}

// detectObject is one file in the JSON form.
type detectObject struct {
	File   string             `json:"file"`
	Error  *problem           `json:"error,omitempty"`
	Width  int                `json:"width,omitempty"`
	Height int                `json:"height,omitempty"`
	Faces  int                `json:"faces"`
	Rival  float32            `json:"rival"`
	Box    []float32          `json:"box,omitempty"`
	Values *biometric.Quality `json:"quality,omitempty"`
	Attack *float32           `json:"attack_score,omitempty"`
	Model  string             `json:"model,omitempty"`
	Took   float64            `json:"ms"`
}

func detectObjects(list []photograph) []detectObject {
	objects := []detectObject{}
	for _, p := range list {
		v := p.Sample
		o := detectObject{File: p.File, Error: problemOf(p.Err), Width: v.Width, Height: v.Height,
			Faces: v.Faces, Rival: v.Rival, Took: milliseconds(v.Stages)}
		if p.Err == nil {
			o.Box = []float32{v.Face.X, v.Face.Y, v.Face.W, v.Face.H}
			o.Values, o.Attack, o.Model = &v.Quality, &v.AttackScore, v.Template.Model().String()
		}
		objects = append(objects, o)
	}
	return objects
}

func milliseconds(s biometric.Stages) float64 {
	sum := s.Decode + s.Detect + s.Landmarks + s.Align + s.Attack + s.Template
	return float64(sum.Microseconds()) / 1000
}
