// Package scenario reads and runs the executable cases of the law: files that
// a lawyer can read, each case with what is given and what must come out.
//
// A file is a txtar archive, cases/<kind>-<topic>.txtar. Its comment says what
// it is about and its source. Each file of the archive is one case, its name is
// the case in words. In a case a line is given (`word value…`) or wanted
// (`=> line`); `#` begins a comment, blank lines are free. docs/cases.md has
// the words of each kind.
package scenario
