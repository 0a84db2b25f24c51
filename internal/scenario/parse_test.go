package scenario

import (
	"os"
	"strings"
	"testing"

	"limen/errs"
)

const two = `What the file is about.

Source: 8 CFR 215.8.

-- turns 14 on the day of crossing --
birth 2012-01-10   # a comment
on    2026-01-10

=> photo   required
-- second --
on 2026-01-11
=> other exempt
=> clause a
`

func TestParse(t *testing.T) {
	cases, err := Parse("scope-age.txtar", []byte(two))
	if err != nil || len(cases) != 2 {
		t.Fatalf("%d cases, %v", len(cases), err)
	}
	a, b := cases[0], cases[1]
	if a.Kind != "scope" || a.Name != "turns 14 on the day of crossing" || a.Line != 5 || len(a.Given) != 2 || len(a.Want) != 1 {
		t.Errorf("%+v", a)
	}
	if l := a.Given[0]; l.N != 6 || l.Text != "birth 2012-01-10" {
		t.Errorf("%+v", l)
	}
	if l := a.Want[0]; l.N != 9 || l.Text != "photo required" {
		t.Errorf("%+v", l)
	}
	if b.Line != 10 || len(b.Want) != 2 || b.Want[1].N != 13 {
		t.Errorf("%+v", b)
	}
}

func TestParseRefuses(t *testing.T) {
	for name, c := range map[string]struct{ text, where string }{
		"no case":                      {"only words\n", "x.txtar:1:"},
		"a broken first marker":        {"words\n-- name -\non 1\n=> y\n", "x.txtar:2:"},
		"a broken later marker":        {"-- a --\non 1\n=> y\n-- b-\non 2\n=> z\n", "x.txtar:4:"},
		"a wanted line without a case": {"words\n=> y\n-- a --\n=> y\n", "x.txtar:2:"},
		"two of one name":              {"-- a --\n=> y\n-- a --\n=> y\n", "x.txtar:3:"},
		"a case that wants nothing":    {"# about\n-- a --\non 1\n", "x.txtar:2:"},
		"a wanted line without a line": {"-- a --\non 1\n=> # y\n", "x.txtar:3:"},
	} {
		_, err := Parse("x.txtar", []byte(c.text))
		if errs.CodeOf(err) != "case" || !strings.Contains(err.Error(), c.where) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Parse("x.txtar", make([]byte, MaxBytes+1)); errs.KindOf(err) != errs.TooLarge {
		t.Errorf("too large: %v", err)
	}
}

// Cases with a toy kind: what fails says where, what was wanted, and the answer.
func TestRun(t *testing.T) {
	runners["toy"] = func(c Case) (answer []string, err error) {
		err = Words(c, map[string]func([]string) error{"say": One(func(s string) error { answer = append(answer, "said  "+s); return nil })})
		return answer, err
	}
	t.Cleanup(func() { delete(runners, "toy") })
	for name, c := range map[string]struct {
		text string
		want []string // of the error, nil for a pass
	}{
		"passes":             {"-- a --\nsay x\nsay y\n=> said y\n", nil},
		"another answer":     {"-- a --\nsay x\n\n=> said y\n", []string{"case-failed", "toy-1.txtar:4: a", "wanted  said y", "answer  said x"}},
		"an unwanted answer": {"-- a --\nsay x\n\n=> not said\n", []string{"case-failed", "toy-1.txtar:4: a", "wanted  not said", "answer  said x"}},
		"an unknown word":    {"-- a --\nsay x\nshout y\n=> said x\n", []string{"toy-1.txtar:3", `no word "shout"`, "say"}},
		"a value too many":   {"-- a --\nsay x y\n=> said x\n", []string{"toy-1.txtar:2", "one value"}},
	} {
		cases, err := Parse("toy-1.txtar", []byte(c.text))
		if err != nil {
			t.Fatal(err)
		}
		err = Run(cases[0])
		if (err != nil) != (c.want != nil) {
			t.Errorf("%s: %v", name, err)
		}
		for _, w := range c.want {
			if !strings.Contains(err.Error(), w) {
				t.Errorf("%s: %q is not in %v", name, w, err)
			}
		}
	}
	cases, _ := Parse("poem.txtar", []byte("-- a --\n=> y\n"))
	if err := Run(cases[0]); err == nil || !strings.Contains(err.Error(), `no kind of case "poem"`) {
		t.Errorf("an unknown kind: %v", err)
	}
}

// Every embedded case, by file and name.
func TestCases(t *testing.T) {
	cases, err := Embedded()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range cases {
		t.Run(c.File+"/"+c.Name, func(t *testing.T) {
			if err := Run(c); err != nil {
				t.Error(err)
			}
		})
	}
}

// The corpus of the fuzz target is committed.
func TestCorpusIsThere(t *testing.T) {
	if files, err := os.ReadDir("testdata/fuzz/FuzzParse"); err != nil || len(files) < 10 {
		t.Errorf("%d inputs, %v", len(files), err)
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(two))
	f.Add([]byte("-- a --\n=> y"))
	f.Add([]byte("-- a --\r\nx # -- b --\r\n=> y\r\n-- b --\r\n=>\r\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		cases, err := Parse("scope-fuzz.txtar", data)
		if err != nil {
			if k := errs.KindOf(err); k != errs.Invalid && k != errs.TooLarge {
				t.Fatalf("kind %v: %v", k, err)
			}
			return
		}
		lines := strings.Split(string(data), "\n")
		for _, c := range cases {
			for _, l := range append(c.Given, c.Want...) {
				if l.N > len(lines) || !strings.Contains(lines[l.N-1], l.Words[0]) {
					t.Fatalf("line %d is not %q", l.N, l.Text)
				}
			}
		}
	})
}
