package check

import (
	"bytes"
	"fmt"
	"time"

	"limen/internal/store"
	"limen/retention"
)

// crossings holds each crossing as it is now against what the audit log says
// of it, and its due date against its class.
func (c *checker) crossings() error {
	n := int64(0)
	err := c.Rows(func(scan func(...any) error) error {
		var seq, at, due int64
		var detail []byte
		x, err := store.ScanCrossing(func(dst ...any) error { return scan(append([]any{&seq, &at, &detail, &due}, dst...)...) })
		if err != nil {
			return err
		}
		if n++; n%4096 == 0 {
			c.o.Progress("crossings", n, c.outbox)
		}
		if !bytes.Equal(detail, x.Detail()) || at != x.At.UnixMicro() {
			c.violate("crossing-altered", string(x.ID), fmt.Sprintf("the crossing is not what leaf %d of the audit log says of it: it was altered", seq))
		}
		c.dueIs("crossing-due", string(x.ID), x.Retention, due, x.At)
		return nil
	}, `SELECT a.seq, a.at, a.detail, x.due, `+store.CrossingColumns+` FROM audit a JOIN crossings x ON x.id = a.subject
		WHERE a.action = 'crossing' ORDER BY a.seq`)
	c.count("crossings held against their leaf", n)
	return err
}

// dueIs checks that a due instant is the one of a class whose clock started at
// start.
func (c *checker) dueIs(rule, id string, class retention.Class, due int64, start time.Time) {
	want, err := retention.Due(class, start)
	switch {
	case err != nil:
		c.violate(rule, id, "there is no such retention class, or its clock has not started")
	case want.UnixMicro() != due:
		c.violate(rule, id, fmt.Sprintf("the due date is not that of its class: it is %s, and must be %s", stamp(due), want.Format(time.RFC3339)))
	}
}

func stamp(us int64) string { return time.UnixMicro(us).UTC().Format(time.RFC3339) }
