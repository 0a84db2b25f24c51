// Package policy answers who must give which biometric at a crossing on a day,
// from rule sets written as dated data, and says on which clause the answer
// rests.
//
// A rule set is a YAML file: its dates, its citation, its rules in order, each
// with a condition in CEL over a small typed vocabulary. The first rule that
// holds decides. A file is checked whole when it is loaded, each mistake named
// at its line and column, and nothing is half-loaded. Conditions are parsed and
// type-checked by cel-go, and evaluated by a tree of our own (ADR 10).
//
// An unknown input never widens a duty or an exemption: the answer is then
// NeedsOfficer with the question to ask. It is asked only where the answer
// hangs on it.
//
// Source: 8 CFR 215.8 and 235.1, before and after 90 FR 48604 (2025-10-27);
// 85 FR 74162 (2020-11-19); Regulation (EU) 2017/2226. The files are in rules/.
package policy
