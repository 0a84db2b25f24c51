package traffic

import (
	"errors"
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"limen/errs"
	"limen/policy"
	"limen/travel"
)

// all reads every question of a CSV.
func all(r io.Reader) (out []policy.Question, err error) {
	t, err := NewReader(r)
	if err != nil {
		return nil, err
	}
	for {
		var row Row
		if err := t.Next(&row); errors.Is(err, io.EOF) {
			return out, nil
		} else if err != nil {
			return out, err
		}
		var q policy.Question
		if err := row.Question(&q); err != nil {
			return out, err
		}
		out = append(out, q)
	}
}

func TestReaderReadsEveryColumn(t *testing.T) {
	const csv = "\ufeffdirection,on,mode,port,pilot-port,citizenship,presents-as,birth,class,status-ended,attendant,taiwan-official,resident,visa-required,i94,document,exemption,refused\r\n" +
		"exit,2026-02-28,private_aircraft,TEB,no,CAN D,D,2012-02-29,nato6,no,yes,no,no,yes,yes,passport_card,granted,yes\r\n" +
		"entry,2026-03-01,,,,,,,,,,,,,,,claimed,no\r\n"
	got, err := all(strings.NewReader(csv))
	if err != nil {
		t.Fatal(err)
	}
	want := []policy.Question{{
		Day: travel.Day{Year: 2026, Month: 2, Date: 28}, Direction: travel.Exit, Mode: policy.PrivateAircraft, Port: "TEB", PilotPort: policy.No,
		Citizenships: []travel.Country{"CAN", "DEU"}, PresentsAs: "DEU", Birth: travel.Day{Year: 2012, Month: 2, Date: 29}, Class: "NATO-6",
		StatusEnded: policy.No, Attendant: policy.Yes, TaiwanOfficial: policy.No, Resident: policy.No, VisaRequired: policy.Yes, I94Issued: policy.Yes,
		Document: policy.PassportCard, ExemptionGranted: true, Refused: true,
	}, {Day: travel.Day{Year: 2026, Month: 3, Date: 1}, Direction: travel.Entry, Citizenships: []travel.Country{}, ExemptionClaimed: true}}
	for i := range got {
		if got[i].Citizenships == nil {
			got[i].Citizenships = []travel.Country{}
		}
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("read\n%+v\nwant\n%+v", got, want)
	}
	var words []string
	for _, c := range Columns() {
		words = append(words, c.String())
	}
	if slices.Sort(words); !slices.Equal(words, policy.Words()) {
		t.Errorf("the columns are %v, the words of a question %v", words, policy.Words())
	}
}

// TestReaderRefuses shows that every cell that cannot be read is refused with
// its line and its column, and that no error repeats the cell.
func TestReaderRefuses(t *testing.T) {
	const head = "on,direction,mode,port,pilot-port,citizenship,presents-as,birth,class,status-ended,attendant,taiwan-official,resident,visa-required,i94,document,exemption,refused"
	const good = "2026-01-10,entry,air,JFK,no,GBR,,1980-01-01,B-2,,,,,,,,,"
	seen := map[string]bool{}
	for _, c := range []struct{ column, cell string }{
		{"on", "2026-02-30"}, {"on", "10/01/2026"}, {"direction", "ENTRY"}, {"direction", "transit"}, {"mode", "Zeppelin"}, {"port", "jfk"}, {"port", "J"}, {"port", "USJFKX"},
		{"pilot-port", "perhaps"}, {"citizenship", "GB"}, {"citizenship", "GBR  IRL"}, {"citizenship", "GBR;IRL"}, {"citizenship", strings.Repeat("GBR ", 8) + "IRL"},
		{"presents-as", "gbr"}, {"birth", "2026-01-11"}, {"birth", "1980"}, {"class", "tourist visa"}, {"class", "-"}, {"status-ended", "YES"}, {"attendant", "1"},
		{"taiwan-official", "n"}, {"resident", "true"}, {"visa-required", " yes"}, {"i94", "?"}, {"document", "driving licence"}, {"exemption", "yes"}, {"refused", "maybe"},
	} {
		cells := strings.Split(good, ",")
		for i, name := range strings.Split(head, ",") {
			if name == c.column {
				cells[i], seen[name] = c.cell, true
			}
		}
		_, err := all(strings.NewReader(head + "\n" + good + "\n" + strings.Join(cells, ",") + "\n"))
		if errs.CodeOf(err) != "traffic-cell" || errs.KindOf(err) != errs.Invalid {
			t.Errorf("%s = %q: %v", c.column, c.cell, err)
			continue
		}
		if text := err.Error(); !strings.Contains(text, "line 3, column "+c.column+":") || len(c.cell) > 4 && strings.Contains(text, c.cell) {
			t.Errorf("%s = %q: the error is %q", c.column, c.cell, text)
		}
	}
	if len(seen) != int(columns) {
		t.Errorf("only %d of %d columns were refused anything", len(seen), columns)
	}
}

