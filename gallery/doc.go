// Package gallery holds the references that one voyage's passengers are
// searched in, and says hours before boarding who has no usable one.
//
// A gallery lives in memory and belongs to one voyage. It is searched only for
// an encounter of that voyage (promise 22), it ends with the voyage, and a
// template that is removed is overwritten.
package gallery
