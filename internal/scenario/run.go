package scenario

import (
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"

	"limen/errs"
	"limen/policy"
)

// Runner computes the answer of a case, line by line. An error is of the case
// itself: an unknown word, a value that cannot be read.
type Runner func(Case) (answer []string, err error)

// runners are the kinds of case; each stands in a file of its own.
var runners = map[string]Runner{
	"scope":    runScope,
	"stay":     runStay,
	"overstay": runStay,
	"linkage":  runLinkage,
}

//go:embed all:cases
var embedded embed.FS

// Kinds returns the kinds of case, sorted.
func Kinds() []string { return slices.Sorted(maps.Keys(runners)) }

// Embedded returns all cases of the program, by file.
func Embedded() ([]Case, error) {
	files, err := fs.Glob(embedded, "cases/*.txtar")
	if err != nil {
		return nil, err
	}
	var all []Case
	for _, f := range files {
		data, err := embedded.ReadFile(f)
		if err != nil {
			return nil, err
		}
		cases, err := Parse(strings.TrimPrefix(f, "cases/"), data)
		if err != nil {
			return nil, err
		}
		all = append(all, cases...)
	}
	return all, nil
}

// Run runs a case by the published rule sets. Errors: as RunBy.
func Run(c Case) error { return RunBy(policy.Default(), c) }

// RunBy runs a case by the rule sets of a book, such as one with a draft in it,
// and returns why it fails, or nil. Errors: Invalid, code "case"
// for what the case itself has wrong, "case-failed" with the wanted line and the
// whole answer.
func RunBy(book *policy.Book, c Case) error {
	c.book = book
	run, known := runners[c.Kind]
	if !known {
		return bad(c.File, c.Line, "there is no kind of case %q: a file's name begins with %s", c.Kind, strings.Join(Kinds(), ", "))
	}
	answer, err := run(c)
	if err != nil {
		return err
	}
	for i, a := range answer {
		answer[i] = strings.Join(strings.Fields(a), " ")
	}
	for _, w := range c.Want {
		unwanted, not := strings.CutPrefix(w.Text, "not ")
		if not == slices.ContainsFunc(answer, func(a string) bool { return a == w.Text || not && begins(a, unwanted) }) {
			return errs.New(errs.Invalid, "case-failed", "%s:%d: %s\n  wanted  %s\n  answer  %s", c.File, w.N, c.Name, w.Text, strings.Join(answer, "\n          "))
		}
	}
	return nil
}

// begins reports whether a line begins with words.
func begins(line, words string) bool {
	rest, ok := strings.CutPrefix(line, words)
	return ok && (rest == "" || rest[0] == ' ')
}

// Words reads the given lines of a case: each first word has its reader, which
// gets the words after it. A word that no reader takes is an error at its line,
// and so is what a reader returns.
func Words(c Case, read map[string]func(args []string) error) error {
	for _, l := range c.Given {
		f, known := read[l.Words[0]]
		if !known {
			return c.Bad(l, "there is no word %q here: %s", l.Words[0], strings.Join(slices.Sorted(maps.Keys(read)), ", "))
		}
		if err := f(l.Words[1:]); err != nil {
			return c.Bad(l, "%s: %w", l.Words[0], err)
		}
	}
	return nil
}

// One returns a reader of exactly one value.
func One(set func(string) error) func([]string) error {
	return func(args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("one value is needed, not %d", len(args))
		}
		return set(args[0])
	}
}
