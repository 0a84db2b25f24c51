package phantoms

import (
	"bytes"
	"image/jpeg"
	"testing"

	"limen/errs"
	"limen/travel"
)

// Every image of every person is opened: a picture lost in a merge must fail
// here and not at somebody's demo.
func TestEveryPersonHasAllImages(t *testing.T) {
	people := All()
	if len(people) != 220 {
		t.Fatalf("%d people, want 220", len(people))
	}
	seen := map[string]bool{}
	for _, p := range people {
		if seen[p.ID] {
			t.Errorf("%s stands twice in people.csv", p.ID)
		}
		seen[p.ID] = true
		if p.Sex != travel.Female && p.Sex != travel.Male || p.Age < 14 || p.Age > 99 {
			t.Errorf("%s: sex %q, age %d", p.ID, p.Sex, p.Age)
		}
		portrait, err := Portrait(p.ID)
		checkSize(t, p.ID+" portrait", portrait, err, 413, 531)
		for n := 1; n <= LiveImages; n++ {
			live, err := Live(p.ID, n)
			checkSize(t, p.ID+" live", live, err, 420, 560)
		}
	}
}

func checkSize(t *testing.T, what string, data []byte, err error, w, h int) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
		return
	}
	c, err := jpeg.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width != w || c.Height != h {
		t.Errorf("%s: %d×%d, %v; want %d×%d", what, c.Width, c.Height, err, w, h)
	}
}

func TestUnknownPerson(t *testing.T) {
	if _, err := Portrait("999"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("Portrait of nobody: %v, want NotFound", err)
	}
	if _, err := Live("000", 3); errs.KindOf(err) != errs.NotFound {
		t.Errorf("Live 3: %v, want NotFound", err)
	}
}
