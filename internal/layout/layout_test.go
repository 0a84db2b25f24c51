// Package layout holds no code, only the test that keeps the root listing the
// traveler's path.
package layout

import (
	"encoding/json"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// path is the order of the domain packages. A package imports only what stands
// before it; what stands in one row knows nothing of its neighbors.
var path = [][]string{
	{"errs"},
	{"travel"},
	{"biometric"},
	{"biometric/matrix"},
	{"document", "policy", "audit", "retention", "authz"},
	{"manifest/edifact"},
	{"manifest"},
	{"gallery"},
	{"capture"},
	{"match"},
	{"decision"},
	{"crossing"},
	{"linkage"},
	{"stay"},
	{"report"},
}

// technology is what the domain packages may not know, beside internal/.
var technology = []string{"net/http", "database/sql", "log/slog", "log", "os"}

// only names the packages that a package may be imported by: a probe without
// an encounter must not reach the scan (promise 22).
var only = map[string][]string{"biometric/matrix": {"gallery", "internal/bench"}}

type listed struct {
	ImportPath string
	GoFiles    []string // none in a folder that holds tests of a script only
	Imports    []string
}

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,GoFiles,Imports", "limen/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var l listed
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		if len(l.GoFiles) == 0 {
			continue
		}
		all = append(all, l)
	}
	return all
}

func rank(pkg string) int {
	return slices.IndexFunc(path, func(row []string) bool { return slices.Contains(row, pkg) })
}

// offence returns why pkg may not import imp, or "".
func offence(pkg, imp string) string {
	at := rank(pkg)
	inside, own := strings.CutPrefix(imp, "limen/")
	if allowed, guarded := only[inside]; own && guarded && !slices.Contains(allowed, pkg) {
		return "only " + strings.Join(allowed, ", ") + " may"
	}
	if at < 0 {
		return "" // internal/ and cmd/ may import what they need
	}
	switch {
	case slices.Contains(technology, imp):
		return "a domain package knows no technology"
	case !own:
		return ""
	case strings.HasPrefix(inside, "internal/") || strings.HasPrefix(inside, "cmd/"):
		return "a domain package imports nothing of internal/"
	case rank(inside) < 0:
		return "it is not in the layout"
	case rank(inside) >= at:
		return "imports point left along the path"
	}
	return ""
}

// TestImportGraph holds the import graph to the layout of ARCHITECTURE.md.
func TestImportGraph(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range list(t) {
		pkg := strings.TrimPrefix(l.ImportPath, "limen/")
		if !strings.HasPrefix(pkg, "internal/") && !strings.HasPrefix(pkg, "cmd/") {
			seen[pkg] = true
			if rank(pkg) < 0 {
				t.Errorf("%s is at the root, but not in the layout: add it to path, or move it", pkg)
			}
		}
		for _, imp := range l.Imports {
			if why := offence(pkg, imp); why != "" {
				t.Errorf("%s imports %s: %s", pkg, imp, why)
			}
		}
	}
	if len(seen) < 14 {
		t.Errorf("only %d domain packages were looked at", len(seen))
	}
}

// TestImportGraphCatches shows that the rules can fail.
func TestImportGraphCatches(t *testing.T) {
	for _, edge := range [][2]string{
		{"gallery", "limen/match"}, {"stay", "limen/internal/store"}, {"capture", "net/http"}, {"decision", "log/slog"},
		{"match", "limen/biometric/matrix"}, {"internal/httpapi", "limen/biometric/matrix"}, {"travel", "limen/nowhere"}, {"policy", "limen/audit"},
	} {
		if offence(edge[0], edge[1]) == "" {
			t.Errorf("%s importing %s passed", edge[0], edge[1])
		}
	}
	for _, edge := range [][2]string{{"match", "limen/gallery"}, {"gallery", "limen/biometric/matrix"}, {"cmd/limen", "net/http"}} {
		if why := offence(edge[0], edge[1]); why != "" {
			t.Errorf("%s importing %s failed: %s", edge[0], edge[1], why)
		}
	}
}
