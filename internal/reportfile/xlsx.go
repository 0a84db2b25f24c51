package reportfile

import (
	"errors"
	"io"

	"github.com/xuri/excelize/v2"

	"limen/report"
)

// The sheets of the workbook.
const (
	aboutSheet  = "About"
	placesSheet = "Overstays and departures"
	seriesSheet = "By day"
)

// writeXLSX writes a workbook of three sheets: title and notes, one row for each
// country and group, one for each day. Counts and rates are numbers; a text is
// never a formula.
func writeXLSX(w io.Writer, s *report.Sheet) (err error) {
	f := excelize.NewFile()
	defer func() { err = errors.Join(err, f.Close()) }()
	book := &workbook{File: f}
	book.styles()
	book.about(s)
	var byPlace, byDay []record
	for _, r := range records(s) {
		if r.point != nil {
			byDay = append(byDay, r)
		} else {
			byPlace = append(byPlace, r)
		}
	}
	book.table(placesSheet, byPlace, func(c column) bool { return c.name != "day" })
	book.table(seriesSheet, byDay, func(c column) bool { return c.name == "day" || c.name == "suspected_in_country_overstays" })
	if book.err != nil {
		return book.err
	}
	_, err = f.WriteTo(w)
	return err
}

// workbook keeps the first error, so that the rest reads as what it does.
type workbook struct {
	*excelize.File
	head, number, rate, title, wrapped int
	err                                error
}

func (b *workbook) try(err error) {
	if b.err == nil {
		b.err = err
	}
}

func (b *workbook) style(s excelize.Style) int {
	id, err := b.NewStyle(&s)
	b.try(err)
	return id
}

func (b *workbook) styles() {
	right := &excelize.Alignment{Horizontal: "right"}
	counts, rates := "#,##0", "0.00%"
	b.head = b.style(excelize.Style{Font: &excelize.Font{Bold: true}, Alignment: &excelize.Alignment{WrapText: true, Vertical: "bottom"},
		Border: []excelize.Border{{Type: "bottom", Color: "7B8792", Style: 2}}})
	b.number = b.style(excelize.Style{CustomNumFmt: &counts, Alignment: right})
	b.rate = b.style(excelize.Style{CustomNumFmt: &rates, Alignment: right})
	b.title = b.style(excelize.Style{Font: &excelize.Font{Bold: true, Size: 14}})
	b.wrapped = b.style(excelize.Style{Alignment: &excelize.Alignment{WrapText: true, Vertical: "top"}})
}

func (b *workbook) about(s *report.Sheet) {
	b.try(b.SetSheetName("Sheet1", aboutSheet))
	b.try(b.SetDocProps(&excelize.DocProperties{Title: title(s), Creator: "limen", Language: "en-US"}))
	b.try(b.SetColWidth(aboutSheet, "A", "A", 110))
	b.try(b.SetCellStr(aboutSheet, "A1", title(s)))
	b.try(b.SetCellStyle(aboutSheet, "A1", "A1", b.title))
	for i, n := range append([]string{asOf(s)}, s.Notes...) {
		at := cellName(0, i+2)
		b.try(b.SetCellStr(aboutSheet, at, n))
		b.try(b.SetCellStyle(aboutSheet, at, at, b.wrapped))
	}
}

func cellName(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		panic(err) // columns and rows are counted here
	}
	return name
}

// table writes a sheet with the columns that are in it; the head row stays in
// sight and filters.
func (b *workbook) table(name string, rows []record, in func(column) bool) {
	_, err := b.NewSheet(name)
	b.try(err)
	var used []column
	for _, c := range columns {
		if in(c) {
			used = append(used, c)
		}
	}
	for i, c := range used {
		at, letter := cellName(i, 1), cellName(i, 1)
		letter = letter[:len(letter)-1]
		b.try(b.SetCellStr(name, at, c.head))
		width := 15.0
		switch {
		case c.name == "country" || c.name == "part_of" || c.name == "class_group":
			width = 32
		case c.kind == words:
			width = 11
		}
		b.try(b.SetColWidth(name, letter, letter, width))
	}
	last := cellName(len(used)-1, len(rows)+1)
	b.try(b.SetCellStyle(name, "A1", cellName(len(used)-1, 1), b.head))
	for y, r := range rows {
		for x, c := range used {
			if v, ok := c.of(r); ok {
				b.put(name, cellName(x, y+2), c.kind, v)
			}
		}
	}
	b.try(b.SetPanes(name, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}))
	if len(rows) > 0 {
		b.try(b.AutoFilter(name, "A1:"+last, nil))
	}
}

func (b *workbook) put(sheet, at string, k kind, v value) {
	style := b.number
	switch {
	case v.withheld:
		b.try(b.SetCellStr(sheet, at, report.WithheldMark))
	case k == count:
		b.try(b.SetCellInt(sheet, at, v.n))
	case k == share:
		style = b.rate
		b.try(b.SetCellFloat(sheet, at, v.rate, -1, 64))
	default:
		b.try(b.SetCellStr(sheet, at, v.text))
		return
	}
	b.try(b.SetCellStyle(sheet, at, at, style))
}
