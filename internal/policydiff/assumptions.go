package policydiff

import (
	"fmt"
	"slices"
	"strings"

	"limen/internal/traffic"
)

// sourceView is a source, and the tables that rest on it.
type sourceView struct {
	Source string
	Tables []string
}

// tableView is a table of shares in one line.
type tableView struct{ Table, Shares, Source string }

// sources lists each source once, in the order of the assumptions.
func sources(list []traffic.Assumption) (out []sourceView) {
	for _, a := range list {
		i := slices.IndexFunc(out, func(v sourceView) bool { return v.Source == a.Source })
		if i < 0 {
			i, out = len(out), append(out, sourceView{Source: a.Source})
		}
		if name := tableName(a); !slices.Contains(out[i].Tables, name) {
			out[i].Tables = append(out[i].Tables, name)
		}
	}
	return out
}

// tables lists each table with its shares.
func tables(list []traffic.Assumption) (out []tableView) {
	for _, a := range list {
		i := slices.IndexFunc(out, func(v tableView) bool { return v.Table == a.Table && v.Source == a.Source })
		if i < 0 {
			i, out = len(out), append(out, tableView{Table: a.Table, Source: a.Source})
		}
		out[i].Shares += fmt.Sprintf(", %s %g", a.Key, a.Percent)
	}
	for i := range out {
		out[i].Shares = strings.TrimPrefix(out[i].Shares, ", ")
	}
	return out
}

// tableName is a table in words; shares that stand alone have a name each.
func tableName(a traffic.Assumption) string {
	if a.Table == "rate" {
		return strings.ReplaceAll(a.Key, "-", " ")
	}
	kind, of, _ := strings.Cut(strings.ReplaceAll(a.Table, "_", " "), "/")
	if of == "" {
		return kind
	}
	return kind + " (" + of + ")"
}
