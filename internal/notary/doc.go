// Package notary signs checkpoints of the audit log, hands them to a witness,
// and compares the log with both before it signs again.
//
// A checkpoint is signed at most Within after a leaf is durable, and every Idle
// while nothing happens. Before it signs, the notary proves to itself that the
// log begins with the log it signed last; at start-up it holds the log against
// the latest checkpoint in the store and against the witness's. A log that does
// not agree is signed no more, and the store stops.
//
// Who can write to the disk and has the signing key can set the log back, or
// write another and sign it. Only the witness shows that, so it belongs where
// the log's keepers cannot write at will: another machine, or a disk that only
// appends.
//
// Signing is off the path of the lanes: it reads beside the writer, and writes
// one row that shares a commit with whatever waits. The witness is never waited
// for.
//
// While limen runs, a witness that is away, empty or holds what nobody signed is
// logged, counted and tried again; one that shows another history stops the
// store. At start-up all of that refuses the start, but for a witness that is
// away.
//
// Errors (Broken unless said): "audit-key-missing", "audit-key",
// "audit-key-readable", "audit-altered" (the log is not the one that was
// signed), "audit-rolled-back" and "audit-forked" (the witness holds a
// checkpoint of a longer, or of another log), "witness-signature",
// "witness-empty", and Unavailable "witness-away".
//
// Source: C2SP tlog-checkpoint and tlog-witness (what a witness compares).
package notary
