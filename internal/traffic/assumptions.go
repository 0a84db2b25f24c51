package traffic

import (
	"bytes"
	_ "embed"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"sort"
	"strconv"

	"limen/errs"
)

//go:embed assumptions.csv
var builtIn []byte

// maxAssumptions is the most bytes of a file of assumptions.
const maxAssumptions = 1 << 20

// Assumptions are the shares that simulated traffic is drawn from: tables of
// keys, each with its percent and the source of it. They are immutable.
type Assumptions struct {
	list   []Assumption
	tables map[string]*shares
	rates  map[string]float64
	pilots map[string]float64 // percent by port
}

// Assumption is one share, and who says so.
type Assumption struct {
	Table   string  `json:"table"`
	Key     string  `json:"key"`
	Percent float64 `json:"percent"`
	Source  string  `json:"source"`
}

// shares are drawn from in whole millionths of a percent, so that every machine
// draws the same.
type shares struct {
	keys []string
	upTo []uint64 // cumulative
}

func (t *shares) draw(rnd *rand.Rand) string {
	roll := rnd.Uint64N(t.upTo[len(t.upTo)-1])
	return t.keys[sort.Search(len(t.upTo), func(i int) bool { return t.upTo[i] > roll })]
}

// BuiltIn returns the assumptions that come with limen.
func BuiltIn() *Assumptions {
	a, err := ParseAssumptions(bytes.NewReader(builtIn))
	if err != nil {
		panic(err) // a test reads them
	}
	return a
}

// WriteBuiltIn writes the file of assumptions that comes with limen, to be
// edited and given to ParseAssumptions.
func WriteBuiltIn(w io.Writer) error {
	_, err := w.Write(builtIn)
	return err
}

// ParseAssumptions reads a CSV of at most 1 MB with the columns table, key,
// percent, source; an empty source is the one of the row above. The shares of
// a table make 100 percent; the tables "rate" and
// "pilot" hold shares that stand alone.
// Errors are Invalid or TooLarge and name the line, or the table that is
// missing.
func ParseAssumptions(r io.Reader) (*Assumptions, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxAssumptions+1))
	if err != nil {
		return nil, errs.New(errs.Invalid, "assumptions-file", "the assumptions cannot be read: %w", err)
	}
	if len(data) > maxAssumptions {
		return nil, errs.New(errs.TooLarge, "assumptions-too-large", "a file of assumptions has at most %d kB", maxAssumptions>>10)
	}
	a := &Assumptions{tables: map[string]*shares{}, rates: map[string]float64{}, pilots: map[string]float64{}}
	if err := a.read(csv.NewReader(bytes.NewReader(data))); err != nil {
		return nil, err
	}
	return a, a.complete()
}

func (a *Assumptions) read(c *csv.Reader) error {
	c.FieldsPerRecord, c.ReuseRecord = 4, true
	for source := ""; ; {
		f, err := c.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return errs.New(errs.Invalid, "assumptions-form", "the assumptions are no CSV of four columns: %w", err)
		}
		line, _ := c.FieldPos(0)
		if len(a.list) == 0 && line == 1 && slices.Equal(f, []string{"table", "key", "percent", "source"}) {
			continue
		}
		if f[3] != "" {
			source = f[3]
		}
		percent, err := strconv.ParseFloat(f[2], 64)
		if err != nil || !(percent >= 0 && percent <= 100) {
			return errs.New(errs.Invalid, "assumptions-percent", "assumptions line %d: the percent is not a number from 0 to 100", line)
		}
		if source == "" {
			return errs.New(errs.Invalid, "assumptions-source", "assumptions line %d: a share needs its source, or the words that it is an assumption", line)
		}
		if err := a.add(Assumption{f[0], f[1], percent, source}, line); err != nil {
			return err
		}
	}
}

func (a *Assumptions) add(s Assumption, line int) error {
	if err := checkKey(s.Table, s.Key); err != nil {
		return errs.New(errs.Invalid, "assumptions-key", "assumptions line %d: %w", line, err)
	}
	if slices.ContainsFunc(a.list, func(o Assumption) bool { return o.Table == s.Table && o.Key == s.Key }) {
		return errs.New(errs.Invalid, "assumptions-twice", "assumptions line %d: the share stands there already", line)
	}
	a.list = append(a.list, s)
	switch s.Table {
	case rateTable:
		a.rates[s.Key] = s.Percent
		return nil
	case pilotTable:
		a.pilots[s.Key] = s.Percent
		return nil
	}
	t := a.tables[s.Table]
	if t == nil {
		t = &shares{}
		a.tables[s.Table] = t
	}
	if millionths := uint64(math.Round(s.Percent * 1e6)); millionths > 0 {
		before := uint64(0)
		if n := len(t.upTo); n > 0 {
			before = t.upTo[n-1]
		}
		t.keys, t.upTo = append(t.keys, s.Key), append(t.upTo, before+millionths)
	}
	return nil
}

// complete reports the first table or rate that is missing, or does not make
// 100 percent.
func (a *Assumptions) complete() error {
	for _, name := range neededTables() {
		t := a.tables[name]
		if t == nil || len(t.upTo) == 0 {
			return errs.New(errs.Invalid, "assumptions-missing", "the assumptions have no table %q", name)
		}
		if sum := t.upTo[len(t.upTo)-1]; sum < 99_990_000 || sum > 100_010_000 {
			return errs.New(errs.Invalid, "assumptions-sum", "the shares of table %q make %g percent, not 100", name, float64(sum)/1e6)
		}
	}
	for _, name := range neededRates {
		if _, ok := a.rates[name]; !ok {
			return errs.New(errs.Invalid, "assumptions-missing", "the assumptions have no rate %q", name)
		}
	}
	return nil
}

// List returns the shares in the order of the file.
func (a *Assumptions) List() []Assumption { return slices.Clone(a.list) }
