package app

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"image"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"limen/biometric"
	"limen/internal/store"
)

// pictured is the scripted engine with a crop of its own for every person, and
// a memory of all that it handed out.
type pictured struct {
	scripted
	made *[]biometric.Sample
}

func (p pictured) Extract(ctx context.Context, img []byte) (biometric.Sample, error) {
	s, err := p.scripted.Extract(ctx, img)
	if err != nil {
		return s, err
	}
	s.Subject = image.NewRGBA(image.Rect(0, 0, 64, 64))
	noise := rand.New(rand.NewPCG(uint64(len(*p.made)), 7))
	for i := range s.Subject.Pix {
		s.Subject.Pix[i] = byte(noise.Uint32())
	}
	*p.made = append(*p.made, s)
	return s, nil
}

// secrets are byte strings that stand in a plain template or crop, each with
// what it is: the features as float32 in both orders and as decimals, the
// JPEG's beginning and a piece of its middle, a row of pixels.
func secrets(t *testing.T, samples []biometric.Sample) map[string]string {
	t.Helper()
	out := map[string]string{"\xff\xd8\xff\xdb\x00\x84": "the beginning of a JPEG", "\xff\xd8\xff\xe0\x00\x10JFIF": "the beginning of a JPEG"}
	for i, s := range samples {
		f := s.Template.AppendFeatures(nil)
		var little, big []byte
		for _, v := range f[20:24] {
			little = binary.LittleEndian.AppendUint32(little, math.Float32bits(v))
			big = binary.BigEndian.AppendUint32(big, math.Float32bits(v))
		}
		out[string(little)] = fmt.Sprintf("template %d, little-endian", i)
		out[string(big)] = fmt.Sprintf("template %d, big-endian", i)
		out[fmt.Sprintf("%v,%v", f[20], f[21])] = fmt.Sprintf("template %d, as JSON", i)
		out[string(s.Subject.Pix[1024:1056])] = fmt.Sprintf("pixels of crop %d", i)
		jpeg, err := encodeSubject(s.Subject)
		if err != nil {
			t.Fatal(err)
		}
		out[string(jpeg[len(jpeg)/2:len(jpeg)/2+32])] = fmt.Sprintf("the JPEG of crop %d", i)
	}
	return out
}

// plain searches every byte of every file of a folder, write-ahead logs and
// whatever else is there, and returns what it found and how much it read.
func plain(t *testing.T, dir string, secrets map[string]string) (found []string, read map[string]int) {
	t.Helper()
	read = map[string]int{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		read[d.Name()] = len(b)
		for s, what := range secrets {
			if bytes.Contains(b, []byte(s)) {
				found = append(found, what+" in "+d.Name())
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return found, read
}

// TestNothingPlainOnDisk is promise 14: of references and captures, confirmed
// or not, kept or erased, no template and no crop is in any raw byte of the data
// folder, while limen runs, after erasures and when it is stopped.
func TestNothingPlainOnDisk(t *testing.T) {
	if onPostgres() {
		t.Skip("searches limen.db and its log: run on SQLite; TestCanaries searches a server's files")
	}
	s := newSite(t)
	var made []biometric.Sample
	s.Engine = pictured{made: &made}
	v, ps := s.board("GBR", "USA", "DEU", "FRA")
	e := s.meet(v)
	s.look(e, 1, "dark 0 1")
	s.look(e, 2, "face 0 1")          // an alien leaves: the crop is kept
	s.look(s.meet(v), 1, "face 1 1")  // a citizen leaves: all goes
	s.look(s.meet(v), 1, "face 99 1") // nobody on the list
	declined := s.meet(v)
	s.look(declined, 1, "fake 2 1")
	if err := s.OptOut(t.Context(), s.gate, declined); err != nil {
		t.Fatal(err)
	}
	if len(made) != 9 || len(s.sealed(string(e))) != 2 || len(s.sealed(string(ps[0]))) != 1 {
		t.Fatalf("%d samples, %d and %d sealed: the path was another", len(made), len(s.sealed(string(e))), len(s.sealed(string(ps[0]))))
	}
	sought := secrets(t, made)
	look := func(when string, files ...string) {
		t.Helper()
		found, read := plain(t, s.dir, sought)
		if len(found) != 0 {
			t.Errorf("%s: %v", when, found)
		}
		for _, name := range files {
			if read[name] == 0 {
				t.Errorf("%s: %s was not searched, only %v", when, name, read)
			}
		}
	}
	look("while it runs", "limen.db", "limen.db-wal", "keys.db")
	s.clock = s.clock.Add(30 * 24 * time.Hour)
	if err := s.Sweep(t.Context()); err != nil {
		t.Fatal(err)
	}
	look("after everything was due", "limen.db")
	s.restart()
	look("after a restart", "limen.db", "keys.db")

	// The search would find them: the same bytes, in a column that is not sealed.
	template, err := made[0].Template.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	crop, err := encodeSubject(made[1].Subject)
	if err != nil {
		t.Fatal(err)
	}
	err = s.store.Write(t.Context(), func(tx *store.Tx) error {
		return errors.Join(tx.InsertManifest("planted", "1", v, template, s.clock), tx.InsertManifest("planted", "2", v, crop, s.clock))
	})
	if err != nil {
		t.Fatal(err)
	}
	found, _ := plain(t, s.dir, sought)
	all := strings.Join(found, "; ")
	for _, want := range []string{"template 0, little-endian in limen.db-wal", "the JPEG of crop 1 in limen.db-wal", "the beginning of a JPEG in limen.db-wal"} {
		if !strings.Contains(all, want) {
			t.Errorf("planted, and not found: %s (found: %s)", want, all)
		}
	}
}
