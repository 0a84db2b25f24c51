package main

import (
	"context"
	"fmt"
	"io"
	"text/tabwriter"

	"limen/errs"
	"limen/match"
)

type faceCompareCmd struct {
	Files       []string `arg:"" help:"Two or more JPEG or PNG files."`
	JSON        bool     `name:"json" help:"Print one JSON object with the score of every pair."`
	Assets      string   `help:"Folder of the models and the runtime (default: found beside the program or the checkout)." type:"path" env:"LIMEN_ASSETS"`
	Calibration string   `help:"Calibration: lfw, phantoms, or a file measured on your own site." default:"lfw" env:"LIMEN_CALIBRATION"`
	FMR         float64  `name:"fmr" help:"Wished false match rate of a 1:1 comparison, for the threshold." default:"1e-4"`
}

// Help says what a score is and is not.
func (faceCompareCmd) Help() string {
	return `A score is the cosine between two templates, -1 to 1, higher for more alike. It
is no percentage and no probability. What it means is the share of pairs of
different people who reach it: the false match rate of the calibration.

Of several faces in a file the largest is compared. The exit status is 1 if a
file gave no template. Nothing is stored or sent.`
}

// pair is the comparison of two files.
type pair struct {
	A     string      `json:"a"`
	B     string      `json:"b"`
	Score match.Score `json:"score"`
	FMR   float64     `json:"fmr"`
	// Bound is "at most" or "at least" where FMR is the nearest rate measured.
	Bound   string `json:"fmr_bound,omitempty"`
	Reached bool   `json:"threshold_reached"`
	a, b    int    // which files, in the order given
}

// comparison is all pairs with what their scores mean.
type comparison struct {
	Model      string        `json:"model"`
	Note       string        `json:"model_note"`
	MeasuredOn string        `json:"calibration"`
	Caution    string        `json:"calibration_note,omitempty"`
	Threshold  match.Score   `json:"threshold"`
	Pairs      []pair        `json:"pairs"`
	Problems   []fileProblem `json:"errors,omitempty"`
}

type fileProblem struct {
	File string `json:"file"`
	*problem
}

// Run compares every pair of files and prints the scores.
func (c *faceCompareCmd) Run(ctx context.Context, s *streams) error {
	if len(c.Files) < 2 {
		return errs.New(errs.Invalid, "compare-files", "a comparison needs at least two files")
	}
	e, calibration, err := engineFlags{Assets: c.Assets, Calibration: c.Calibration}.open()
	if err != nil {
		return err
	}
	defer e.Close()
	if calibration.Model() != e.Model() {
		return errs.New(errs.Invalid, "calibration-model", "the calibration is for another model than the engine's, %v", e.Model())
	}
	threshold, err := calibration.VerifyThreshold(c.FMR)
	if err != nil {
		return err
	}
	list, err := extractPhotographs(ctx, s, e, c.Files)
	if err != nil {
		return err
	}
	result, err := comparePairs(list, calibration, threshold)
	if err != nil {
		return err
	}
	result.Model = e.Model().String()
	if c.JSON {
		err = printJSON(s.Out, result)
	} else {
		err = printComparison(s.Out, list, calibration, result)
	}
	if err != nil {
		return err
	}
	return allRead(list)
}

func comparePairs(list []photograph, c *match.Calibration, threshold match.Score) (comparison, error) {
	r := comparison{Note: faceModelNote, Threshold: threshold, Pairs: []pair{}}
	r.MeasuredOn, r.Caution = c.MeasuredOn()
	for i, b := range list {
		if b.Err != nil {
			r.Problems = append(r.Problems, fileProblem{b.File, problemOf(b.Err)})
			continue
		}
		for j, a := range list[:i] {
			if a.Err != nil {
				continue
			}
			score, err := match.Verify(a.Sample.Template, b.Sample.Template)
			if err != nil {
				return r, err
			}
			rate, bound := rateAt(c, score)
			r.Pairs = append(r.Pairs, pair{a.File, b.File, score, rate, bound, score >= threshold, j, i})
		}
	}
	return r, nil
}

func printComparison(out io.Writer, list []photograph, c *match.Calibration, r comparison) error {
	for _, p := range r.Problems {
		fmt.Fprintf(out, "%s: %s\n", p.File, p.Detail)
	}
	switch {
	case len(list) == 2 && len(r.Pairs) == 1:
		side := "below"
		if r.Pairs[0].Reached {
			side = "at or above"
		}
		fmt.Fprintf(out, "Score %.3f: %s the threshold of %.3f. No percentage: a score means only what was measured.\n%s\n",
			r.Pairs[0].Score, side, r.Threshold, meaningOf(c, r.Pairs[0].Score))
	case len(r.Pairs) > 0:
		if err := printMatrix(out, list, r.Pairs); err != nil {
			return err
		}
		fmt.Fprintf(out, "\nThreshold %.3f. %s\n", r.Threshold, meaningOf(c, r.Threshold))
	}
	if r.Caution != "" {
		fmt.Fprintln(out, r.Caution)
	}
	_, err := fmt.Fprintf(out, "Model %s. %s\n", r.Model, r.Note)
	return err
}

// printMatrix writes the score of each file with each before it.
func printMatrix(out io.Writer, list []photograph, pairs []pair) error {
	t := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(t, "\tfile")
	for i, p := range list[:len(list)-1] {
		if p.Err == nil {
			fmt.Fprintf(t, "\t%d", i+1)
		}
	}
	fmt.Fprintln(t)
	for i, p := range list {
		if p.Err != nil {
			continue
		}
		fmt.Fprintf(t, "%d\t%s", i+1, p.File)
		for _, one := range pairs {
			if one.b == i {
				fmt.Fprintf(t, "\t%.3f", one.Score)
			}
		}
		fmt.Fprintln(t)
	}
	return t.Flush()
}
