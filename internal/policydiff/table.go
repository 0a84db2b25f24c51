package policydiff

import (
	"encoding/csv"
	"io"
	"strconv"
)

// WriteCSV writes one row for each transition of each group: duty, dimension
// ("all" for everybody), value, from, to, persons, and percent of the group.
func (r *Diff) WriteCSV(out io.Writer) error {
	w := csv.NewWriter(out)
	w.Write([]string{"duty", "dimension", "value", "from", "to", "persons", "percent_of_value"}) // its first error is Flush's
	for _, d := range r.Duties {
		writeFlow(w, d.ID, "all", "", &d.Total)
		for _, x := range d.By {
			for i := range x.Values {
				writeFlow(w, d.ID, x.Name, x.Values[i].Name, &x.Values[i].Flow)
			}
		}
	}
	w.Flush()
	return w.Error()
}

func writeFlow(w *csv.Writer, duty, dimension, value string, f *Flow) {
	n := f.Persons()
	for _, from := range Outcomes {
		for _, to := range Outcomes {
			if v := f[from][to]; v > 0 {
				w.Write([]string{duty, dimension, value, from.String(), to.String(),
					strconv.FormatInt(v, 10), strconv.FormatFloat(percent(v, n), 'f', 4, 64)})
			}
		}
	}
}
