package policy_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"limen/errs"
	"limen/policy"
	"limen/travel"
)

// right is a rule file with nothing wrong.
const right = `id: us-2027
title: A rule to come
jurisdiction: US
effective:
  from: 2027-01-01
citation: 92 FR 1
source: a test
home: [USA]
rules:
  - id: citizen
    duties: [photo, other_biometrics]
    when: citizen
    result: not_in_scope
    clause: {entry: a, exit: b}
    citation: 92 FR 1
    text: Citizens are not in scope.
  - id: old
    duties: [other_biometrics]
    when: |
      age > 79 &&
        class in ["B-1", "B-2"]
    result: exempt
    clause: c
    citation: 92 FR 1
    text: The old are exempt.
  - id: all
    duties: [photo, other_biometrics]
    when: "true"
    result: required
    clause: d
    citation: 92 FR 1
    text: All others are in scope.
`

// Every mistake is named at its line and column: ¦ in the text marks where.
func TestMistakes(t *testing.T) {
	if _, err := policy.Load(policy.File{Name: "right.yaml", Data: []byte(right)}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, old, new, code, says string }{
		{"a rule without citation", "  - id: citizen\n    duties: [photo, other_biometrics]\n    when: citizen\n    result: not_in_scope\n    clause: {entry: a, exit: b}\n    citation: 92 FR 1\n", "  - ¦id: citizen\n    duties: [photo, other_biometrics]\n    when: citizen\n    result: not_in_scope\n    clause: {entry: a, exit: b}\n", "policy-missing", "a rule has no citation"},
		{"a rule without clause", "  - id: old\n", "  - id: old\n    ¦claus: x\n", "policy-field", `no field "claus"`},
		{"an empty clause", "clause: c", "clause: ¦\"\"", "policy-value", "a text is needed"},
		{"a clause for one way only", "clause: {entry: a, exit: b}", "clause: ¦{entry: a}", "policy-missing", "a clause has no exit"},
		{"a set without citation", "id: us-2027\ntitle: A rule to come\njurisdiction: US\neffective:\n  from: 2027-01-01\ncitation: 92 FR 1\n", "¦id: us-2027\ntitle: A rule to come\njurisdiction: US\neffective:\n  from: 2027-01-01\n", "policy-missing", "a rule set has no citation"},
		{"an unknown field of a set", "title: A", "¦titel: B\ntitle: A", "policy-field", `no field "titel"`},
		{"a field twice", "source: a test", "source: a test\n¦source: another", "policy-field", "stands twice"},
		{"an unknown result", "result: exempt", "result: ¦excempt", "policy-result", `no result "excempt"`},
		{"an unknown duty", "duties: [other_biometrics]", "duties: [¦iris]", "policy-value", `no duty "iris"`},
		{"a rule twice", "id: old", "id: ¦citizen", "policy-rule-twice", "a rule citizen before"},
		{"no catch-all", "when: \"true\"", "when: age > 3", "policy-catch-all", "no rule answers on photo"},
		{"a rule that is never reached", "    when: citizen\n", "    when: true\n", "policy-catch-all", "never reached for other_biometrics"},
		{"a date that is none", "from: 2027-01-01", "from: ¦2027-02-30", "policy-value", "2006-01-02"},
		{"until before from", "from: 2027-01-01", "from: 2027-01-01\n  until: ¦2026-12-31", "policy-dates", "until is not after from"},
		{"no dates", "effective:\n  from: 2027-01-01\n", "", "policy-missing", "no effective"},
		{"never in force, with dates", "effective:", "in_force: false\nproposed: 2026-01-01\neffective:", "policy-dates", "no effective date"},
		{"a country that is none", "home: [USA]", "home: [¦US]", "policy-value", "not a country"},
		{"a country that there is not", "home: [USA]", "home: [¦UAS]", "policy-value", "not a country"},
		{"a jurisdiction in small letters", "jurisdiction: US", "jurisdiction: ¦us", "policy-value", "capital letters"},
		{"an id that is none", "id: us-2027", "id: ¦US_2027", "policy-value", "small letters"},
		{"a question without need", "result: exempt", "result: exempt\n    ask: Why?", "policy-ask", "only then"},
		{"no question where one is needed", "result: exempt", "result: needs_officer", "policy-ask", "asks a question"},
		{"CEL: a name that is not there", "when: citizen\n", "when: citizen || ¦atendant\n", "policy-cel-name", "did you mean attendant?"},
		{"CEL: the same on the second line of a block", `class in ["B-1", "B-2"]`, `¦clas in ["B-1", "B-2"]`, "policy-cel-name", "did you mean class?"},
		{"CEL: types that do not fit", "when: citizen\n", "when: age ¦< \"14\"\n", "policy-cel-type", "types do not fit"},
		{"CEL: a condition that is a number", "when: citizen\n", "when: ¦age\n", "policy-cel-type", "true or false"},
		{"CEL: broken", "when: citizen\n", "when: citizen && ¦)\n", "policy-cel-syntax", ""},
		{"CEL: broken in a folded scalar", "when: citizen\n", "when: >\n      citizen\n      && ¦&& refused\n", "policy-cel-syntax", ""},
		{"CEL: quoted, with escapes", "when: citizen\n", "when: \"class == \\\"B-2\\\" && ¦nobody\"\n", "policy-cel-name", `no input "nobody"`},
		{"CEL: single quotes, doubled", "when: citizen\n", "when: 'class == ''B-2'' && ¦nobody'\n", "policy-cel-name", `no input "nobody"`},
		{"CEL: over two plain lines", "when: citizen\n", "when: citizen ||\n        ¦nobody\n", "policy-cel-name", `no input "nobody"`},
		{"CEL: after letters of more than a byte", "when: citizen\n", "when: class == \"Ä\" || nobody\n", "policy-cel-name", `no input "nobody"`},
		{"a class as nobody writes it", `"B-1", "B-2"`, `"B-1", ¦"B2"`, "policy-cel-value", "not a class of admission"},
		{"a mode that is none", "when: citizen\n", "when: mode == ¦\"plane\"\n", "policy-cel-value", "one of air"},
		{"a country in a condition", "when: citizen\n", "when: citizenship != ¦\"Canada\"\n", "policy-cel-value", "not a country"},
		{"a port that is none", "when: citizen\n", "when: port in [\"JFK\", ¦\"New York\"]\n", "policy-cel-value", "not a port"},
		{"an age that nobody has", "when: citizen\n", "when: age > ¦151\n", "policy-cel-value", "within 0 and 150"},
		{"CEL that a condition does not hold: arithmetic", "when: citizen\n", "when: age ¦+ 1 > 14\n", "policy-cel-subset", ""},
		{"CEL that a condition does not hold: a function", "when: citizen\n", "when: class.startsWith¦(\"NATO\")\n", "policy-cel-subset", ""},
		{"CEL that a condition does not hold: two inputs", "when: citizen\n", "when: class ¦== port\n", "policy-cel-subset", "an input with a literal"},
		{"CEL that a condition does not hold: order of texts", "when: citizen\n", "when: class ¦< \"B-2\"\n", "policy-cel-subset", "only age has an order"},
		{"CEL that a condition does not hold: ?:", "when: citizen\n", "when: \"citizen ¦? refused : attendant\"\n", "policy-cel-subset", ""},
		{"CEL that a condition does not hold: an empty list", "when: citizen\n", "when: class in ¦[]\n", "policy-cel-subset", "holds nothing"},
		{"a list of rules that is none", "rules:\n", "rules: ¦7\nnotes:\n", "policy-value", "a list is needed"},
		{"YAML: a tab", "  from: 2027", "\tfrom: 2027", "policy-yaml", ""},
		{"YAML: two documents", "    text: All others are in scope.\n", "    text: All others are in scope.\n---\nid: x\n", "policy-yaml", "second document"},
	} {
		if !strings.Contains(right, c.old) {
			t.Fatalf("%s: %q is not in the file", c.name, c.old)
		}
		text := strings.Replace(right, c.old, c.new, 1)
		line, column := place(text)
		ps := mistakes(t, policy.File{Name: "x.yaml", Data: []byte(strings.Replace(text, "¦", "", 1))})
		p := ps[0]
		if p.Code != c.code || !strings.Contains(p.String(), c.says) || line > 0 && (p.Line != line || p.Column != column) {
			t.Errorf("%s: %s [%s], wanted at %d:%d [%s]", c.name, p, p.Code, line, column, c.code)
		}
	}
}

