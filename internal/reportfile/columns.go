package reportfile

import (
	"strconv"

	"limen/report"
)

// column is one of the named columns that CSV, XLSX and Parquet share.
type column struct {
	name string
	head string // for people
	kind kind
	of   func(record) (value, bool) // false: the row has no such value
}

type kind int

const (
	words kind = iota
	count
	share
)

// value is what stands in a row under a column.
type value struct {
	text     string
	n        int64
	rate     float64
	withheld bool
}

// String is the value for programs; a withheld count is report.WithheldMark.
func (v value) String(k kind) string {
	switch {
	case v.withheld:
		return report.WithheldMark
	case k == count:
		return strconv.FormatInt(v.n, 10)
	case k == share:
		return strconv.FormatFloat(v.rate, 'f', 6, 64)
	}
	return v.text
}

var columns = []column{
	text("country_code", "Code", func(r record) string { return string(r.place.Code) }),
	text("country", "Country of citizenship", func(r record) string { return r.place.Name }),
	text("part_of", "Part of", func(r record) string { return r.place.Of }),
	text("class_group", "Classes of admission", func(r record) string {
		if r.point != nil {
			return report.AllGroups.String()
		}
		return r.group.String()
	}),
	text("day", "Day", func(r record) string {
		if r.point != nil {
			return r.point.Day.String()
		}
		return ""
	}),
	stays("expected_departures", "Expected departures", func(l report.Line) report.Figure { return l.Expected }),
	stays("out_of_country_overstays", "Out-of-country overstays", func(l report.Line) report.Figure { return l.OutOfCountry }),
	inCountry(),
	stays("total_overstays", "Total overstays", func(l report.Line) report.Figure { return l.Total }),
	rateOf("total_overstay_rate", "Total overstay rate", func(r report.Rate) float64 { return r.Value }, report.Line.Rate),
	rateOf("total_overstay_rate_low", "lower, 95 %", func(r report.Rate) float64 { return r.Lower }, report.Line.Rate),
	rateOf("total_overstay_rate_high", "upper, 95 %", func(r report.Rate) float64 { return r.Upper }, report.Line.Rate),
	rateOf("suspected_in_country_overstay_rate", "Suspected in-country overstay rate", func(r report.Rate) float64 { return r.Value }, report.Line.InCountryRate),
	departed("departures", "Departures", func(l report.DepartureLine) report.Figure { return l.All }),
	departed("departures_matched", "Departures matched to arrivals", func(l report.DepartureLine) report.Figure { return l.Matched }),
	{"match_rate", "Match rate", share, func(r record) (value, bool) {
		if r.departures == nil || !r.departures.Rate().Known {
			return value{}, false
		}
		return value{rate: r.departures.Rate().Value}, true
	}},
}

func text(name, head string, of func(record) string) column {
	return column{name, head, words, func(r record) (value, bool) { s := of(r); return value{text: s}, s != "" }}
}

func stays(name, head string, of func(report.Line) report.Figure) column {
	return column{name, head, count, func(r record) (value, bool) {
		if r.stays == nil {
			return value{}, false
		}
		f := of(*r.stays)
		return value{n: f.N, withheld: f.Withheld}, true
	}}
}

// inCountry is the one column that a day of the series has a figure in, too.
func inCountry() column {
	c := stays("suspected_in_country_overstays", "Suspected in-country overstays", func(l report.Line) report.Figure { return l.InCountry })
	of := c.of
	c.of = func(r record) (value, bool) {
		if r.point != nil {
			return value{n: r.point.InCountry}, true
		}
		return of(r)
	}
	return c
}

func rateOf(name, head string, of func(report.Rate) float64, rate func(report.Line) report.Rate) column {
	return column{name, head, share, func(r record) (value, bool) {
		if r.stays == nil || !rate(*r.stays).Known {
			return value{}, false
		}
		return value{rate: of(rate(*r.stays))}, true
	}}
}

func departed(name, head string, of func(report.DepartureLine) report.Figure) column {
	return column{name, head, count, func(r record) (value, bool) {
		if r.departures == nil {
			return value{}, false
		}
		f := of(*r.departures)
		return value{n: f.N, withheld: f.Withheld}, true
	}}
}
