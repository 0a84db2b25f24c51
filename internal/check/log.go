package check

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"limen/audit"
	"limen/errs"
	"limen/internal/app"
	"limen/internal/store"
)

// log reads the audit log once, in order: no leaf missing or doubled, stored
// hashes that follow from the leaves, checkpoints whose root is theirs, and
// openings that open.
func (c *checker) log() error {
	err := c.Rows(func(scan func(...any) error) error { return scan(&c.size, &c.outbox) }, `SELECT size, outbox FROM log_head`)
	if err != nil {
		return err
	}
	c.Report.Size = c.size
	heads, err := c.number(`SELECT count(*) FROM log_head`)
	if err != nil {
		return err
	}
	if heads != 1 {
		c.violate("log-head", fmt.Sprint(heads), "the head of the log is not one row")
	}
	r := &logReader{checker: c, tree: &audit.Tree{}}
	err = c.Rows(r.row, `SELECT a.seq, a.leaf, a.hashes, a.at, a.actor, a.action, a.subject, a.purpose, a.detail, a.key_id, a.owner, a.salt, a.due, k.note
		FROM audit a LEFT JOIN checkpoints k ON k.size = a.seq + 1 ORDER BY a.seq`)
	if err != nil {
		return err
	}
	if r.next != c.size {
		c.violate("log-head", fmt.Sprint(c.size), fmt.Sprintf("the head of the log says %d leaves, the last one is followed by place %d", c.size, r.next))
	}
	for _, h := range c.o.Held {
		if h.Size > r.next {
			c.violate("witness", fmt.Sprint(h.Size), fmt.Sprintf("the witness has seen %d leaves, the log has %d: %d are lost", h.Size, r.next, h.Size-r.next))
		}
	}
	c.count("leaves of the audit log", r.leaves)
	c.count("entries opened against their leaf", r.opened)
	c.count("entries whose opening is erased", r.closed)
	c.count("entries whose sealed detail is gone with its key", r.gone)
	c.count("checkpoints", r.checkpoints)
	if r.sealed > 0 {
		c.Skipped = append(c.Skipped, fmt.Sprintf("%d sealed details of the audit log: the data keys are not at hand", r.sealed))
	}
	return nil
}

// logReader verifies the log row by row.
type logReader struct {
	*checker
	tree *audit.Tree
	next int64
	// broken is set once a leaf is not what its hash says: what is above it
	// cannot be compared any more.
	broken bool

	leaves, opened, closed, gone, sealed, checkpoints int64
}

// logRow is a row of the audit log.
type logRow struct {
	store.LogEntry
	at, due int64
	salt    []byte
	note    []byte
}

func (r *logReader) row(scan func(...any) error) error {
	var e logRow
	err := scan(&e.Seq, &e.Leaf, &e.Hashes, &e.at, &e.Entry.Actor, &e.Entry.Action, &e.Entry.Subject, &e.Entry.Purpose, &e.Entry.Detail,
		&e.KeyID, &e.Owner, &e.salt, &e.due, &e.note)
	if err != nil {
		return err
	}
	if r.leaves++; r.leaves%4096 == 0 {
		r.o.Progress("audit log", r.leaves, r.size)
	}
	if e.Seq != r.next {
		r.violate("log-gap", strconv.FormatInt(r.next, 10), fmt.Sprintf("the log is not contiguous: leaf %d is followed by leaf %d", r.next-1, e.Seq))
		r.broken = true
	}
	r.next = e.Seq + 1
	r.last = max(r.last, e.at)
	r.hashes(&e)
	if err := r.opening(&e); err != nil {
		return err
	}
	return r.checkpoint(&e)
}

// hashes holds the stored hashes against the ones that follow from the leaves.
func (r *logReader) hashes(e *logRow) {
	own := tlog.RecordHash(e.Leaf)
	switch {
	case !bytes.HasPrefix(e.Hashes, own[:]):
		r.violate("log-leaf", strconv.FormatInt(e.Seq, 10), "the leaf is not the one that its stored hash is of")
		r.broken = true
	case r.broken:
	default:
		if _, want := r.tree.Append(e.Leaf); !bytes.Equal(want, e.Hashes) {
			r.violate("log-hashes", strconv.FormatInt(e.Seq, 10), "the stored hashes do not follow from the leaves")
			r.broken = true
		}
	}
}

// opening holds what opens a leaf against the leaf.
func (r *logReader) opening(e *logRow) error {
	id := strconv.FormatInt(e.Seq, 10)
	e.Entry.At = time.UnixMicro(e.at).UTC()
	leaf, err := audit.ParseLeaf(e.Leaf)
	if err != nil || leaf.Action != e.Entry.Action || !leaf.At.Equal(e.Entry.At.Truncate(time.Second)) {
		r.violate("log-leaf", id, "the leaf's action or time is not that of its row")
		return nil
	}
	if len(e.salt) == 0 {
		if r.closed++; e.due >= 0 || -e.due > r.o.Now.UnixMicro() { // when it was due is noted as a negative number
			r.violate("log-opening", id, "what opens the entry is gone, and its time is not over")
		}
		return nil
	}
	if copy(e.Salt[:], e.salt); len(e.salt) != len(e.Salt) {
		r.violate("log-opening", id, "the salt has not its length")
		return nil
	}
	if e.KeyID != "" {
		known, err := r.detail(e)
		if err != nil || !known {
			return err
		}
	}
	if r.opened++; !leaf.Opens(e.Salt, e.Entry) {
		r.violate("log-entry", id, "the entry is not the one that its leaf commits to: it was altered")
	}
	return nil
}

