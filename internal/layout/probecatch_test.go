package layout

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"testing"
)

// catches shows that the walk finds calls of every form, and only those.
func catches(t *testing.T, imp types.Importer) {
	t.Helper()
	const source = `package evil
	import ("io"; "image"; "limen/biometric"; "limen/gallery"; "limen/match"; "limen/travel")
	type Wanted struct{ note string; faces map[string][]biometric.Template }
	type Box struct{ Lookup func(biometric.Template) string; Told func(travel.EncounterID, biometric.Template) }
	type Finder interface { Everyone(biometric.Sample) []string; OK(travel.Encounter, biometric.Template); Names() []string }
	type Face struct{ t biometric.Template }
	func (f *Face) In(g *gallery.Gallery) string { return "" }
	func (f *Face) Norm() float32 { return 0 }
	func (Wanted) Search(photo []byte) string { return "" }
	func (Wanted) Post(r io.Reader) {}
	func (Wanted) private(biometric.Template) {}
	func Search(gs []*gallery.Gallery, t biometric.Template) string { return "" }
	func Photo(img image.Image) string { return "" }
	func Hidden(x any) string { return "" }
	func List(w Wanted) {}
	func Later(f func() biometric.Template) {}
	func Maker(g *gallery.Gallery) func(biometric.Template) string { return nil }
	func Many(ts ...biometric.Template) {}
	var Var = func(t biometric.Template) {}
	func Fine(p match.Probe, g *gallery.Gallery) {}
	func FineToo(e travel.EncounterID, photo []byte) {}
	func Size(g *gallery.Gallery) int { return 0 }
	func Plain(s string, n int) error { return nil }
	func private(t biometric.Template) {}
	`
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "evil.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	p, err := (&types.Config{Importer: imp}).Check("evil", fset, []*ast.File{f}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := set("evil.Box.Lookup", "(evil.Finder).Everyone", "(*evil.Face).In", "(evil.Wanted).Search", "(evil.Wanted).Post", "evil.Search",
		"evil.Photo", "evil.Hidden", "evil.List", "evil.Later", "evil.Maker", "evil.Many", "evil.Var")
	for _, name := range probingCalls(p) {
		if !want[name] {
			t.Errorf("%s was taken for a search of everyone", name)
		}
		delete(want, name)
	}
	for name := range want {
		t.Errorf("%s passed", name)
	}
}
