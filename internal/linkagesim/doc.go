// Package linkagesim makes travelers who do not exist, by the million, and
// their departures as another document, another carrier and a hurried clerk
// would write them, with the truth of who is who. It is what the matching of
// package linkage is measured on.
//
// The names are common ones of some twenty countries, with shares that fall off
// as they do in telephone books, and rarer ones put together from stems and
// endings; lists and shares were made for this project. People come in
// families: one surname, twins, fathers and sons of one name. Some depart who
// never arrived, relatives of people who did among them.
//
// What is done to a departure, and how often, stands in Rates. The ways of
// writing a name differently are this package's own: they are not taken from
// the rules by which linkage compares.
//
// No figure measured on them says how often real departures are so written.
package linkagesim
