// Package postgres opens the store on a PostgreSQL server, version 15 or
// newer: the same record as on SQLite, for a center with a database of its
// own. It refuses a server whose settings would let an acknowledged crossing
// be lost, and lets one limen server at a time write to a database.
package postgres
