package postgres

import (
	"slices"
	"strconv"
	"strings"

	"limen/internal/store"
)

// merged is one statement that inserts into several tables:
//
//	WITH w0 AS (INSERT INTO a …), w1 AS (INSERT INTO b …) UPDATE c …
type merged struct {
	batches []store.Batch
}

func (m *merged) has(t store.Table) bool {
	return slices.ContainsFunc(m.batches, func(b store.Batch) bool { return b.Table.Name == t.Name })
}

func (m *merged) add(b store.Batch) { m.batches = append(m.batches, b) }

// stmt returns the statement; last, if there is one, is its main part and keeps
// the numbers of its arguments.
func (m *merged) stmt(last *store.Stmt) store.Stmt {
	var q strings.Builder
	var out store.Stmt
	parts := m.batches
	if last != nil {
		out.Args = slices.Clone(last.Args)
		out.Row = last.Row
	} else {
		parts = parts[:len(parts)-1]
	}
	for i, b := range parts {
		q.WriteString([]string{"WITH w", ", w"}[min(i, 1)])
		q.WriteString(strconv.Itoa(i))
		q.WriteString(" AS (")
		out.Args = insert(&q, b, out.Args)
		q.WriteString(")")
	}
	if len(parts) > 0 {
		q.WriteString(" ")
	}
	if last != nil {
		q.WriteString(last.SQL)
	} else {
		out.Args = insert(&q, m.batches[len(parts)], out.Args)
	}
	out.SQL = q.String()
	return out
}

// fewRows is up to how many rows go in as they are: reading arrays costs the
// server as much as inserting three rows.
const fewRows = 3

// insert writes INSERT INTO t (…) VALUES ($1, …), … for few rows and INSERT
// INTO t (…) SELECT * FROM unnest($1::text[], …) for more, and appends what the
// marks stand for to args.
func insert(q *strings.Builder, b store.Batch, args []any) []any {
	q.WriteString("INSERT INTO " + b.Table.Name + " (")
	for i, c := range b.Table.Columns {
		comma(q, i)
		q.WriteString(c.Name)
	}
	q.WriteString(") ")
	if len(b.Rows) <= fewRows {
		args = values(q, b, args)
	} else {
		args = arrays(q, b, args)
	}
	if b.Table.Conflict != "" {
		q.WriteString(" " + b.Table.Conflict)
	}
	return args
}

func values(q *strings.Builder, b store.Batch, args []any) []any {
	q.WriteString("VALUES ")
	for i, r := range b.Rows {
		comma(q, i)
		q.WriteString("(")
		for j, v := range r {
			comma(q, j)
			args = append(args, v)
			q.WriteString("$" + strconv.Itoa(len(args)))
		}
		q.WriteString(")")
	}
	return args
}

func arrays(q *strings.Builder, b store.Batch, args []any) []any {
	q.WriteString("SELECT * FROM unnest(")
	for i, c := range b.Table.Columns {
		comma(q, i)
		args = append(args, column(c.Type, b.Rows, i))
		q.WriteString("$" + strconv.Itoa(len(args)) + "::" + c.Type + "[]")
	}
	q.WriteString(")")
	return args
}

func comma(q *strings.Builder, i int) {
	if i > 0 {
		q.WriteString(", ")
	}
}

func column(kind string, rows [][]any, i int) any {
	switch kind {
	case "text":
		return pick[string](rows, i)
	case "bigint":
		return pick[int64](rows, i)
	case "boolean":
		return pick[bool](rows, i)
	case "bytea":
		return pick[[]byte](rows, i)
	}
	panic("postgres: no such column type: " + kind) // a programming error: our own tables
}

func pick[T any](rows [][]any, i int) []T {
	vs := make([]T, len(rows))
	for n, r := range rows {
		vs[n] = r[i].(T)
	}
	return vs
}
