package main

import (
	"errors"
	"fmt"
	goio "io"
	"strings"

	"limen/errs"
	"limen/internal/scenario"
	"limen/policy"
)

type policyCheckCmd struct {
	Files []string `arg:"" name:"file" help:"Rule files." placeholder:"FILE"`
}

// Help shows a check.
func (policyCheckCmd) Help() string {
	var b strings.Builder
	b.WriteString(`Checks rule files alone, together, and beside the rule sets of the program: fields, results, dates
that overlap, rules without clause or citation, conditions. Every mistake is printed at its line and
column. Take a file of policy/rules/ in the sources as the pattern for a new one.

A condition is CEL: inputs and literals, with == != < <= > >= in && || and !. The inputs:
`)
	for _, i := range policy.Vocabulary() {
		fmt.Fprintf(&b, "  %-18s %s\n", i, i.Means())
		if v := i.Values(); len(v) > 0 {
			fmt.Fprintf(&b, "  %-18s one of %s\n", "", strings.Join(v, ", "))
		}
	}
	b.WriteString(`
Examples:
  limen policy check us-2027.yaml
  limen policy check us-2027.yaml && limen policy diff us-2025 us-2027.yaml --traffic sim`)
	return b.String()
}

// Run checks the files.
func (c *policyCheckCmd) Run(io *streams) error {
	files, err := ruleFiles(c.Files)
	if err != nil {
		return err
	}
	own, err := policy.Load(files...)
	if err == nil {
		own, err = besideOurs(files, own)
	}
	var ps policy.Problems
	if errors.As(err, &ps) {
		writeProblems(io.Out, files, ps)
		return errs.New(errs.Invalid, ps[0].Code, "%s", count(len(ps), "mistake"))
	}
	if err != nil {
		return err
	}
	for _, s := range own.Sets() {
		fmt.Fprintf(io.Out, "%s: %s is right: %d rules, law of %s, %s, SHA-256 %s\n", s.File, s.ID, len(s.Rules), s.Jurisdiction, listedSet{From: s.From, Until: s.Until, Proposed: s.Proposed}.period(), s.Hash)
	}
	return nil
}

// besideOurs loads the files beside the rule sets of the program, save those
// that are of the program, unchanged.
func besideOurs(files []policy.File, own *policy.Book) (*policy.Book, error) {
	var fresh []policy.File
	for i, f := range files {
		s := own.Sets()[indexFile(own, f.Name)]
		if ours, err := policy.Default().Set(s.ID); err == nil && ours.Hash == s.Hash {
			continue
		}
		fresh = append(fresh, files[i])
	}
	if _, err := policy.Default().With(fresh...); err != nil {
		return nil, err
	}
	return own, nil
}

func indexFile(b *policy.Book, name string) int {
	for i, s := range b.Sets() {
		if s.File == name {
			return i
		}
	}
	return 0
}

// writeProblems writes each mistake with its line of the file and a caret.
func writeProblems(w goio.Writer, files []policy.File, ps policy.Problems) {
	lines := map[string][]string{}
	for _, f := range files {
		lines[f.Name] = strings.Split(string(f.Data), "\n")
	}
	for _, p := range ps {
		fmt.Fprintf(w, "%s:%d:%d: %s\n", p.File, p.Line, p.Column, p.Message)
		if p.Line <= len(lines[p.File]) {
			line := strings.TrimRight(lines[p.File][p.Line-1], "\r")
			fmt.Fprintf(w, "  %s\n  %s^\n", line, indent(line, p.Column-1))
		}
		if p.Hint != "" {
			fmt.Fprintf(w, "  %s\n", p.Hint)
		}
	}
}

// indent is as wide as the first n characters of a line.
func indent(line string, n int) string {
	var b strings.Builder
	for _, r := range line {
		if b.Len() == n {
			break
		}
		if r != '\t' {
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

type policyCasesCmd struct {
	ruleFlags
	Kind  string   `help:"Only cases of a kind: scope, stay, overstay, linkage." placeholder:"KIND"`
	List  bool     `help:"Name every case."`
	Files []string `arg:"" optional:"" name:"file" help:"Files of cases (default: those of the program)."`
}

// Help shows the cases.
func (policyCasesCmd) Help() string {
	return `Cases are the law as facts and wanted answers, in files that a lawyer can read: docs/cases.md.

Examples:
  limen policy cases
  limen policy cases --kind scope --list
  limen policy cases scope-ours.txtar
  limen policy cases --policy drafts scope-us-2027.txtar`
}

// Run runs the cases.
func (c *policyCasesCmd) Run(io *streams) error {
	book, err := c.book()
	if err != nil {
		return err
	}
	cases, err := c.cases()
	if err != nil {
		return err
	}
	ran, failed := map[string]int{}, 0
	for _, k := range cases {
		if c.Kind != "" && k.Kind != c.Kind {
			continue
		}
		ran[k.Kind]++
		err := scenario.RunBy(book, k)
		switch {
		case err != nil:
			failed++
			fmt.Fprintf(io.Out, "FAIL  %s\n", message(err))
		case c.List:
			fmt.Fprintf(io.Out, "ok    %s:%d: %s\n", k.File, k.Line, k.Name)
		}
	}
	all := 0
	for _, k := range scenario.Kinds() {
		if ran[k] > 0 {
			fmt.Fprintf(io.Out, "%5d %s\n", ran[k], k)
		}
		all += ran[k]
	}
	fmt.Fprintf(io.Out, "%5d cases, %d failed\n", all, failed)
	switch {
	case failed > 0:
		return errs.New(errs.Invalid, "cases-failed", "%d of %d cases failed", failed, all)
	case all == 0:
		return fmt.Errorf("--kind: there is no case of this kind: %s", strings.Join(scenario.Kinds(), ", "))
	}
	return nil
}

func (c *policyCasesCmd) cases() (all []scenario.Case, err error) {
	if len(c.Files) == 0 {
		return scenario.Embedded()
	}
	files, err := ruleFiles(c.Files)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		cases, err := scenario.Parse(f.Name, f.Data)
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	return all, nil
}
