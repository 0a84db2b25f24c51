package layout

import (
	"encoding/json"
	"go/importer"
	"go/token"
	"go/types"
	"io"
	"maps"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// withoutEncounter are the calls that take a template, or bytes that may be an
// image, without an encounter, and why none of them can search a gallery.
var withoutEncounter = map[string]string{
	"limen/match.Verify":                       "compares one with one, there is no gallery",
	"(limen/match.Engine).Extract":             "turns an image into a template, searches nothing",
	"(*limen/gallery.Gallery).Add":             "puts a reference in, asks nothing",
	"(limen/gallery.Limits).Assess":            "judges one sample by its quality",
	"(limen/capture.Limits).Assess":            "judges one sample by its quality",
	"limen/biometric.UnmarshalTemplate":        "reads one template from bytes",
	"limen/match.ParseCalibration":             "reads a calibration file",
	"limen/manifest.Parse":                     "reads a manifest, which has no images",
	"limen/manifest.ParsePAXLST":               "reads a manifest, which has no images",
	"limen/manifest.ParseJSON":                 "reads a manifest, which has no images",
	"limen/stay.ParseFile":                     "reads the days of crossings, which have no images",
	"limen/linkage.Gather":                     "compares names and documents, which have no images",
	"limen/manifest/edifact.NewReader":         "reads EDIFACT, which has no images",
	"(*limen/biometric.ModelID).UnmarshalText": "reads a model's id",
	"(*limen/travel.Day).UnmarshalText":        "reads a day",
	"(*limen/travel.LocalTime).UnmarshalText":  "reads a time",
	"limen/policy.Load":                        "reads rule files, which have no images",
	"(*limen/policy.Book).With":                "reads rule files, which have no images",
	"(*limen/policy.Inputs).UnmarshalJSON":     "reads the names of a rule's inputs",
	"limen/errs.New":                           "arguments of a message",
	"limen/errs.Retry":                         "arguments of a message",
	"(*limen/internal/app.App).AddReference":   "puts a reference in, asks nothing",
	"(*limen/internal/app.App).TakeManifest":   "reads a manifest, which has no images",
	"limen/internal/app.Open":                  "the bytes are a passphrase",
	"limen/internal/app.Settle":                "store and keys after a restore; the bytes are a passphrase",
	"limen/internal/app.AcceptLoss":            "the bytes are a passphrase",
	"(limen/crossing.Tx).Audit":                "writes an entry of the audit log",
}

// alone are packages that import nothing of limen, so that no gallery is within
// their reach.
var alone = map[string]bool{"limen/audit": true}

// guarded are packages that only some may import; TestImportGraph sees to it.
var guarded = map[string]bool{"limen/biometric/matrix": true}

// walked are all root packages and, behind every operation, internal/app.
func walked(t *testing.T) (pkgs []*types.Package, imp types.Importer) {
	t.Helper()
	targets := []string{"limen/internal/app"}
	for _, l := range list(t) {
		if !strings.HasPrefix(l.ImportPath, "limen/internal/") && !strings.HasPrefix(l.ImportPath, "limen/cmd/") && !guarded[l.ImportPath] && rank(strings.TrimPrefix(l.ImportPath, "limen/")) >= 0 {
			targets = append(targets, l.ImportPath)
		}
	}
	cmd := exec.Command("go", append([]string{"list", "-export", "-deps", "-json=ImportPath,Export"}, targets...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	export := map[string]string{}
	for dec := json.NewDecoder(strings.NewReader(string(out))); dec.More(); {
		var l struct{ ImportPath, Export string }
		if err := dec.Decode(&l); err != nil {
			t.Fatal(err)
		}
		export[l.ImportPath] = l.Export
	}
	imp = importer.ForCompiler(token.NewFileSet(), "gc", func(path string) (io.ReadCloser, error) { return os.Open(export[path]) })
	for _, path := range targets {
		p, err := imp.Import(path)
		if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
	return pkgs, imp
}

// carries reports whether a value of type t can hold one of the named types.
func carries(t types.Type, names map[string]bool) bool { return holds(t, names, map[types.Type]bool{}) }

func holds(t types.Type, names map[string]bool, seen map[types.Type]bool) bool {
	if seen[t] {
		return false
	}
	seen[t] = true
	if names[types.TypeString(types.Unalias(t), nil)] {
		return true
	}
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Pointer:
		return holds(u.Elem(), names, seen)
	case *types.Slice:
		return names["[]"+u.Elem().Underlying().String()] || holds(u.Elem(), names, seen)
	case *types.Array:
		return holds(u.Elem(), names, seen)
	case *types.Chan:
		return holds(u.Elem(), names, seen)
	case *types.Map:
		return holds(u.Key(), names, seen) || holds(u.Elem(), names, seen)
	case *types.Signature: // a function that gives one
		return holdsAny(u.Results(), names, seen)
	case *types.Interface:
		return u.NumMethods() == 0 && names["any"]
	case *types.Struct: // anything at all counts only where the caller puts it
		named := maps.Clone(names)
		delete(named, "any")
		for i := range u.NumFields() {
			if holds(u.Field(i).Type(), named, seen) {
				return true
			}
		}
	}
	return false
}

func holdsAny(vars *types.Tuple, names map[string]bool, seen map[types.Type]bool) bool {
	for v := range vars.Variables() {
		if holds(v.Type(), names, seen) {
			return true
		}
	}
	return false
}

func set(names ...string) map[string]bool {
	out := map[string]bool{}
	for _, n := range names {
		out[n] = true
	}
	return out
}

var (
	probes     = set("limen/biometric.Template", "[]uint8", "[]byte", "any", "io.Reader", "io.ReadCloser", "image.Image", "image.RGBA", "image.Gray", "image.NRGBA", "image.YCbCr")
	encounters = set("limen/travel.Encounter", "limen/travel.EncounterID")
	references = set("limen/gallery.Gallery", "limen/biometric/matrix.Matrix", "any")
)

// probing reports whether a call takes a probe, or is one that is handed
// references, without saying which encounter it is for.
func probing(sig *types.Signature) bool {
	with := func(names map[string]bool) bool { return holdsAny(sig.Params(), names, map[types.Type]bool{}) }
	recv := sig.Recv()
	if with(encounters) || recv != nil && carries(recv.Type(), encounters) {
		return false
	}
	return with(probes) || recv != nil && carries(recv.Type(), set("limen/biometric.Template")) && with(references)
}

// probingCalls returns the names of what a package exports that is such a call.
func probingCalls(p *types.Package) (names []string) {
	add := func(name string, t types.Type) {
		sig, ok := t.Underlying().(*types.Signature)
		if !ok {
			return
		}
		found := probing(sig)
		for r := range sig.Results().Variables() { // a call that gives a call
			f, ok := r.Type().Underlying().(*types.Signature)
			found = found || ok && probing(f)
		}
		if found {
			names = append(names, name)
		}
	}
	for _, name := range p.Scope().Names() {
		obj := p.Scope().Lookup(name)
		if !obj.Exported() {
			continue
		}
		tn, ok := obj.(*types.TypeName)
		if !ok {
			add(p.Path()+"."+name, obj.Type())
			continue
		}
		named, ok := types.Unalias(tn.Type()).(*types.Named)
		if !ok {
			continue
		}
		for f := range methods(named) {
			add(f.FullName(), f.Type())
		}
		if s, ok := named.Underlying().(*types.Struct); ok {
			for i := range s.NumFields() {
				if f := s.Field(i); f.Exported() {
					add(p.Path()+"."+name+"."+f.Name(), f.Type())
				}
			}
		}
	}
	return names
}

func methods(n *types.Named) map[*types.Func]bool {
	out := map[*types.Func]bool{}
	for m := range n.Methods() {
		out[m] = m.Exported()
	}
	if i, ok := n.Underlying().(*types.Interface); ok {
		for m := range i.Methods() {
			out[m] = m.Exported()
		}
	}
	for m, exported := range out {
		if !exported {
			delete(out, m)
		}
	}
	return out
}

// TestNoProbeWithoutEncounter is promise 22 for whatever is added to limen
// later: no exported call of the path, and no operation of the API, takes a
// face without the encounter it comes from.
func TestNoProbeWithoutEncounter(t *testing.T) {
	pkgs, imp := walked(t)
	if len(pkgs) < 14 {
		t.Errorf("only %d packages were walked", len(pkgs))
	}
	used := map[string]bool{}
	for _, p := range pkgs {
		if alone[p.Path()] {
			for _, i := range p.Imports() {
				if strings.HasPrefix(i.Path(), "limen/") {
					t.Errorf("%s imports %s: it does not stand alone", p.Path(), i.Path())
				}
			}
			continue
		}
		for _, name := range probingCalls(p) {
			used[name] = true
			if withoutEncounter[name] == "" {
				t.Errorf("%s takes a template or image bytes without an encounter: nobody may search a face against everyone", name)
			}
		}
	}
	for name := range withoutEncounter {
		if !used[name] {
			t.Errorf("%s needs no exception (any more): take it out of the list", name)
		}
	}
	catches(t, imp)
}