func TestReaderForm(t *testing.T) {
	for _, c := range []struct{ name, csv, code, says string }{
		{"nothing", "", "traffic-header", "is empty"},
		{"no such column", "on,direction,surname\n", "traffic-header", "line 1, column 3"},
		{"a column twice", "on,direction,on\n", "traffic-header", "line 1, column 3"},
		{"no day", "direction,class\n", "traffic-header", "on and direction are needed"},
		{"too few cells", "on,direction\n2026-01-10\n", "traffic-form", "line 2"},
		{"too many cells", "on,direction\n2026-01-10,exit\n2026-01-10,exit,B-2\n", "traffic-form", "line 3"},
		{"a quote in a cell", "on,direction\n2026-01-10,ex\"it\n", "traffic-form", "line 2"},
		{"no day in a row", "on,direction\n,exit\n", "traffic-missing", "line 2, column on"},
		{"no direction in a row", "on,direction\n2026-01-10,\n", "traffic-missing", "line 2, column direction"},
		{"a quote that never ends", "on,direction\n2026-01-10,\"" + strings.Repeat("exit\n", 100_000), "traffic-row-too-large", "64 kB"},
		{"lines are counted within quotes", "on,direction,port\n2026-01-10,exit,\"A\nB\"\n", "traffic-cell", "line 2, column port"},
	} {
		if _, err := all(strings.NewReader(c.csv)); errs.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s: …%s…", c.name, err, c.code, c.says)
		}
	}
	broken := io.MultiReader(strings.NewReader("on,direction\n2026-01-10,exit\n"), iotest.ErrReader(io.ErrClosedPipe))
	if got, err := all(broken); len(got) != 1 || errs.CodeOf(err) != "traffic-file" || !errors.Is(err, io.ErrClosedPipe) {
		t.Errorf("a file that breaks off: %d rows, %v", len(got), err)
	}
}

// FuzzReader: whatever the bytes, rows are read or refused, memory stays
// bounded, and no error repeats a cell.
func FuzzReader(f *testing.F) {
	f.Add([]byte("on,direction,citizenship,class\n2026-01-10,exit,GBR IRL,B-2\n"))
	f.Add([]byte("on,direction,port\n2026-01-10,exit,\"J\nFK\"\n"))
	f.Add([]byte("\ufeffon,direction,birth,exemption\r\n2026-01-10,entry,2026-01-11,granted\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := all(strings.NewReader(string(data)))
		if err != nil && errs.KindOf(err) != errs.Invalid && errs.KindOf(err) != errs.TooLarge {
			t.Fatalf("error of kind %v", errs.KindOf(err))
		}
		for _, q := range got {
			if q.Day.IsZero() || q.Direction == "" || q.Birth.After(q.Day) || len(q.Citizenships) > maxCitizenships {
				t.Fatal("a row was read that no rule can be asked about")
			}
		}
	})
}
