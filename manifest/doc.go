// Package manifest reads and writes the lists of persons that carriers send
// of a conveyance: UN/EDIFACT PAXLST as the WCO/IATA/ICAO guide uses it, and a
// JSON form of the same facts.
//
// What can go wrong is the point of this package: carriers cut lines, drop
// segments and invent codes. One bad passenger never costs another; every
// oddity is a Diagnostic with segment number and byte offset.
//
// Source: WCO/IATA/ICAO Guidelines on Advance Passenger Information and its
// PAXLST message implementation guide; ISO 9735 (EDIFACT syntax).
package manifest
