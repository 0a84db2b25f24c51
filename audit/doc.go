// Package audit is the tamper-evident log: what is kept of every crossing,
// decision, access to a person's data, change of configuration and erasure,
// and how anyone can verify it without trusting who keeps it.
//
// An Entry says who did what, to which id, for which purpose. It enters the
// log as a Leaf: an action, a whole second, and a commitment salted at random.
// The leaf holds no personal data and stays for good; entry and salt (the
// opening) are kept beside it and may be erased without breaking the log.
// Leaves are the records of a Merkle tree in the form of RFC 6962 (package
// tlog). The log's key signs checkpoints of the tree.
//
// # What is detected, and what only a witness can detect
//
// With the log and the public key alone: every leaf altered, missing, doubled,
// moved or put in, and every leaf cut off, below the newest checkpoint that
// the log still shows. Leaves after the newest checkpoint are vouched for by
// nothing yet (Report.Unsigned counts them).
//
// Only with a checkpoint that someone else holds (a witness):
//   - rollback: log and checkpoints are set back together to an earlier state
//     that was truly signed at that time;
//   - fork: who has the log's private key writes another history and signs
//     it anew.
//
// Which calls for which need:
//   - to write a log: Entry.Check, Entry.Leaf, Tree.Append, Checkpoint.Sign
//   - to prove one leaf: Inclusion, Receipt; to prove growth: Consistency
//   - to write a whole log out and verify it: NewWriter, VerifyLog
//
// Errors are plain sentences without personal data; VerifyLog names the first
// bad leaf with a BadIndex. Nothing here touches a disk, so a crash leaves
// nothing; nothing is safe for concurrent use but what holds no state.
//
// Source: RFC 6962, section 2.1 (hashes, proofs); C2SP tlog-checkpoint and
// signed-note v1.0.0 (checkpoints).
package audit
