package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"limen/errs"
	"limen/internal/face"
	"limen/internal/phantoms"
	"limen/match"
)

// phantomFiles writes two people to files: one twice, the other once, and a
// text that is no image.
func phantomFiles(t *testing.T) (same [2]string, other, text string) {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, data []byte, err error) string {
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	portrait, err := phantoms.Portrait("003")
	same[0] = write("portrait.jpg", portrait, err)
	live, err := phantoms.Live("003", 1)
	same[1] = write("live.jpg", live, err)
	stranger, err := phantoms.Live("004", 1)
	return same, write("stranger.jpg", stranger, err), write("text.jpg", []byte("no image"), nil)
}

func TestFaceCompare(t *testing.T) {
	same, other, _ := phantomFiles(t)
	var out bytes.Buffer
	c := faceCompareCmd{Files: []string{same[0], same[1]}, Calibration: "lfw", FMR: 1e-4}
	if err := c.Run(context.Background(), &streams{Out: &out, Err: &out}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"at or above the threshold", "at most 1e-05", "training data is unpublished", "faceplugin-0.0.1/fr_feature@"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the answer lacks %q:\n%s", want, &out)
		}
	}
	out.Reset()
	c = faceCompareCmd{Files: []string{same[0], same[1], other}, Calibration: "phantoms", FMR: 1e-4, JSON: true}
	if err := c.Run(context.Background(), &streams{Out: &out, Err: &out}); err != nil {
		t.Fatal(err)
	}
	var got comparison
	if err := json.Unmarshal(out.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	if len(got.Pairs) != 3 || !got.Pairs[0].Reached || got.Pairs[1].Reached || got.Pairs[2].Reached {
		t.Errorf("three pairs, the first of one person: %+v", got.Pairs)
	}
}

func TestFaceDetectSaysWhichFileFailed(t *testing.T) {
	same, _, text := phantomFiles(t)
	var out bytes.Buffer
	c := faceDetectCmd{Files: []string{same[1], text, filepath.Join(t.TempDir(), "none.jpg")}}
	err := c.Run(context.Background(), &streams{Out: &out, Err: &out})
	if errs.CodeOf(err) != "image-failed" || !strings.Contains(err.Error(), "2 of 3 files") {
		t.Errorf("two of three files fail, got %v", err)
	}
	for _, want := range []string{"420×560", "(image-format)", "(image-file)", "training data is unpublished"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("the table lacks %q:\n%s", want, &out)
		}
	}
}

func TestRateIsToldOnlyWhereMeasured(t *testing.T) {
	data, err := face.Calibration("lfw")
	if err != nil {
		t.Fatal(err)
	}
	c, err := match.ParseCalibration(data)
	if err != nil {
		t.Fatal(err)
	}
	for score, want := range map[match.Score]string{0.2: "at least", 0.4: "", 0.9: "at most"} {
		if rate, bound := rateAt(c, score); bound != want || rate < 0.9e-5 || rate > 1.1e-3 {
			t.Errorf("score %v: %q %v, want %q a measured rate", score, bound, rate, want)
		}
	}
}
