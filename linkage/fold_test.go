package linkage

import "testing"

// Spellings of one name that the fold takes together.
func TestFold(t *testing.T) {
	for _, same := range [][]string{
		{"MUELLER", "MULLER", "MULER"}, {"OERESUND", "ORESUND"}, {"IURII", "YURIY", "YURI", "JURIJ", "IURY"},
		{"SHCHERBAKOV", "SZCZERBAKOW", "SHCHERBAKOW"}, {"KHRUSHCHEV", "HRUSHCHEV"},
		{"ALEKSEI", "ALEXEI", "ALEXEY", "ALEKSEJ"}, {"STRAUSS", "STRAUS"}, {"AANGSTROEM", "ANGSTROM"}, {"STEPHAN", "STEFAN"},
		{"HUSSEIN", "HUSSAIN", "HUSAYN"}, {"VOLODYMYR", "WOLODYMYR"}, {"THOMAS", "TOMAS"}, {"FARUQ", "FAROUK"},
	} {
		for _, s := range same[1:] {
			if fold(s) != fold(same[0]) {
				t.Errorf("%s folds to %s, %s to %s", same[0], fold(same[0]), s, fold(s))
			}
		}
	}
	for _, other := range [][2]string{{"MULLER", "MILLER"}, {"JUAN", "JOAN"}, {"MARIA", "MARIO"}, {"ALI", "ELI"}} {
		if fold(other[0]) == fold(other[1]) {
			t.Errorf("%s and %s fold to %s", other[0], other[1], fold(other[0]))
		}
	}
}

// Transcriptions of one name that have one skeleton, Arabic script among them.
func TestSkeleton(t *testing.T) {
	for _, same := range [][]string{
		{"MOHAMMED", "MUHAMMAD", "MOHAMED", "MXHMD"}, {"ABD", "EBD"}, {"FATIMA", "FATIMAH", "FAXTTMXAH"}, {"KHALED", "KHALID", "XKHALD"},
		{"OMAR", "UMAR", "EMR"}, {"HASAN", "HASSAN", "XHSN"}, {"SARAH", "SARA", "SARXAH"},
	} {
		want := skeleton(fold(same[0]))
		for _, s := range same[1:] {
			if got := skeleton(fold(s)); got != want {
				t.Errorf("%s has %s, %s has %s", same[0], want, s, got)
			}
		}
	}
	if got := skeleton(fold("AI")); got != "AI" {
		t.Errorf("a name without consonants has %q", got)
	}
}
