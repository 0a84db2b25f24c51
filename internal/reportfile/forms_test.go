package reportfile_test

import (
	"bytes"
	"encoding/csv"
	"html"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/parquet-go/parquet-go"
	"github.com/xuri/excelize/v2"

	"limen/errs"
	"limen/internal/reportfile"
	"limen/internal/staysim"
	"limen/report"
)

// taken is a report of n people who do not exist, exact or public.
func taken(t testing.TB, n int, public bool) *report.Sheet {
	t.Helper()
	period, err := report.FiscalYear(2026)
	if err != nil {
		t.Fatal(err)
	}
	p, err := staysim.New(n, 1, period)
	if err != nil {
		t.Fatal(err)
	}
	tally, err := report.Take(report.Options{Period: period, On: period.Last.AddDays(123), Home: "USA"}, p.Stays(), p.Departures())
	if err != nil {
		t.Fatal(err)
	}
	s := tally.Full()
	if public {
		if s, err = tally.PublicForm(report.DefaultThreshold); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func written(t testing.TB, f reportfile.Format, s *report.Sheet) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := reportfile.Write(&b, f, s); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// key is where a figure stands; a figure is compared as text, a rate to six
// digits.
type key struct{ country, part, group, day, column string }

// aggregate is what every form must say, from the sheet alone.
func aggregate(s *report.Sheet) map[key]string {
	out := map[key]string{}
	put := func(p report.Place, g report.Group, column string, f report.Figure) {
		k := key{p.Name, p.Of, g.String(), "", column}
		if out[k] = strconv.FormatInt(f.N, 10); f.Withheld {
			out[k] = report.WithheldMark
		}
	}
	rate := func(p report.Place, g report.Group, column string, r report.Rate, v float64) {
		if r.Known {
			out[key{p.Name, p.Of, g.String(), "", column}] = strconv.FormatFloat(v, 'f', 6, 64)
		}
	}
	for _, l := range s.Lines {
		put(l.Place, l.Group, "expected_departures", l.Expected)
		put(l.Place, l.Group, "out_of_country_overstays", l.OutOfCountry)
		put(l.Place, l.Group, "suspected_in_country_overstays", l.InCountry)
		put(l.Place, l.Group, "total_overstays", l.Total)
		rate(l.Place, l.Group, "total_overstay_rate", l.Rate(), l.Rate().Value)
		rate(l.Place, l.Group, "total_overstay_rate_low", l.Rate(), l.Rate().Lower)
		rate(l.Place, l.Group, "total_overstay_rate_high", l.Rate(), l.Rate().Upper)
		rate(l.Place, l.Group, "suspected_in_country_overstay_rate", l.InCountryRate(), l.InCountryRate().Value)
	}
	for _, l := range s.Departures {
		put(l.Place, l.Group, "departures", l.All)
		put(l.Place, l.Group, "departures_matched", l.Matched)
		rate(l.Place, l.Group, "match_rate", l.Rate(), l.Rate().Value)
	}
	for _, p := range s.Series {
		out[key{"", "", "all classes", p.Day.String(), "suspected_in_country_overstays"}] = strconv.FormatInt(p.InCountry, 10)
	}
	return out
}

// TestFormsHoldTheSameFigures reads each form back and compares every figure
// with the aggregate, in the exact and in the public form.
func TestFormsHoldTheSameFigures(t *testing.T) {
	for _, public := range []bool{false, true} {
		s := taken(t, 5_000, public)
		want := aggregate(s)
		withheld := 0
		for _, v := range want {
			if v == report.WithheldMark {
				withheld++
			}
		}
		if len(want) < 2500 || public != (withheld > 500) {
			t.Fatalf("%d figures, %d withheld", len(want), withheld)
		}
		for name, read := range map[reportfile.Format]func(testing.TB, []byte) map[key]string{
			reportfile.CSV: readCSV, reportfile.XLSX: readXLSX, reportfile.Parquet: readParquet,
		} {
			got := read(t, written(t, name, s))
			for k, v := range want {
				if got[k] != v {
					t.Errorf("%s, public %v: %+v is %q, want %q", name, public, k, got[k], v)
				}
			}
			if len(got) != len(want) {
				t.Errorf("%s, public %v: %d figures, want %d", name, public, len(got), len(want))
			}
		}
	}
}

var isRate = regexp.MustCompile(`rate`)

// keyed takes a table with a head apart; about is the rows that are no data.
func keyed(t testing.TB, head []string, rows [][]string) map[key]string {
	t.Helper()
	out := map[key]string{}
	for _, row := range rows {
		at := map[string]string{}
		for i, v := range row {
			at[head[i]] = v
		}
		if k := at["row"]; k == "title" || k == "note" {
			continue
		}
		for name, v := range at {
			switch name {
			case "row", "country_code", "country", "part_of", "class_group", "day", "note":
			default:
				if v == "" {
					continue
				}
				if isRate.MatchString(name) {
					f, err := strconv.ParseFloat(v, 64)
					if err != nil {
						t.Fatal(err)
					}
					v = strconv.FormatFloat(f, 'f', 6, 64)
				}
				k := key{at["country"], at["part_of"], at["class_group"], at["day"], name}
				if _, twice := out[k]; twice {
					t.Fatalf("%+v is there twice", k)
				}
				out[k] = v
			}
		}
	}
	return out
}

func readCSV(t testing.TB, b []byte) map[key]string {
	rows, err := csv.NewReader(bytes.NewReader(b)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return keyed(t, rows[0], rows[1:])
}

// heads are the heads of the workbook, by the names of CSV and Parquet.
var heads = map[string]string{"Code": "country_code", "Country of citizenship": "country", "Part of": "part_of", "Classes of admission": "class_group",
	"Day": "day", "Expected departures": "expected_departures", "Out-of-country overstays": "out_of_country_overstays",
	"Suspected in-country overstays": "suspected_in_country_overstays", "Total overstays": "total_overstays", "Total overstay rate": "total_overstay_rate",
	"lower, 95 %": "total_overstay_rate_low", "upper, 95 %": "total_overstay_rate_high", "Suspected in-country overstay rate": "suspected_in_country_overstay_rate",
	"Departures": "departures", "Departures matched to arrivals": "departures_matched", "Match rate": "match_rate"}

func readXLSX(t testing.TB, b []byte) map[key]string {
	f, err := excelize.OpenReader(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	out := map[key]string{}
	for _, sheet := range f.GetSheetList()[1:] {
		rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, h := range rows[0] {
			if heads[h] == "" {
				t.Fatalf("the head %q", h)
			}
			names = append(names, heads[h])
		}
		for k, v := range keyed(t, names, rows[1:]) {
			if k.day != "" {
				k.group = "all classes" // the sheet of days has no such column
			}
			out[k] = v
		}
	}
	return out
}

func readParquet(t testing.TB, b []byte) map[key]string {
	f, err := parquet.OpenFile(bytes.NewReader(b), int64(len(b)))
	if err != nil {
		t.Fatal(err)
	}
	if v, ok := f.Lookup("limen.title"); !ok || !strings.Contains(v, "fiscal year 2026") {
		t.Errorf("title %q", v)
	}
	rows := parquet.NewGenericReader[map[string]any](f, f.Schema())
	defer rows.Close()
	var head []string
	var table [][]string
	for _, c := range f.Schema().Fields() {
		if c.Name() != "withheld" {
			head = append(head, c.Name())
		}
	}
	for {
		batch := make([]map[string]any, 100)
		for i := range batch {
			batch[i] = map[string]any{}
		}
		n, err := rows.Read(batch)
		for _, r := range batch[:n] {
			table = append(table, cells(head, r))
		}
		if err == io.EOF {
			return keyed(t, head, table)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

// cells writes a row as text; what is null and named as withheld gets its mark.
func cells(head []string, r map[string]any) (row []string) {
	hidden := map[string]bool{}
	if list, ok := r["withheld"].([]any); ok {
		for _, name := range list {
			hidden[name.(string)] = true
		}
	}
	for _, name := range head {
		switch v := r[name].(type) {
		case string:
			row = append(row, v)
		case int64:
			row = append(row, strconv.FormatInt(v, 10))
		case float64:
			row = append(row, strconv.FormatFloat(v, 'g', -1, 64))
		default:
			if hidden[name] {
				row = append(row, report.WithheldMark)
			} else {
				row = append(row, "")
			}
		}
	}
	return row
}

var (
	pageTable = regexp.MustCompile(`(?s)<caption id="group-(\d)">.*?</table>`)
	pageRow   = regexp.MustCompile(`<tr[^>]*><th scope="row">([^<]*)</th>((?:<td>[^<]*</td>)*)</tr>`)
	pageCell  = regexp.MustCompile(`<td>([^<]*)</td>`)
)

// TestPageHoldsTheSameFigures reads the tables of the page.
func TestPageHoldsTheSameFigures(t *testing.T) {
	s := taken(t, 5_000, true)
	want := aggregate(s)
	page, seen := string(written(t, reportfile.HTML, s)), 0
	for _, table := range pageTable.FindAllStringSubmatch(page, -1) {
		g, _ := strconv.Atoi(table[1])
		all := []string{"expected_departures", "out_of_country_overstays", "suspected_in_country_overstays", "total_overstays", "", "", "departures", "departures_matched", ""}
		for _, row := range pageRow.FindAllStringSubmatch(table[0], -1) {
			cells, columns := pageCell.FindAllStringSubmatch(row[2], -1), all
			if len(cells) == 3 { // a group that only departures have
				columns = all[6:]
			}
			for i, c := range cells {
				if columns[i] == "" {
					continue
				}
				got := strings.ReplaceAll(c[1], ",", "")
				found := false
				for _, part := range []string{"", "All countries", "All countries except Canada and Mexico", "Canada and Mexico"} {
					v, ok := want[key{html.UnescapeString(row[1]), part, report.Group(g).String(), "", columns[i]}]
					found = found || ok && v == got
				}
				if seen++; !found {
					t.Errorf("%s, %s, %s is %q", row[1], report.Group(g), columns[i], got)
				}
			}
		}
	}
	if seen < 1400 {
		t.Errorf("only %d figures were looked at", seen)
	}
}

// TestPageStandsAlone: nothing is fetched, nothing runs.
func TestPageStandsAlone(t *testing.T) {
	page := string(written(t, reportfile.HTML, taken(t, 2000, false)))
	for _, bad := range []string{"<script", "http://", "https://", "url(", "@import", " src=", "onload", "ZgotmplZ"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	for _, good := range []string{`lang="en"`, "<caption", `scope="row"`, `name="viewport"`, "prefers-color-scheme", "@media print"} {
		if !strings.Contains(page, good) {
			t.Errorf("the page lacks %q", good)
		}
	}
}

// TestEmptyReport: no form fails on nothing.
func TestEmptyReport(t *testing.T) {
	period, err := report.FiscalYear(2026)
	if err != nil {
		t.Fatal(err)
	}
	c, err := report.NewCounter(report.Options{Period: period, On: period.Last.AddDays(1), Home: "USA"})
	if err != nil {
		t.Fatal(err)
	}
	public, err := c.Tally().PublicForm(report.DefaultThreshold)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range []*report.Sheet{c.Tally().Full(), public} {
		for _, f := range []reportfile.Format{reportfile.Table, reportfile.CSV, reportfile.XLSX, reportfile.Parquet, reportfile.HTML} {
			if b := written(t, f, s); len(b) == 0 {
				t.Errorf("%s is empty", f)
			}
		}
	}
	if err := reportfile.Write(io.Discard, "pdf", public); errs.CodeOf(err) != "report-format" {
		t.Errorf("pdf: %v", err)
	}
}
