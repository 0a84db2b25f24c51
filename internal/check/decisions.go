package check

import (
	"encoding/json"
	"fmt"
	"reflect"
	"slices"

	"limen/decision"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/store"
)

// explained reads the sealed detail of a decision's leaf, or reports false if
// its key is gone, or none are at hand.
func (c *checker) explained(keyID, owner string, sealed []byte) (x app.Explained, ok bool, err error) {
	if c.o.Keys == nil {
		return x, false, nil
	}
	plain, err := c.OpenSealed(keyID, store.DetailContext(owner), sealed)
	if k := errs.KindOf(err); k == errs.NotFound || k == errs.Invalid { // said of its leaf, or of its key
		return x, false, nil
	}
	if err != nil {
		return x, false, err
	}
	if json.Unmarshal(plain, &x) != nil {
		c.violate("decision-detail", owner, "what the audit log has of the decision about this encounter cannot be read")
		return x, false, nil
	}
	return x, true, nil
}

// decisions holds each decision against its leaf, and makes the
// recommendations again that it rests on.
func (c *checker) decisions() error {
	if c.o.Keys == nil {
		c.Skipped = append(c.Skipped, "decisions against the audit log, and their replay: the data keys are not at hand")
		return nil
	}
	replayed, captures := int64(0), int64(0)
	err := c.Rows(func(scan func(...any) error) error {
		var keyID, owner string
		var sealed []byte
		var d decision.Decision
		var kept int
		if err := scan(&keyID, &owner, &sealed, &d.ID, &d.Encounter, &d.Passenger, &d.Outcome, &d.Rule, &kept); err != nil {
			return err
		}
		x, ok, err := c.explained(keyID, owner, sealed)
		if err != nil || !ok {
			return err
		}
		if replayed++; replayed%1024 == 0 {
			c.o.Progress("decisions", replayed, replayed)
		}
		captures += int64(len(x.Captures))
		c.sameDecision(x, d, kept)
		if id := Replay(x); id != "" {
			c.violate("decision-replay", string(d.ID), fmt.Sprintf("the rules do not give again what was recommended for capture %s", id))
		}
		return nil
	}, `SELECT a.key_id, a.owner, a.detail, d.id, d.encounter, d.passenger, d.outcome, d.rule, (SELECT count(*) FROM captures c WHERE c.encounter = d.encounter)
		FROM audit a JOIN decisions d ON d.id = a.subject WHERE a.action = 'decision' ORDER BY a.seq`)
	c.count("decisions replayed", replayed)
	c.count("captures that decisions rest on", captures)
	return err
}

func (c *checker) sameDecision(x app.Explained, d decision.Decision, kept int) {
	was := x.Decision
	was.Officer, was.Reason = "", "" // sealed in the row; opened with what is sealed
	if was != d {
		c.violate("decision-altered", string(d.ID), "the decision is not what the audit log says of it: it was altered")
	}
	if kept != len(x.Captures) {
		c.violate("decision-captures", string(d.ID), fmt.Sprintf("the decision rests on %d captures, and %d are there", len(x.Captures), kept))
	}
}

// captures holds each capture of a decided encounter against what the audit
// log says of it.
func (c *checker) captures() error {
	if c.o.Keys == nil {
		return nil
	}
	var last int64 = -1
	var x app.Explained
	var ok bool
	return c.Rows(func(scan func(...any) error) error {
		var seq int64
		var keyID, owner string
		var sealed []byte
		row, err := store.ScanCapture(func(dst ...any) error { return scan(append([]any{&seq, &keyID, &owner, &sealed}, dst...)...) })
		if err != nil {
			return err
		}
		if seq != last { // the captures of a leaf come one after the other
			if x, ok, err = c.explained(keyID, owner, sealed); err != nil {
				return err
			}
			last = seq
		}
		if ok && !slices.ContainsFunc(x.Captures, func(was store.Capture) bool { return sameCapture(was, row) }) {
			c.violate("capture-altered", string(row.ID), "the capture is not what the audit log says of it: it was altered")
		}
		return nil
	}, `SELECT a.seq, a.key_id, a.owner, a.detail, `+store.CaptureColumns+` FROM audit a JOIN decisions d ON d.id = a.subject
		JOIN captures c ON c.encounter = d.encounter WHERE a.action = 'decision' ORDER BY a.seq, c.attempt`)
}

// sameCapture compares all but the sealed item, which goes before the record.
func sameCapture(was, is store.Capture) bool {
	was.Item, is.Item = "", ""
	was.Received = was.Received.UTC()
	return reflect.DeepEqual(plain(was), plain(is))
}

// plain makes no difference between no list and an empty one.
func plain(c store.Capture) store.Capture {
	if len(c.Reasons) == 0 {
		c.Reasons = nil
	}
	if len(c.Result.Candidates) == 0 {
		c.Result.Candidates = nil
	}
	return c
}
