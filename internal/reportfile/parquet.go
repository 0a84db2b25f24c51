package reportfile

import (
	"io"
	"strings"

	"github.com/parquet-go/parquet-go"

	"limen/report"
)

// row is a row of the Parquet file. A column that a row does not have is null;
// so is a withheld figure, which Withheld names.
type row struct {
	Row          string   `parquet:"row,dict"` // place or day
	CountryCode  *string  `parquet:"country_code,optional,dict"`
	Country      *string  `parquet:"country,optional,dict"`
	PartOf       *string  `parquet:"part_of,optional,dict"`
	ClassGroup   *string  `parquet:"class_group,optional,dict"`
	Day          *string  `parquet:"day,optional"`
	Expected     *int64   `parquet:"expected_departures,optional"`
	OutOfCountry *int64   `parquet:"out_of_country_overstays,optional"`
	InCountry    *int64   `parquet:"suspected_in_country_overstays,optional"`
	Total        *int64   `parquet:"total_overstays,optional"`
	Rate         *float64 `parquet:"total_overstay_rate,optional"`
	RateLow      *float64 `parquet:"total_overstay_rate_low,optional"`
	RateHigh     *float64 `parquet:"total_overstay_rate_high,optional"`
	InRate       *float64 `parquet:"suspected_in_country_overstay_rate,optional"`
	Departures   *int64   `parquet:"departures,optional"`
	Matched      *int64   `parquet:"departures_matched,optional"`
	MatchRate    *float64 `parquet:"match_rate,optional"`
	// Withheld has the names of the columns that the public form withholds.
	Withheld []string `parquet:"withheld,list"`
}

// fields are where the columns go, by name.
func (r *row) fields() map[string]any {
	return map[string]any{"country_code": &r.CountryCode, "country": &r.Country, "part_of": &r.PartOf, "class_group": &r.ClassGroup, "day": &r.Day,
		"expected_departures": &r.Expected, "out_of_country_overstays": &r.OutOfCountry, "suspected_in_country_overstays": &r.InCountry,
		"total_overstays": &r.Total, "total_overstay_rate": &r.Rate, "total_overstay_rate_low": &r.RateLow, "total_overstay_rate_high": &r.RateHigh,
		"suspected_in_country_overstay_rate": &r.InRate, "departures": &r.Departures, "departures_matched": &r.Matched, "match_rate": &r.MatchRate}
}

// writeParquet writes one table, compressed with Zstandard; title and notes are
// in the file's key-value metadata, as limen.title and limen.notes.
func writeParquet(w io.Writer, s *report.Sheet) error {
	out := parquet.NewGenericWriter[row](w, parquet.Compression(&parquet.Zstd),
		parquet.KeyValueMetadata("limen.title", title(s)),
		parquet.KeyValueMetadata("limen.notes", strings.Join(append([]string{asOf(s)}, s.Notes...), "\n")))
	for _, r := range records(s) {
		if _, err := out.Write([]row{rowOf(r)}); err != nil {
			return err
		}
	}
	return out.Close()
}

func rowOf(r record) row {
	out := row{Row: "place"}
	if r.point != nil {
		out.Row = "day"
	}
	fields := out.fields()
	for _, c := range columns {
		v, ok := c.of(r)
		switch {
		case !ok:
		case v.withheld:
			out.Withheld = append(out.Withheld, c.name)
		case c.kind == count:
			*fields[c.name].(**int64) = &v.n
		case c.kind == share:
			*fields[c.name].(**float64) = &v.rate
		default:
			*fields[c.name].(**string) = &v.text
		}
	}
	return out
}
