package linkage

// A name is compared in three forms. Written is what Transliterate gives. The
// fold takes the spellings of one sound together (MÜLLER, MUELLER, MULLER;
// YURIY, IURII; FF, F). The skeleton keeps the consonants alone, and one sign
// for a vowel that comes first: what Arabic script writes, and what survives
// one transcription into another (MOHAMMED, MUHAMMAD, MXHMD).

// maxName is how many letters of one name are looked at: longer than any
// document prints, and a bound on the time that a name takes.
const maxName = 64

// rewrite is one spelling and what stands for it; longer spellings of a letter
// come first.
type rewrite struct{ from, to string }

// arabicMarks undoes the marks of table C of Doc 9303-3, which are not letters:
// they are looked for at an X.
var arabicMarks = []rewrite{{"XTH", "T"}, {"XKH", "H"}, {"XDH", "D"}, {"XSH", "S"}, {"XSS", "S"}, {"XDZ", "D"}, {"XTT", "T"}, {"XZZ", "Z"},
	{"XAA", "A"}, {"XAE", "A"}, {"XTA", "A"}, {"XAH", "A"}, {"XAY", "A"}, {"XYA", "I"}, {"XKK", "K"}, {"XGG", "G"}, {"XXA", "A"}, {"XXT", "T"}, {"XXD", "D"},
	{"XXR", "R"}, {"XNN", "N"}, {"XDO", "H"}, {"XXG", "H"}, {"XYB", "I"}, {"XH", "H"}}

// spellings are what the fold takes together, by first letter.
var spellings = func() (by [26][]rewrite) {
	for _, r := range []rewrite{
		{"AA", "A"}, {"AE", "A"}, {"AY", "AI"}, {"AJ", "AI"},
		{"CHR", "KR"}, {"CHTCH", "SC"}, {"CH", "C"}, {"CK", "K"}, {"CE", "SE"}, {"CI", "SI"}, {"CY", "SI"}, {"C", "K"},
		{"DJ", "I"}, {"DZH", "I"}, {"DH", "D"}, {"BH", "B"},
		{"EE", "I"}, {"EI", "AI"}, {"EY", "AI"}, {"EJ", "AI"},
		{"GH", "G"}, {"IJ", "I"}, {"IY", "I"}, {"IE", "I"}, {"JH", "I"}, {"J", "I"}, {"KH", "H"}, {"KS", "X"},
		{"OE", "O"}, {"OO", "U"}, {"OU", "U"}, {"PH", "F"}, {"QU", "K"}, {"Q", "K"}, {"RH", "R"},
		{"SHCH", "SC"}, {"SCH", "S"}, {"SH", "S"}, {"SZCZ", "SC"}, {"SZ", "S"},
		{"TSCH", "C"}, {"TCH", "C"}, {"TH", "T"}, {"TZ", "S"}, {"TS", "S"},
		{"UE", "U"}, {"W", "V"}, {"YE", "E"}, {"YI", "I"}, {"YJ", "I"}, {"YY", "I"}, {"Y", "I"}, {"ZH", "I"},
	} {
		by[r.from[0]-'A'] = append(by[r.from[0]-'A'], r)
	}
	return by
}()

// fold takes the spellings of a name together. name is in A to Z.
func fold(name string) string {
	var buf [2 * maxName]byte
	out := buf[:0]
	add := func(s string) {
		for i := range len(s) {
			if n := len(out); n == 0 || out[n-1] != s[i] { // a doubled letter is one
				out = append(out, s[i])
			}
		}
	}
	for i := 0; i < len(name); {
		rest := name[i:]
		to, n := rest[:1], 1
		if rest[0] == 'X' {
			if r, found := first(arabicMarks, rest); found {
				to, n = r.to, len(r.from)
			} else if rest == "XE" { // a hamza at the end
				to, n = "", 2
			}
		} else if r, found := first(spellings[rest[0]-'A'], rest); found {
			to, n = r.to, len(r.from)
		}
		add(to)
		i += n
	}
	if string(out) == name { // no copy where nothing changed
		return name
	}
	return string(out)
}

func first(rules []rewrite, s string) (rewrite, bool) {
	for _, r := range rules {
		if len(s) >= len(r.from) && s[:len(r.from)] == r.from {
			return r, true
		}
	}
	return rewrite{}, false
}

// skeleton returns the consonants of a folded name, with an A for a vowel that
// comes first; all of it if it has no consonant.
func skeleton(folded string) string {
	var buf [2 * maxName]byte
	out := buf[:0]
	for i := range len(folded) {
		c := folded[i]
		switch c {
		case 'A', 'E', 'I', 'O', 'U':
			if i > 0 {
				continue
			}
			c = 'A'
		case 'H':
			if i == len(folded)-1 { // SARAH, SARA
				continue
			}
		case 'V':
			c = 'F'
		case 'Z':
			c = 'S'
		}
		if n := len(out); n == 0 || out[n-1] != c {
			out = append(out, c)
		}
	}
	if len(out) < 2 || string(out) == folded {
		return folded
	}
	return string(out)
}