// A condition that is too long is refused, and a mistake in a long line is found
// in one walk: a walk from the beginning of the line for each character took
// minutes for the second file.
func TestLongConditions(t *testing.T) {
	spaces := strings.Repeat(" ", 1<<19)
	long := strings.Replace(right, "when: citizen\n", "when: \""+spaces+"citizen && x\"\n", 1)
	if p := mistakes(t, policy.File{Name: "x.yaml", Data: []byte(long)})[0]; p.Code != "policy-size" || !strings.Contains(p.Message, "4096") {
		t.Error(p)
	}
	wide := strings.Replace(right, "    when: citizen\n", "    when:\n"+spaces+"nobody\n", 1)
	if p := mistakes(t, policy.File{Name: "x.yaml", Data: []byte(wide)})[0]; p.Code != "policy-cel-name" || p.Column != len(spaces)+1 {
		t.Error(p)
	}
}

// place returns line and column of the mark, 0 if there is none.
func place(text string) (line, column int) {
	before, _, marked := strings.Cut(text, "¦")
	if !marked {
		return 0, 0
	}
	return strings.Count(before, "\n") + 1, utf8.RuneCountInString(before[strings.LastIndexByte(before, '\n')+1:]) + 1
}

// mistakes loads what must be refused, and loads nothing of it.
func mistakes(t *testing.T, files ...policy.File) policy.Problems {
	t.Helper()
	b, err := policy.Default().With(files...)
	var ps policy.Problems
	if b != nil || !errors.As(err, &ps) || len(ps) == 0 || errs.KindOf(err) != errs.Invalid || errs.CodeOf(err) != ps[0].Code {
		t.Fatalf("loaded %v, %v", b, err)
	}
	return ps
}

