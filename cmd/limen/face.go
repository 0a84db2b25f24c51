package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	"limen/biometric"
	"limen/errs"
	"limen/internal/face"
	"limen/match"
)

// maxPhotograph is the most bytes of an image file that the commands read.
const maxPhotograph = 64 << 20

// faceModelNote is printed wherever a score of the default model is.
const faceModelNote = "The default model's training data is unpublished: for trial, test and benchmark. A deployment plugs in its own."

type faceCmd struct {
	Detect  faceDetectCmd  `cmd:"" help:"Show what the engine measures in photographs: faces, quality, presentation attack."`
	Compare faceCompareCmd `cmd:"" help:"Compare the people on two or more photographs, and say what the scores mean."`
}

// photograph is one file and what the engine made of it.
type photograph struct {
	File   string
	Sample biometric.Sample
	Err    error
}

// extractPhotographs runs every file through the engine, all cores busy, and
// returns them in the order given. A file that fails keeps its error.
func extractPhotographs(ctx context.Context, s *streams, e *face.Engine, files []string) ([]photograph, error) {
	list := make([]photograph, len(files))
	show, clear := progressBar(s)
	defer clear()
	var read atomic.Int64
	var g errgroup.Group
	g.SetLimit(e.Workers())
	for i, file := range files {
		g.Go(func() error {
			p := photograph{File: file}
			var data []byte
			if data, p.Err = readPhotograph(file); p.Err == nil {
				p.Sample, p.Err = e.Extract(ctx, data)
			}
			list[i] = p
			show("photographs", read.Add(1), int64(len(files)))
			return nil
		})
	}
	g.Wait()
	return list, ctx.Err()
}

func readPhotograph(name string) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		var path *fs.PathError
		if errors.As(err, &path) {
			err = path.Err // the name is printed beside it
		}
		return nil, errs.New(errs.NotFound, "image-file", "the file cannot be opened: %w", err)
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxPhotograph+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, "image-file", "the file cannot be read: %w", err)
	}
	if len(data) > maxPhotograph {
		return nil, errs.New(errs.TooLarge, "image-file", "an image file has at most %d MB", maxPhotograph>>20)
	}
	return data, nil
}

// allRead returns the error that makes the exit status 1.
func allRead(list []photograph) error {
	failed := 0
	for _, p := range list {
		if p.Err != nil {
			failed++
		}
	}
	if failed > 0 {
		return errs.New(errs.Invalid, "image-failed", "%d of %d files gave no template", failed, len(list))
	}
	return nil
}

func printJSON(out io.Writer, v any) error {
	e := json.NewEncoder(out)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

// problem is an error as JSON has it.
type problem struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

func problemOf(err error) *problem {
	var e *errs.Error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &e):
		return &problem{e.Code, e.Detail}
	}
	return &problem{"", err.Error()}
}

// rateAt returns the false match rate at a score and how it is bounded: ""
// where it was measured, else "at most" or "at least" the nearest rate that
// was. A rate nobody measured is not told.
func rateAt(c *match.Calibration, score match.Score) (rate float64, bound string) {
	const step = 0.001
	for away := match.Score(0); away <= 2; away += step {
		if rate, measured := c.FMR(score - away); measured {
			if away > 0 {
				bound = "at most"
			}
			return rate, bound
		}
		if rate, measured := c.FMR(score + away); measured {
			return rate, "at least"
		}
	}
	return 1, "at most"
}

// meaningOf says in one sentence what a score means to a calibration.
func meaningOf(c *match.Calibration, score match.Score) string {
	rate, bound := rateAt(c, score)
	if bound != "" {
		bound += " "
	}
	population, _ := c.MeasuredOn()
	return fmt.Sprintf("Pairs of different people reach this score in %s%.0e of comparisons (false match rate, %s).", bound, rate, population)
}
