// Package travel holds the nouns that every stage of the path shares: days,
// ports, voyages, travelers and their documents.
//
// It knows nothing of the path itself and imports nothing of limen but errs.
// An enum's zero value means that nobody said; it is never taken for an answer.
package travel