// All mistakes are named at once, in their order.
func TestEveryMistake(t *testing.T) {
	text := strings.NewReplacer("result: exempt", "result: never", "age > 79", "aeg > 79", "from: 2027-01-01", "from: soon").Replace(right)
	ps := mistakes(t, policy.File{Name: "x.yaml", Data: []byte(text)})
	if len(ps) != 3 || ps[0].Line != 5 || ps[1].Line != 20 || ps[2].Line != 22 {
		t.Errorf("%v", ps)
	}
}

// Two rule sets of a jurisdiction are never in force on one day. One without an
// end gives way to the next; nothing else does.
func TestDates(t *testing.T) {
	file := func(id, from, until string) policy.File {
		text := strings.Replace(strings.Replace(right, "us-2027", id, 1), "2027-01-01", from, 1)
		if until != "" {
			text = strings.Replace(text, from, from+"\n  until: "+until, 1)
		}
		return policy.File{Name: id + ".yaml", Data: []byte(text)}
	}
	for name, c := range map[string]struct {
		file         policy.File
		line, column int
		says         string
	}{
		"the first day of another":           {file("us-x", "2025-12-26", ""), 5, 9, "overlap those of us-2025 (us-2025.yaml)"},
		"within one that has an end":         {file("us-x", "2025-12-25", ""), 5, 9, "overlap those of us-2004"},
		"before one, and no end before it":   {file("us-x", "2003-01-01", "2004-01-06"), 0, 0, "us-2004"},
		"an id that is published":            {file("us-2025", "2027-01-01", ""), 1, 5, "in us-2025.yaml already"},
		"a day within, that has an end, too": {file("us-x", "2010-01-01", "2011-01-01"), 5, 9, "us-2004 ends before 2025-12-26"},
	} {
		p := mistakes(t, c.file)[0]
		if !strings.Contains(p.String(), c.says) || c.line > 0 && (p.Line != c.line || p.Column != c.column) {
			t.Errorf("%s: %s", name, p)
		}
	}
	b, err := policy.Default().With(file("us-2027", "2027-01-01", ""), file("us-1990", "1990-01-01", "2004-01-05"))
	if err != nil {
		t.Fatal(err)
	}
	for on, want := range map[string]string{"1989-12-31": "", "1990-01-01": "us-1990", "2004-01-04": "us-1990", "2004-01-05": "us-2004", "2025-12-25": "us-2004",
		"2025-12-26": "us-2025", "2026-12-31": "us-2025", "2027-01-01": "us-2027", "2099-01-01": "us-2027"} {
		s, err := b.On(policy.US, day(t, on))
		if (err == nil) != (want != "") || err == nil && s.ID != want {
			t.Errorf("on %s: %v, %v", on, s, err)
		}
	}
	old, _ := b.Set("us-2025")
	if got := b.Until(old); got != day(t, "2027-01-01") {
		t.Errorf("us-2025 ends on %s", got)
	}
	if _, err := policy.Default().Set("us-2027"); errs.KindOf(err) != errs.NotFound {
		t.Errorf("the book of the program has changed: %v", err)
	}
}

