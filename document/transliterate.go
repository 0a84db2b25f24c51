package document

import (
	"strings"
	"unicode"
)

// letters gives each capital letter, or letter without case, its form in A to
// Z; "" where it is left out.
var letters = func() map[rune]string {
	m := map[rune]string{}
	for group := range strings.FieldsSeq(bare) {
		for _, c := range group[1:] {
			m[c] = group[:1]
		}
	}
	for _, table := range []string{latin, cyrillic, arabic, beyondArabic} {
		for entry := range strings.FieldsSeq(table) {
			from, to, _ := strings.Cut(entry, ":")
			m[[]rune(from)[0]] = to
		}
	}
	for c := 'A'; c <= 'Z'; c++ {
		m[c] = string(c)
	}
	for _, c := range "'’." {
		m[c] = ""
	}
	for _, c := range "-, " {
		m[c] = " "
	}
	return m
}()

// bare are the letters of table A that lose their mark: each group is the bare
// letter, then those that become it.
const bare = "AÀÁÂÃĀĂĄẠẢẤẦẨẪẬẮẰẲẴẶ CÇĆĈĊČ DĎ EÈÉÊËĒĔĖĘĚẸẺẼẾỀỂỄỆ GĜĞĠĢ HĤ IÌÍÎÏĨĪĬĮİỈỊ JĴ KĶ LĹĻĽĿ " +
	"NÑŃŅŇ OÒÓÔÕŌŎŐƠỌỎỐỒỔỖỘỚỜỞỠỢ RŔŖŘ SŚŜŞŠȘ TŢŤȚ UÙÚÛŨŪŬŮŰŲƯỤỦỨỪỬỮỰ WŴẀẂẄ YÝŶŸỲỴỶỸ ZŹŻŽ"

// latin are those of table A that become other letters than their bare one.
const latin = "Ä:AE Å:AA Æ:AE Ö:OE Ø:OE Œ:OE Ü:UE ẞ:SS ß:SS Þ:TH Ð:D Đ:D Ĳ:IJ Ŋ:N Ħ:H Ł:L Ŧ:T ĸ:Q"

// cyrillic is table B. The exceptions that it makes for Belarusian, Bulgarian,
// Macedonian, Serbian and Ukrainian (Г as H, Щ as SHT, Ц as C and others) are
// not here: a name does not say its language.
const cyrillic = "А:A Б:B В:V Г:G Ґ:G Д:D Ђ:D Е:E Ё:E Ж:ZH З:Z Ѕ:DZ И:I І:I Ї:I Й:I Ј:J К:K Л:L Љ:LJ М:M Н:N Њ:NJ " +
	"О:O П:P Р:R С:S Т:T Ћ:C У:U Ў:U Ф:F Х:KH Ц:TS Ч:CH Џ:DZ Ш:SH Щ:SHCH Ъ:IE Ы:Y Ь: Э:E Ю:IU Я:IA Є:IE Ѓ:G Ќ:K Ѫ:U Ѵ:Y"

// arabic is table C for Arabic: an X before a letter marks one that A to Z do
// not tell apart. Vowel signs and the lengthening stroke are left out.
// [check] Tables B and C were read in secondary copies of the 7th edition.
const arabic = "ء:XE آ:XAA أ:XAE ؤ:U إ:I ئ:XI ا:A ب:B ة:XTA ت:T ث:XTH ج:J ح:XH خ:XKH د:D ذ:XDH ر:R ز:Z س:S ش:XSH ص:XSS " +
	"ض:XDZ ط:XTT ظ:XZZ ع:E غ:G ف:F ق:Q ك:K ل:L م:M ن:N ه:H و:W ى:XAY ي:Y ٱ:XXA ـ: "

// beyondArabic is table C for Persian, Urdu and Pashto.
const beyondArabic = "پ:P چ:XC ژ:XJ گ:XGG ک:XKK ی:XYA ٹ:XXT ڈ:XXD ڑ:XXR ں:XNN ھ:XDO ہ:XXG ۂ:XGE ۀ:XYH ۃ:XTG ے:XYB ۓ:XBE " +
	"ټ:XRT ځ:XKE څ:XXH ډ:XDR ړ:XRR ږ:XRX ښ:XXS ګ:XXK ڭ:XNG ڼ:XXN ۍ:XXY ې:Y"

// tehMarbuta is XAH, not XTA, where it ends a part of a name.
const tehMarbuta = 'ة'

// Transliterate returns a name in the capitals A to Z and single blanks that a
// machine-readable zone and a manifest allow. Hyphens become blanks and
// apostrophes go. It reports false if a letter has no such form, as those of
// scripts without a table; then the name is what is left.
//
// Source: ICAO Doc 9303-3, section 4.6 (conventions for names) and section 6
// (transliteration; tables A Latin, B Cyrillic, C Arabic).
func Transliterate(name string) (latin string, whole bool) {
	whole = true
	var b strings.Builder
	b.Grow(len(name) + 8)
	runes := []rune(strings.ToUpper(name))
	for i, c := range runes {
		if c == tehMarbuta && (i+1 == len(runes) || !unicode.IsLetter(runes[i+1]) && !unicode.IsMark(runes[i+1])) {
			b.WriteString("XAH")
			continue
		}
		to, known := letters[c]
		if !known && !unicode.IsMark(c) {
			whole = false
		}
		b.WriteString(to)
	}
	return strings.Join(strings.Fields(b.String()), " "), whole
}
