// Package crash holds no code, only the tests that kill limen and break its
// disk: promises 1 and 2.
//
// # Kills
//
// The test binary starts itself again as a server: the whole of internal/app
// behind internal/httpapi on a TCP socket, with an engine whose images are
// sentences. The parent is every carrier, gate and officer: it sends manifests,
// opens encounters, sends captures and decisions on several connections, and
// repeats what was not answered with the same ids, as a gate does. It keeps a
// ledger of what it sent and what it was told. At random moments it kills the
// server (SIGKILL), starts it again, and before anybody may send another request
// reads the database with SQL of its own and compares:
//
//   - lost: a crossing that was acknowledged and is not there as acknowledged;
//   - doubled: a passenger who crossed twice, a crossing with two leaves or two
//     outbox rows;
//   - bare: a crossing without its audit leaf;
//   - orphan: a leaf without its crossing;
//   - torn: a crossing without its decision, outbox row or stay change, or one of
//     these without the crossing.
//
// What was sent and not answered is in doubt: it is there whole or not at all.
//
// Who gets no answer repeats the request, or, now and then, goes to another gate
// and begins anew. The audit log is rebuilt leaf by leaf and held against its
// hashes, and from time to time the program checks itself (limen store check
// --deep).
//
// # Faults
//
// The process asks the kernel to hand every open, write, sync and rename (and
// making, cutting and removing) of a file to the parent first: seccomp's user
// notification. The parent counts those in the installation's folders, in one
// sequence over all threads, and answers one of them with EIO, with ENOSPC, or
// with SIGKILL. A clean run counts the calls; then there is one run for each of
// them and each fault. After each the server starts without faults, the ledger
// is compared, the program checks itself, what was cut is repeated to its end,
// and all is compared again. After a sync that failed the process must be gone
// within a second, with an exit code that says so, and without another sync of
// that file.
//
// strace can inject faults as well, but counts the calls of each thread apart,
// and a Go program does not choose its threads: it cannot be told to hit the nth
// call, nor every one.
//
// # Limits
//
// A process dies here, not the machine: what the kernel has taken over survives,
// synced or not. That a commit is synced before it is acknowledged is seen in
// the sequence of calls (syncedFirst), not by pulling a plug. A call is refused
// whole or done whole; torn pages are the business of checksums. Writes through
// a mapping of memory (SQLite's -shm file, which is rebuilt) are not seen. The
// faults need Linux on amd64 and a kernel that lets seccomp notify; elsewhere
// the test says so and is skipped.
//
// LIMEN_LONG=1 runs the long forms, `make crash` and `make faults`; LIMEN_SKIP=n
// leaves out the first n faults of each operation, which an earlier run injected.
package crash
