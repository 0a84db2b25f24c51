// Package bench measures limen against what the machine itself can do, so
// that the figures mean something on any machine: a search against a plain
// read of the same memory, a service against its engine called directly,
// many cores against one, and a start against the clock.
//
// Every comparison is of two things measured by turns within the same minute,
// and its figure is the median of the ratios of neighbors: a machine shared
// with others slows both alike. Still, no figure is better than the quiet of
// the machine; the quartiles beside each tell how quiet it was.
//
// Nothing here needs a network, a face or a model; those who call bring their
// own operations. The functions take the whole process for themselves: do not
// call two at once.
package bench
