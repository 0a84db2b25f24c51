// Command limen-verify verifies a limen audit log, a receipt from it, or that
// one of its checkpoints grew from another, with nothing but the log's public
// key. It trusts neither limen nor who runs it, talks to no network, and
// imports only package audit, the standard library and x/mod/sumdb.
package main

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"limen/audit"
)

// What the program exits with.
const (
	exitGood  = 0 // what was given is good
	exitBad   = 1 // it is not, and the output says where
	exitUsage = 2 // wrongly called, or a file cannot be read
)

const about = `limen-verify checks what a border's record system says, without trusting it.

  limen-verify log         --key KEY [--witness FILE] FILE        a whole log
  limen-verify receipt     --key KEY FILE                         one receipt
  limen-verify consistency --key KEY --log FILE OLD NEW           two checkpoints of one log
  limen-verify consistency --key KEY --proof FILE OLD NEW         the same, with a short proof

KEY is the log's public key, as text (name+number+letters) or a file that holds it. Get it
from someone other than who gave you the log. Give --key again for each further key.

A log is a numbered list of leaves, from 0 on. Each stands for one event: a crossing, a
decision, an access to a person's data, an erasure. Leaves hold no personal data. A checkpoint
is a signed statement of how many leaves there were at some time, and of what they were.

What a good log shows: no leaf was changed, removed, added or moved since it was signed.
What it cannot show by itself: that nobody set the whole log back to an earlier day, or wrote
another history and signed it with the log's own private key. For that, compare it with
checkpoints that someone else has kept since: --witness.

Exit status: 0 good, 1 bad (the first bad leaf is named), 2 wrongly called or unreadable.
For the options of one command: limen-verify COMMAND --help
`

// usageError is a wrong call or a file that cannot be read.
type usageError struct{ error }

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the program: it returns what to exit with.
func run(args []string, in io.Reader, out, errs io.Writer) int {
	if len(args) == 0 {
		fmt.Fprint(errs, about)
		return exitUsage
	}
	commands := map[string]func(*command, []string) error{"log": verifyLog, "receipt": verifyReceipt, "consistency": verifyConsistency}
	switch do, known := commands[args[0]]; {
	case known:
		c := &command{name: args[0], in: in, out: out, flags: flag.NewFlagSet(args[0], flag.ContinueOnError)}
		return c.report(do(c, args[1:]), errs)
	case args[0] == "help" || strings.TrimLeft(args[0], "-") == "help" || args[0] == "-h":
		fmt.Fprint(out, about)
		return exitGood
	default:
		fmt.Fprintf(errs, "limen-verify: %q is no command; limen-verify --help shows all\n", args[0])
		return exitUsage
	}
}

// report tells how a command ended.
func (c *command) report(err error, errs io.Writer) int {
	var usage usageError
	switch {
	case err == nil:
		return exitGood
	case errors.Is(err, flag.ErrHelp):
		c.help(c.out)
		return exitGood
	case errors.As(err, &usage):
		fmt.Fprintf(errs, "limen-verify %s: %v\n", c.name, usage.error)
		return exitUsage
	}
	fmt.Fprintf(c.out, "BAD   %s\n", c.subject)
	var bad audit.BadIndex
	if errors.As(err, &bad) {
		c.line("first bad leaf", place(bad))
		c.line("why", bad.Reason)
	} else {
		c.line("why", err.Error())
	}
	if c.lastGood.Origin != "" {
		c.line("signed until", fmt.Sprintf("%s leaves, signed %s: up to there the log agrees with its checkpoints", count(c.lastGood.Size), clock(c.lastGood.At)))
	}
	return exitBad
}

func place(b audit.BadIndex) string {
	if b.Until > b.Index {
		return fmt.Sprintf("one of %s to %s (which of them cannot be told)", count(b.Index), count(b.Until))
	}
	return count(b.Index)
}
