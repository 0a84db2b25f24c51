package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var testName = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)`")

// broken returns what is wrong with the table of promises: a row without a
// test, a test that is not there, a number that stands twice.
func broken(table string, exists map[string]bool) (rows int, why []string) {
	seen := map[string]bool{}
	for line := range strings.Lines(table) {
		cells := strings.Split(strings.Trim(strings.TrimSpace(line), "|"), "|")
		number := strings.TrimSpace(cells[0])
		if !strings.HasPrefix(line, "|") || number == "P" || strings.HasPrefix(number, "-") {
			continue
		}
		rows++
		if len(cells) != 4 || !regexp.MustCompile(`^\d\d$`).MatchString(number) {
			why = append(why, "row "+number+" is not number, promise, enforced in, test")
			continue
		}
		if seen[number] {
			why = append(why, "promise "+number+" stands twice")
		}
		seen[number] = true
		names := testName.FindAllStringSubmatch(cells[3], -1)
		if len(names) == 0 {
			why = append(why, "promise "+number+" names no test")
		}
		for _, n := range names {
			if !exists[n[1]] {
				why = append(why, "promise "+number+" names "+n[1]+", which is in no _test.go file")
			}
		}
	}
	return rows, why
}

// testsIn returns the names of the test and fuzz functions of a module: those
// that go test would run.
func testsIn(t *testing.T, root string) map[string]bool {
	t.Helper()
	names := map[string]bool{}
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root && (strings.HasPrefix(d.Name(), ".") || slices.Contains([]string{"testdata", "build"}, d.Name())) {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		f, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, decl := range f.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv == nil && runs(fn) {
				names[fn.Name.Name] = true
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

// runs reports whether go test would run a function: TestX(*testing.T) or
// FuzzX(*testing.F).
func runs(fn *ast.FuncDecl) bool {
	for prefix, arg := range map[string]string{"Test": "T", "Fuzz": "F"} {
		if !strings.HasPrefix(fn.Name.Name, prefix) || len(fn.Type.Params.List) != 1 {
			continue
		}
		if star, ok := fn.Type.Params.List[0].Type.(*ast.StarExpr); ok {
			sel, ok := star.X.(*ast.SelectorExpr)
			return ok && sel.Sel.Name == arg
		}
	}
	return false
}

const root = "../.."

// TestPromisesAreKept holds PROMISES.md to the tests that are there.
func TestPromisesAreKept(t *testing.T) {
	table, err := os.ReadFile(filepath.Join(root, "PROMISES.md"))
	if err != nil {
		t.Fatal(err)
	}
	rows, why := broken(string(table), testsIn(t, root))
	if rows < 12 {
		t.Errorf("only %d promises were read", rows)
	}
	for _, w := range why {
		t.Error(w)
	}
}

// TestPromisesAreKeptCatches shows that the check can fail, each time for one
// reason.
func TestPromisesAreKeptCatches(t *testing.T) {
	exists := map[string]bool{"TestA": true, "FuzzB": true}
	const head = "# Promises\n\n| P | promise | enforced in | test |\n|---|---|---|---|\n"
	for row, want := range map[string]string{
		"| 01 | p | `x` | `TestA`, `FuzzB` |\n":          "",
		"| 01 | p | `x` | `TestA`, `TestGone` |\n":       "TestGone",
		"| 01 | p | `x` | |\n":                           "names no test",
		"| 01 | p | `TestA` | soon |\n":                  "names no test",
		"| 01 | p | `x` | TestA |\n":                     "names no test",
		"| 01 | p | `TestA` |\n":                         "is not number",
		"| x1 | p | `x` | `TestA` |\n":                   "is not number",
		"| 01 | p | | `TestA` |\n| 01 | q | | `TestA` |": "stands twice",
	} {
		rows, why := broken(head+row, exists)
		if want == "" {
			if rows != 1 || len(why) != 0 {
				t.Errorf("%q: %d rows, %v", row, rows, why)
			}
			continue
		}
		if len(why) != 1 || !strings.Contains(why[0], want) {
			t.Errorf("%q: %v, want %q", row, why, want)
		}
	}
	if names := testsIn(t, "."); !names["TestImportGraph"] || names["offence"] {
		t.Errorf("the tests of this package are %v", names)
	}
}