// detail opens a sealed detail and reports whether it could.
func (r *logReader) detail(e *logRow) (known bool, err error) {
	if r.o.Keys == nil {
		r.sealed++
		return false, nil
	}
	plain, err := r.OpenSealed(e.KeyID, store.DetailContext(e.Owner), e.Entry.Detail)
	switch errs.KindOf(err) {
	case errs.NotFound:
		r.gone++ // whether it may be gone is asked of the record it goes with
		return false, nil
	case errs.Invalid:
		r.violate("log-entry", strconv.FormatInt(e.Seq, 10), "the entry's sealed detail was altered")
		return false, nil
	}
	e.Entry.Detail = plain
	return err == nil, err
}

// checkpoint compares roots at the checkpoint of a size, ours and held ones.
func (r *logReader) checkpoint(e *logRow) error {
	id := strconv.FormatInt(r.next, 10)
	for _, h := range r.o.Held {
		if h.Size == r.next && (r.broken || h.Root != r.tree.Root()) {
			r.violate("witness", id, "the log is not the one that the witness has seen")
		}
	}
	if e.note == nil {
		return nil
	}
	r.checkpoints++
	c, err := r.openNote(e.note)
	switch {
	case err != nil:
		r.violate("checkpoint", id, "the checkpoint is none, or not signed by the log's key")
	case c.Size != r.next:
		r.violate("checkpoint", id, "the checkpoint is of another size than its row")
	case !r.broken && c.Root != r.tree.Root():
		r.violate("checkpoint", id, "the root of the checkpoint does not follow from the leaves: one of them was altered")
		r.broken = true
	}
	return nil
}

// openNote reads a checkpoint, and verifies its signature if the key is at hand.
func (c *checker) openNote(b []byte) (audit.Checkpoint, error) {
	if c.o.Signers != nil {
		return audit.OpenCheckpoint(b, c.o.Signers)
	}
	return unverified(b)
}

// unverified reads a checkpoint without its key.
func unverified(b []byte) (c audit.Checkpoint, err error) {
	lines := strings.SplitN(string(b), "\n", 4)
	if len(lines) != 4 {
		return c, errs.New(errs.Invalid, "checkpoint", "not a checkpoint")
	}
	c.Origin = lines[0]
	if c.Size, err = strconv.ParseInt(lines[1], 10, 64); err == nil {
		c.Root, err = tlog.ParseHash(lines[2])
	}
	return c, err
}

// checkpoints looks for those that stand at no leaf.
func (c *checker) checkpoints() error {
	if c.o.Signers == nil {
		c.Skipped = append(c.Skipped, "signatures of the checkpoints: the log's public key is not at hand")
	}
	err := c.Rows(func(scan func(...any) error) error {
		var size int64
		if err := scan(&size); err != nil {
			return err
		}
		c.violate("checkpoint", strconv.FormatInt(size, 10), "a checkpoint is of more leaves than there are: the log was cut off")
		return nil
	}, `SELECT size FROM checkpoints WHERE size < 0 OR size > $1`, c.size)
	return err
}

// erasures holds the proofs of erasure against what is there.
func (c *checker) erasures() error {
	n := int64(0)
	err := c.Rows(func(scan func(...any) error) error {
		var subject string
		var detail []byte
		var crossings, passengers, travelers int
		if err := scan(&subject, &detail, &crossings, &passengers, &travelers); err != nil {
			return err
		}
		var p app.Proof
		if err := json.Unmarshal(detail, &p); err != nil {
			c.violate("erasure-proof", subject, "the proof of an erasure cannot be read")
			return nil
		}
		n++
		there := map[store.Kind]int{store.CrossingKind: crossings, store.PassengerKind: passengers, store.TravelerKind: travelers}[p.Kind]
		if there > 0 {
			c.violate("erasure-undone", subject, fmt.Sprintf("the log proves that this %s was erased, and it is there", p.Kind))
		}
		if p.Kind == store.CrossingKind {
			c.proved++
		}
		return c.destroyed(subject, p.Key)
	}, `SELECT a.subject, a.detail, (SELECT count(*) FROM crossings x WHERE x.id = a.subject),
		(SELECT count(*) FROM passengers p WHERE p.id = a.subject), (SELECT count(*) FROM travelers t WHERE t.id = a.subject)
		FROM audit a WHERE a.action = 'erasure' AND a.subject <> '' ORDER BY a.seq`)
	c.count("proofs of erasure", n)
	return err
}

// destroyed checks that a key is gone that a proof says was destroyed.
func (c *checker) destroyed(subject, key string) error {
	if c.o.Keys == nil || key == "" {
		return nil
	}
	_, err := c.o.Keys.Key(c.ctx, key)
	if err == nil {
		c.violate("key-undestroyed", key, "the log proves that this data key was destroyed, and it is there: was an old copy of keys.db put back? (of "+subject+")")
	}
	if errs.KindOf(err) == errs.NotFound {
		return nil
	}
	return err
}
