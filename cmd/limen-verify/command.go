package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
	"unicode"

	"golang.org/x/mod/sumdb/note"

	"limen/audit"
)

// command is one call of one command.
type command struct {
	name, usage string
	subject     string           // the file in question
	lastGood    audit.Checkpoint // of a bad log
	flags       *flag.FlagSet
	keys        []note.Verifier
	in          io.Reader
	out         io.Writer
}

// parse reads flags and files, in any order, and returns the n files.
func (c *command) parse(args []string, n int, usage string) ([]string, error) {
	c.usage = usage
	c.flags.SetOutput(io.Discard)
	c.flags.Func("key", "the log's public `KEY`, as text or a file that holds it; again for each further key", c.addKey)
	var files []string
	for {
		if err := c.flags.Parse(args); errors.Is(err, flag.ErrHelp) {
			return nil, err
		} else if err != nil {
			return nil, usageError{err}
		}
		if c.flags.NArg() == 0 {
			break
		}
		files, args = append(files, c.flags.Arg(0)), c.flags.Args()[1:]
	}
	switch {
	case len(files) != n:
		return nil, usageError{fmt.Errorf("want %d file(s), got %d; call it so:\n  %s", n, len(files), usage)}
	case len(c.keys) == 0:
		return nil, usageError{fmt.Errorf("without the log's public key (--key) nothing can be verified; call it so:\n  %s", usage)}
	}
	c.subject = files[n-1]
	return files, nil
}

func (c *command) help(w io.Writer) {
	fmt.Fprintf(w, "%s\n\n", c.usage)
	c.flags.SetOutput(w)
	c.flags.PrintDefaults()
}

// addKey takes a key, or the name of a file that holds one.
func (c *command) addKey(s string) error {
	v, err := note.NewVerifier(s)
	if err != nil {
		b, readErr := os.ReadFile(s)
		if readErr != nil {
			return errors.New("it is neither a public key nor a file that can be read")
		}
		if v, err = note.NewVerifier(strings.TrimSpace(string(b))); err != nil {
			return errors.New("the file does not hold one public key")
		}
	}
	c.keys = append(c.keys, v)
	return nil
}

func (c *command) verifiers() note.Verifiers { return note.VerifierList(c.keys...) }

// open opens a file; "-" is the standard input.
func (c *command) open(file string) (io.ReadCloser, error) {
	if file == "-" {
		return io.NopCloser(c.in), nil
	}
	f, err := os.Open(file)
	if err != nil {
		return nil, usageError{err}
	}
	return f, nil
}

// read reads a small file.
func (c *command) read(file string) ([]byte, error) {
	f, err := c.open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	const limit = 64 << 20
	b, err := io.ReadAll(io.LimitReader(f, limit+1))
	if err != nil {
		return nil, usageError{err}
	}
	if len(b) > limit {
		return nil, usageError{fmt.Errorf("%s is larger than %d MB", file, limit>>20)}
	}
	return b, nil
}

// checkpoint reads the one checkpoint in a file. One that does not open is bad,
// not unreadable.
func (c *command) checkpoint(file string) ([]byte, audit.Checkpoint, error) {
	b, err := c.read(file)
	if err != nil {
		return nil, audit.Checkpoint{}, err
	}
	opened, err := audit.OpenCheckpoint(b, c.verifiers())
	if err != nil {
		c.subject = file
	}
	return b, opened, err
}

// good prints the first line of a good end.
func (c *command) good() { fmt.Fprintf(c.out, "GOOD  %s\n", c.subject) }

// line prints what something is. Others wrote the text: what could steer a
// terminal is not printed.
func (c *command) line(what, text string) {
	text = strings.Map(func(r rune) rune {
		if r != '\n' && !unicode.IsGraphic(r) {
			return '\uFFFD'
		}
		return r
	}, text)
	fmt.Fprintf(c.out, "  %-15s %s\n", what, text)
}

func (c *command) note(text string) { fmt.Fprintf(c.out, "\n%s\n", text) }

// count writes a number with a comma for each thousand.
func count(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func clock(t time.Time) string { return t.UTC().Format("2006-01-02 15:04:05 UTC") }
