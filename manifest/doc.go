// Package manifest reads and writes the lists of persons that carriers send
// of a conveyance: UN/EDIFACT PAXLST as the WCO/IATA/ICAO guide uses it, and a
// JSON form of the same facts.
//
// Parse reads either form as its first bytes show, ParsePAXLST and ParseJSON
// the one named; WritePAXLST writes. Merge puts the messages of one voyage
// together, each once. All are pure: they take no clock and keep nothing.
//
// What can go wrong is the point of this package: carriers cut lines, drop
// segments and invent codes. One bad passenger never costs another; every
// oddity is a Diagnostic with segment number and byte offset, and without a
// person's values. Only a broken source and a limit passed (limits.go) are
// errors, and what was read before them is returned too.
//
// Not here yet: CUSRES answers, CSV, teletype headers around an interchange,
// repeated elements of syntax 4, and the US dialect's own segments.
//
// Source: WCO/IATA/ICAO Guidelines on Advance Passenger Information and its
// PAXLST message implementation guide; ISO 9735 (EDIFACT syntax).
package manifest