// A published rule set is never changed: its hash stands in audit logs. Whoever
// breaks this test puts the rule in a new file.
func TestPublished(t *testing.T) {
	for id, want := range map[string]string{
		"us-2004":      "4fdde4a294b7ca0acbc0f9c5b9243308a344b6334b7065c3f06bcd7fff47b42c",
		"us-2020-nprm": "37ab8b4b7814aff2d33f625e97439786f5bfcb809a37bb94214f439953901d7f",
		"us-2025":      "c7709e6a0f7e2bc2a1fd641e89054552ad4ae7092330af5893ae309fdafc1b80",
		"eu-ees":       "e6a758f765af4fb58caf21bf5d68c1c802e3bd0de7d2766c24c2190b475389be",
	} {
		s, err := policy.Default().Set(id)
		if err != nil || s.Hash != want {
			t.Errorf("%s: %v: the hash is %s", id, err, s.Hash)
		}
	}
}

// Comments and layout are not the law; every word of it is.
func TestHash(t *testing.T) {
	load := func(text string) string {
		b, err := policy.Load(policy.File{Name: "x.yaml", Data: []byte(text)})
		if err != nil {
			t.Fatal(err)
		}
		return b.Sets()[0].Hash
	}
	was := load(right)
	if load("# a comment\n"+strings.Replace(right, "home: [USA]", "home:\n  - USA", 1)) != was {
		t.Error("a comment changed the hash")
	}
	for _, c := range [][2]string{{"2027-01-01", "2027-01-02"}, {"A rule to come", "Another"}, {"age > 79", "age > 80"}, {"exit: b", "exit: e"}, {"All others", "Others"},
		{"result: exempt", "result: required"}, {"[USA]", "[USA, CAN]"}, {"duties: [other_biometrics]", "duties: [other_biometrics, photo]"}, {"source: a test", "source: a test\nnotes: [x]"}} {
		if load(strings.Replace(right, c[0], c[1], 1)) == was {
			t.Errorf("%s for %s is not in the hash", c[1], c[0])
		}
	}
}

// The corpus of the fuzz target is committed.
func TestCorpusIsThere(t *testing.T) {
	if files, err := os.ReadDir("testdata/fuzz/FuzzLoad"); err != nil || len(files) < 15 {
		t.Errorf("%d inputs, %v", len(files), err)
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(right))
	files, err := filepath.Glob("rules/*.yaml")
	if err != nil || len(files) < 4 {
		f.Fatal(err, files)
	}
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, when := range []string{`"a \"b\" && \x41"`, ">-\n      citizen\n\n      || x", "|\n      age in [1, 2,\n      \"x\"]", "&a !!str citizen", "*a"} {
		f.Add([]byte(strings.Replace(right, "when: citizen", "when: "+when, 1)))
	}
	on, _ := travel.ParseDay("2026-01-01")
	f.Fuzz(func(t *testing.T, data []byte) {
		b, err := policy.Load(policy.File{Name: "x.yaml", Data: data})
		if err == nil {
			for _, s := range b.Sets() {
				d, err := s.Decide(policy.Question{Day: on, Direction: travel.Exit})
				if err != nil || d.Photo.Result == "" || d.OtherBiometrics.Result == "" {
					t.Fatalf("%+v, %v", d, err)
				}
			}
			return
		}
		var ps policy.Problems
		if !errors.As(err, &ps) {
			t.Fatal(err)
		}
		lines := strings.Split(string(data), "\n")
		for _, p := range ps {
			if p.Line < 1 || p.Column < 1 || p.Line > len(lines)+1 || p.Code == "" || p.Message == "" {
				t.Fatalf("%+v of %d lines", p, len(lines))
			}
		}
	})
}
