package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"limen/audit"
)

// verifyReceipt verifies a receipt and shows what it is about.
func verifyReceipt(c *command, args []string) error {
	files, err := c.parse(args, 1, "limen-verify receipt --key KEY FILE")
	if err != nil {
		return err
	}
	b, err := c.read(files[0])
	if err != nil {
		return err
	}
	r, err := audit.ParseReceipt(b)
	if err != nil {
		return err
	}
	signed, err := r.Verify(c.verifiers())
	if err != nil {
		return err
	}
	leaf, err := audit.ParseLeaf([]byte(r.Leaf))
	if err != nil {
		return err
	}
	c.good()
	c.line("log", signed.Origin)
	c.line("leaf", fmt.Sprintf("number %s of %s, signed %s", count(r.Index), count(signed.Size), clock(signed.At)))
	c.line("what", leaf.Action)
	c.line("when", clock(leaf.At))
	if r.Opening == nil {
		c.note("This was logged. The receipt does not say what it was about: it comes without its opening.")
		return nil
	}
	e := r.Opening.Entry
	c.line("by", e.Actor)
	c.line("about", e.Subject)
	c.line("purpose", string(e.Purpose))
	c.line("detail", detail(e.Detail))
	c.note("This was logged, exactly so.")
	return nil
}

// detail returns a detail as a person reads it.
func detail(b []byte) string {
	var out bytes.Buffer
	if len(b) == 0 {
		return "none"
	}
	if json.Indent(&out, b, strings.Repeat(" ", 18), "  ") != nil {
		return string(b)
	}
	return out.String()
}

// verifyConsistency verifies that the log at one checkpoint begins with the log
// at another.
func verifyConsistency(c *command, args []string) error {
	log := c.flags.String("log", "", "the whole log, in a `FILE`")
	proof := c.flags.String("proof", "", "a `FILE` with a proof: {\"from\":…,\"to\":…,\"proof\":[…]}")
	files, err := c.parse(args, 2, "limen-verify consistency --key KEY (--log FILE | --proof FILE) OLD NEW")
	if err != nil {
		return err
	}
	if (*log == "") == (*proof == "") {
		return usageError{errors.New("give either --log or --proof")}
	}
	oldBytes, earlier, err := c.checkpoint(files[0])
	if err != nil {
		return err
	}
	newBytes, later, err := c.checkpoint(files[1])
	if err != nil {
		return err
	}
	if earlier.Size > later.Size {
		return usageError{fmt.Errorf("OLD speaks of %s leaves and NEW of %s: are they swapped?", count(earlier.Size), count(later.Size))}
	}
	if *log != "" {
		c.subject = *log
		err = c.byLog(*log, earlier, later, oldBytes, newBytes)
	} else {
		err = c.byProof(*proof, earlier, later)
	}
	if err != nil {
		return err
	}
	c.subject = files[0] + " and " + files[1]
	c.good()
	c.line("log", later.Origin)
	c.line("earlier", fmt.Sprintf("%s leaves, signed %s", count(earlier.Size), clock(earlier.At)))
	c.line("later", fmt.Sprintf("%s leaves, signed %s", count(later.Size), clock(later.At)))
	c.note("The later log begins with the earlier one, leaf for leaf.")
	return nil
}

// byLog holds both checkpoints against a whole log.
func (c *command) byLog(file string, earlier, later audit.Checkpoint, both ...[]byte) error {
	if earlier.Origin != later.Origin || earlier.Size == later.Size && earlier.Root != later.Root {
		return audit.CheckConsistency(nil, earlier, later) // no log can agree with both
	}
	_, err := c.readLog(file, both)
	return err
}

// byProof checks the proof in a file.
func (c *command) byProof(file string, earlier, later audit.Checkpoint) error {
	b, err := c.read(file)
	if err != nil {
		return err
	}
	var p audit.ConsistencyProof
	if err := json.Unmarshal(b, &p); err != nil {
		c.subject = file
		return errors.New("not a proof: want {\"from\":…,\"to\":…,\"proof\":[…]}")
	}
	return p.Verify(earlier, later)
}
