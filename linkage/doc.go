// Package linkage says whose arrival a departure belongs to, when the document
// does not: a new passport, a second nationality, another spelling of a name.
//
// Compare weighs two persons field by field: first the documents, then name,
// birth date, sex and nationality, then a biometric verification where one was
// made. Every comparison leaves its Evidence, in bits. Decide looks at all
// candidates of a departure and says which one leads, and how strong that is.
// A weak match is a lead for a person, never a merge.
//
// Keys gives the blocking keys under which a candidate is found without
// comparing everybody with everybody; a store keeps only keyed digests of them.
//
// Merge, Split and Undo are records of what was done to travelers' files.
// Current folds them; what is undone is as if it had never been done.
//
// The package searches no face and calls no engine: a verification is told from
// outside, and was made within an encounter.
//
// Source: 8 USC 1365a(e) (departures matched to arrivals); ICAO Doc 9303-3
// sections 4.6 and 6 (names and their transliteration); I. P. Fellegi and
// A. B. Sunter, A Theory for Record Linkage, JASA 64 (1969) 1183-1210.
package linkage
