package main

import (
	"errors"
	"fmt"

	"limen/audit"
)

// verifyLog verifies a whole log, and holds it against a witness's checkpoints.
func verifyLog(c *command, args []string) error {
	witness := c.flags.String("witness", "", "a `FILE` of checkpoints that someone else has kept: they must agree with the log")
	unsigned := c.flags.Bool("allow-unsigned", false, "leaves after the newest checkpoint are a remark, not a fault")
	files, err := c.parse(args, 1, "limen-verify log --key KEY [--witness FILE] [--allow-unsigned] FILE")
	if err != nil {
		return err
	}
	held, err := c.held(*witness)
	if err != nil {
		return err
	}
	report, err := c.readLog(files[0], held)
	if err == nil && report.Unsigned > 0 && !*unsigned {
		err = audit.BadIndex{Index: report.Newest.Size, Until: report.Newest.Size, Reason: fmt.Sprintf(
			"no checkpoint vouches for what is from here to the end, %s in number (--allow-unsigned, if the log was still growing)", count(report.Unsigned))}
	}
	if err != nil {
		c.lastGood = report.Newest
		return err
	}
	c.good()
	c.tell(report)
	if len(held) == 0 {
		c.note("No leaf was changed, removed, added or moved since it was signed. Whether the whole log was\n" +
			"set back, or rewritten by who has its private key, takes checkpoints held elsewhere: --witness.")
	} else {
		c.note("No leaf was changed, removed, added or moved since it was signed, and the log is the one\n" +
			"that the witness saw.")
	}
	return nil
}

// held reads a witness's checkpoints.
func (c *command) held(file string) ([][]byte, error) {
	if file == "" {
		return nil, nil
	}
	b, err := c.read(file)
	if err != nil {
		return nil, err
	}
	held, err := audit.SplitCheckpoints(b)
	if err == nil && len(held) == 0 {
		err = errors.New("no checkpoint in it")
	}
	if err != nil {
		return nil, usageError{fmt.Errorf("%s: %w", file, err)}
	}
	return held, nil
}

// readLog verifies the log in a file. A log that is bad is told from one that
// cannot be read.
func (c *command) readLog(file string, held [][]byte) (audit.Report, error) {
	f, err := c.open(file)
	if err != nil {
		return audit.Report{}, err
	}
	defer f.Close()
	report, err := audit.VerifyLog(f, c.verifiers(), held...)
	var bad audit.BadIndex
	if err != nil && !errors.As(err, &bad) {
		err = usageError{err}
	}
	return report, err
}

// tell prints what was found in a good log.
func (c *command) tell(r audit.Report) {
	c.line("log", r.Origin)
	leaves := count(r.Size)
	if r.Size > 0 {
		leaves += fmt.Sprintf(", from %s to %s", clock(r.First), clock(r.Last))
	}
	c.line("leaves", leaves)
	c.line("checkpoints", count(r.Checkpoints)+", all signed with the key given")
	if r.Checkpoints > 0 {
		c.line("newest", fmt.Sprintf("%s leaves, signed %s", count(r.Newest.Size), clock(r.Newest.At)))
		c.line("root", r.Newest.Root.String())
	}
	if r.Held > 0 {
		c.line("witness", "checkpoints held elsewhere: "+count(int64(r.Held))+", all agree")
	}
	if r.Unsigned > 0 {
		c.line("not yet signed", count(r.Unsigned)+" leaves at the end: nothing vouches for them yet")
	}
	if r.Backward > 0 {
		c.line("remark", fmt.Sprintf("leaves before which the clock went back by more than %v: %s, first leaf %s", audit.Backward, count(r.Backward), count(r.BackwardAt)))
	}
}
