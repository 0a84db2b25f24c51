// Package edifact cuts the bytes of a UN/EDIFACT interchange into segments,
// and writes segments back as bytes.
//
// It knows the syntax and nothing of any message: which characters separate,
// which one releases the next, where a segment begins and ends. It reads what
// carriers send rather than what the standard asks for: a service string
// advice or none, any separators, line breaks in the middle of a value, blanks
// before a segment, a last segment without its end. It reads from a stream and
// holds one segment at a time; MaxSegment, MaxElements and MaxComponents bound
// what one segment may cost.
//
// What it does not do yet: repetition of elements (syntax 4), character sets
// beyond bytes, and the headers and trailers that teletype networks put around
// an interchange.
//
// Source: ISO 9735-1:2002, clauses 6 to 10 and annex A (service characters,
// UNA, use of separators and of the release character).
package edifact
