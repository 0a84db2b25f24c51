package manifest

import (
	"cmp"
	"fmt"
	"slices"
)

// The codes of diagnostics. A code never changes its meaning.
const (
	// The input and its envelope.
	CodeNothingRead     = "nothing-read"     // the input holds no message
	CodeAdviceInvalid   = "advice-invalid"   // UNA cannot work; defaults taken
	CodeEnvelopeMissing = "envelope-missing" // no UNB: the sender is unknown
	CodeTrailerMissing  = "trailer-missing"  // no UNT, UNE or UNZ where due
	CodeHeaderMissing   = "header-missing"   // a message begins without UNH
	CodeReference       = "reference-differs"
	CodeCount           = "count-differs"
	CodeMessageType     = "message-type-unknown"
	CodeMessageSkipped  = "message-skipped" // another kind of message, not read
	CodeCut             = "message-cut"     // the input ends inside a message
	CodeUnreadable      = "unreadable"      // the form cannot be followed further
	CodeTooMany         = "too-many"        // over a limit; the rest is left out

	// Segments and fields.
	CodeTerminator     = "terminator-missing"
	CodeUnknownSegment = "segment-unknown"
	CodeMisplaced      = "segment-misplaced"
	CodeRepeated       = "repeated"
	CodeQualifier      = "qualifier-unknown"
	CodeUnknownField   = "field-unknown"
	CodeFieldType      = "field-type"

	// Values.
	CodeFunction        = "function-unknown"
	CodeLegsMissing     = "legs-missing"
	CodeLegIncomplete   = "leg-incomplete"
	CodeLegGap          = "leg-gap"
	CodeCarrierDiffers  = "carrier-differs"
	CodeRole            = "role-unexpected"
	CodeNameMissing     = "name-missing"
	CodeNameForm        = "name-form"
	CodeValueMissing    = "value-missing"
	CodeCharacter       = "character-invalid"
	CodeDate            = "date-invalid"
	CodeDateFormat      = "date-format"
	CodeDateCentury     = "date-century"
	CodeTimeMissing     = "time-missing"
	CodeSex             = "sex-unknown"
	CodeCountry         = "country-form"
	CodePort            = "port-form"
	CodeDocumentMissing = "document-missing"
	CodeDocumentForm    = "document-form"
)

// place is where in the input the parser is.
type place struct {
	segment   int
	tag       string
	offset    int64
	passenger int
}

// reporter gathers the diagnostics of one message, or of what lies outside.
type reporter struct {
	place
	list    []Diagnostic
	leftOut int
}

func (r *reporter) add(s Severity, code, format string, args ...any) {
	r.addAt(r.place, s, code, format, args...)
}

func (r *reporter) addAt(at place, s Severity, code, format string, args ...any) {
	if len(r.list) >= MaxDiagnostics && s != Fatal {
		r.leftOut++
		return
	}
	detail := format
	if len(args) > 0 {
		detail = fmt.Sprintf(format, args...)
	}
	r.list = append(r.list, Diagnostic{
		Severity: s, Code: code, Detail: detail,
		Segment: at.segment, Tag: at.tag, Offset: at.offset, Passenger: at.passenger,
	})
}

// finish returns the diagnostics in the order of the bytes, never nil.
func (r *reporter) finish() []Diagnostic {
	slices.SortStableFunc(r.list, func(a, b Diagnostic) int { return cmp.Compare(a.Offset, b.Offset) })
	if n := r.leftOut; n > 0 {
		r.leftOut = 0
		r.list = append(r.list, Diagnostic{
			Severity: Error, Code: CodeTooMany, Segment: r.segment, Tag: r.tag, Offset: r.offset,
			Detail: fmt.Sprintf("%d more diagnostics are left out; a message keeps %d.", n, MaxDiagnostics),
		})
	}
	if r.list == nil {
		r.list = []Diagnostic{}
	}
	return r.list
}
