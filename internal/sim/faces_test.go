package sim

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"limen/errs"
	"limen/internal/phantoms"
	"limen/internal/sim/scene"
)

func putImages(t *testing.T, dir, id, as string, n int) {
	t.Helper()
	if err := os.MkdirAll(filepath.Join(dir, as), 0o700); err != nil {
		t.Fatal(err)
	}
	portrait, err := phantoms.Portrait(id)
	if err != nil {
		t.Fatal(err)
	}
	live, err := phantoms.Live(id, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i := range n {
		data := live
		if i == 0 {
			data = portrait
		}
		if err := os.WriteFile(filepath.Join(dir, as, string(rune('a'+i))+".JPG"), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestFolder(t *testing.T) {
	dir := t.TempDir()
	for i, name := range []string{"ann", "bob", "cy"} {
		putImages(t, dir, phantoms.All()[i].ID, name, 2+i)
	}
	os.Mkdir(filepath.Join(dir, ".hidden"), 0o700)
	os.WriteFile(filepath.Join(dir, "ann", "notes.txt"), []byte("not an image"), 0o600)
	faces, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	if len(faces.People) != 3 || faces.Generated || faces.People[2].ID != "cy" || faces.People[2].LiveImages() != 3 {
		t.Fatalf("%d people, generated %t", len(faces.People), faces.Generated)
	}
	want, _ := phantoms.Portrait(phantoms.All()[1].ID)
	if got, err := faces.People[1].Portrait(); err != nil || string(got) != string(want) {
		t.Errorf("the first image by name is not the portrait: %v", err)
	}
	plan, err := NewPlan(faces, 1, day(t, "2026-11-23"))
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range plan.Voyages {
		for _, visit := range v.Visits {
			if len(visit.Frames) == 0 {
				continue
			}
			data, err := NewStudio().Frame(v, visit, 0)
			if err != nil || len(data) < scene.Width {
				t.Errorf("a frame of %d bytes, %v", len(data), err)
			}
		}
	}
}

func TestFolderErrors(t *testing.T) {
	empty, few, broken, alone := t.TempDir(), t.TempDir(), t.TempDir(), t.TempDir()
	putImages(t, few, "000", "ann", 2)
	putImages(t, few, "001", "bob", 1)
	putImages(t, broken, "000", "ann", 2)
	os.WriteFile(filepath.Join(broken, "ann", "z.png"), []byte("no PNG"), 0o600)
	putImages(t, alone, "000", "ann", 2)
	for _, c := range []struct{ name, dir, code, says string }{
		{"nothing in it", empty, "faces-few", "0 folders"},
		{"not there", filepath.Join(empty, "nowhere"), "faces-folder", "cannot be read"},
		{"one image", few, "faces-images", "bob holds 1 images"},
		{"no image", broken, "faces-image", "z.png"},
		{"one person", alone, "faces-few", "1 folders"},
	} {
		_, err := Folder(c.dir)
		if errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %s with %q", c.name, err, c.code, c.says)
		}
	}
}
