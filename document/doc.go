// Package document knows what ICAO Doc 9303 says of travel documents. So far
// that is one thing: how a name of another script, or with diacritics, is
// written in the capitals A to Z of a machine-readable zone.
package document
