// Package matrix holds the templates of one gallery in memory and searches
// them exactly: a matrix of rows that knows scores and no persons. What a row
// stands for, and whether it may be searched at all, is for the gallery that
// owns the matrix to know; a probe reaches a matrix only through it.
//
// # Concurrency
//
// A Matrix has no lock of its own, since a lock here could not cover the step
// from a row to whom it stands for: a row removed and given away in between
// would name the wrong person. Its owner holds one lock over both: shared
// around Top and the look-up of its rows, exclusive around Add, Set, Remove
// and Clear. Any number of Top may run at once. A change takes microseconds;
// it waits for the searches under way and never copies what is there, because
// storage grows by chunks of 256 rows. Top notices, as far as it can, when the
// rule is broken, and fails.
//
// # Memory
//
// A row takes 5 bytes a feature (in steps of 32 features) and 8 more: 2,568
// bytes with 512 features, 1.3 GB for 500,000 rows. A template is written once
// to its place and overwritten with zeros when it is removed, as are the
// copies of a probe when its search ends. The memory is Go's own: huge pages,
// mapped by hand, gained at most a tenth and would have to be freed by hand.
//
// # How Top works
//
// Each row has a sketch of one byte a feature, from which follows a proven
// upper bound of its score (see sketch.go). A search reads the sketches, and
// scores exactly only those rows whose bound would bring them into the list:
// with random templates and a list of ten some 60 of 500 rows, 130 of 50,000.
// The result is exact, the saving is three quarters of the memory traffic that
// any scan of floats waits for. Where rows are nearly all alike and the sketch
// rules out none, a search takes what a plain scan of floats takes, and a
// third more.
//
// # Speed
//
// Nanoseconds per reference of 512 features, one core of a shared AMD EPYC
// 7003 (AVX2), November 2026; "read" sums all templates' bytes by vector
// instructions, which no scan of floats can undercut; "read, scanned" only
// the 520 bytes a row that Top reads. Ratios are medians of measurements by
// turns:
//
//	references          500     5,000    50,000   500,000
//	Top, ten best        21        17        42        45
//	read                 27        36       111       105
//	Top ÷ read         0.76      0.38      0.37      0.41
//	read, scanned       5.9       7.8        21        27
//	Top ÷ that          3.9       2.3       1.9       1.6
//	plain vek32.Dot      35        40       112       113
//	same, own kernel     31        35       113       113
//
// With two cores, Top took 24 for 50,000 and 27 for 500,000. Both are in the
// processor's cache up to 5,000. FAISS's exact index in Debian's build took
// 490 to 515 at every size: 11 times as long and more (internal/bench/faiss).
// `limen bench` repeats the comparison.
//
// So: for floats alone the library vek is as fast as a kernel of our own,
// both wait for memory. The sketch is what pays, and its kernel is in assembly
// because no library has it: bytes by 16-bit integers, four rows at once. The
// exact score has one of its own, too, so that it comes out the same to the
// bit on every processor: a decision made here can be checked anywhere. On
// processors without AVX2 both are plain Go: some 400 ns a reference.
package matrix
