package traffic

import (
	"encoding/csv"
	"errors"
	"io"
)

// Source is a stream of rows: a Reader or a Simulator. Next returns io.EOF
// after the last row.
type Source interface {
	Next(row *Row) error
}

// Write writes a stream as CSV with its header line, calling progress with how
// many rows are written, now and then.
func Write(out io.Writer, from Source, progress func(rows int)) error {
	w := csv.NewWriter(out)
	head := make([]string, columns)
	for c := range columns {
		head[c] = c.String()
	}
	if err := w.Write(head); err != nil {
		return err
	}
	var row Row
	for n := 0; ; n++ {
		if n%4096 == 0 && progress != nil {
			progress(n)
		}
		err := from.Next(&row)
		if errors.Is(err, io.EOF) {
			w.Flush()
			return w.Error()
		}
		if err != nil {
			return err
		}
		if err := w.Write(row.Cells[:]); err != nil {
			return err
		}
	}
}
