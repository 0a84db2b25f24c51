package policydiff_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"limen/internal/policydiff"
	"limen/internal/traffic"
)

func page(t *testing.T, d *policydiff.Diff) string {
	t.Helper()
	var out bytes.Buffer
	if err := d.WriteHTML(&out, policydiff.About{Date: "2026-01-10", Command: "limen policy diff", Version: "test"}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestPageSaysAll: the page has the headline, the figures, the rules with
// clause, the [check] marks, the hashes, and that the persons do not exist.
func TestPageSaysAll(t *testing.T) {
	d := diff(t, "us-2004", "us-2025", rows(t, byHand))
	d.Traffic.Simulated = &policydiff.Simulated{Seed: 4711, Assumptions: []traffic.Assumption{{Table: "mode", Key: "air", Percent: 12.5, Source: "guess <of> ours"}, {Table: "mode", Key: "sea", Percent: 87.5, Source: "guess <of> ours"}, {Table: "month", Key: "01", Percent: 100, Source: "guess <of> ours"}}}
	p := page(t, d)
	for _, want := range []string{
		`<html lang="en">`, `<meta name="viewport"`, "<b>6 of 17 persons (35.3 %)</b> would newly give a photograph; nobody would be newly free of it.",
		"Of 5 persons (29.4 %) the traffic does not say what us-2004 asks for.", "The persons of this page do not exist.", "seed 4711", "guess &lt;of&gt; ours", "mode, month", "air 12.5, sea 87.5",
		"as if it were the law on the day of the crossing", "us-2004 is the law on none", d.From.Hash, d.To.Hash, "90 FR 48604 (2025-10-27)", "canadian-visitor", "8 CFR 215.8(a)(2)(i)",
		"[check] older than 79", "[check] the first day, 2004-01-05", "0–13", "80 and older", "United Kingdom", "lawful permanent resident", "limen policy diff", "2026-01-10",
	} {
		if !strings.Contains(p, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(p, "ZgotmplZ") {
		t.Error("the template refused a value")
	}
}

// TestNothingChanges: a rule set against itself says so, and shows no groups.
func TestNothingChanges(t *testing.T) {
	d := diff(t, "us-2025", "us-2025", rows(t, byHand))
	var text bytes.Buffer
	if err := d.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for _, out := range []string{page(t, d), text.String()} {
		if !strings.Contains(out, "outcome changes, in any group.") || strings.Contains(out, "By class of") || strings.Contains(out, "\nby class of") {
			t.Errorf("a rule set against itself: %.2000s", out)
		}
	}
}

// TestPageStandsAlone: nothing is fetched, nothing runs.
func TestPageStandsAlone(t *testing.T) {
	p := page(t, diff(t, "us-2004", "us-2025", rows(t, byHand)))
	for _, bad := range []string{"http:", "https:", "<script", "<link", "<img", "@import", "javascript:", "onload"} {
		if strings.Contains(p, bad) {
			t.Errorf("the page holds %q", bad)
		}
	}
}

// TestPageEscapes: names of files and texts of a draft rule are text.
func TestPageEscapes(t *testing.T) {
	d := diff(t, "us-2004", "us-2025", rows(t, byHand))
	const evil = `"><script>alert(1)</script>`
	d.Traffic.Name, d.To.ID, d.To.Title, d.To.Notes = evil, evil, evil, []string{evil}
	d.Duties[0].InBy[0].Text, d.Duties[0].Why[0].From.Clause = evil, evil
	if p := page(t, d); strings.Contains(p, "<script") || strings.Count(p, "&lt;script&gt;") < 5 {
		t.Error("a text became markup")
	}
}

// TestPageIsWellFormed: every tag is closed in its order, every id is there
// once, every table has a caption and every plot a name, and headings skip no
// level: for nobody, for a few, and for a whole year.
func TestPageIsWellFormed(t *testing.T) {
	for name, in := range map[string]traffic.Source{"nobody": rows(t, "on,direction\n"), "few": rows(t, byHand), "year": simulated(t, 20_000, 1)} {
		p := page(t, diff(t, "us-2004", "us-2025", in))
		ids, level := map[string]bool{}, 1
		var open, figures []string
		for dec := xmlDecoder(p); ; {
			token, err := dec.Token()
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			start, ok := token.(xml.StartElement)
			if !ok {
				continue
			}
			tag := start.Name.Local
			open = append(open, tag)
			if id := attr(start, "id"); id != "" && ids[id] {
				t.Errorf("%s: id %s twice", name, id)
			} else {
				ids[id] = true
			}
			if len(tag) == 2 && tag[0] == 'h' && tag[1] >= '1' && tag[1] <= '6' {
				if now := int(tag[1] - '0'); now > level+1 {
					t.Errorf("%s: h%d after h%d", name, now, level)
				} else {
					level = now
				}
			}
			if tag == "svg" && attr(start, "aria-hidden") == "" {
				figures = append(figures, attr(start, "aria-label"))
			}
		}
		text := strings.Join(open, " ")
		if tables, captions := strings.Count(text, "table"), strings.Count(text, "caption")-strings.Count(text, "figcaption"); tables != captions || tables == 0 {
			t.Errorf("%s: %d tables, %d captions", name, tables, captions)
		}
		for _, label := range figures {
			if label == "" {
				t.Errorf("%s: a plot without a name", name)
			}
		}
		if want := map[string]int{"nobody": 0, "few": 50, "year": 150}[name]; len(figures) < want {
			t.Errorf("%s: %d plots, want %d", name, len(figures), want)
		}
	}
}

// xmlDecoder reads the page as XML: its few void elements are closed for it.
func xmlDecoder(p string) *xml.Decoder {
	p = regexp.MustCompile(`<meta[^>]*>`).ReplaceAllString(p, "")
	p = regexp.MustCompile(`(?s)<style>.*?</style>`).ReplaceAllString(p, "")
	dec := xml.NewDecoder(strings.NewReader(strings.TrimPrefix(p, "<!doctype html>")))
	dec.Entity = xml.HTMLEntity
	return dec
}

func attr(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// TestContrast: text has a contrast of at least 4.5 on its ground, a plot of 3,
// in light, dark and print. Source: WCAG 2.2, 1.4.3 and 1.4.11.
func TestContrast(t *testing.T) {
	css, err := os.ReadFile("page.css")
	if err != nil {
		t.Fatal(err)
	}
	themes := regexp.MustCompile(`:root \{ ([^}]*)\}`).FindAllStringSubmatch(string(css), -1)
	if len(themes) != 3 {
		t.Fatalf("%d themes, want light, dark and print", len(themes))
	}
	for i, theme := range themes {
		c := map[string]float64{}
		for _, m := range regexp.MustCompile(`--([a-z]+): #([0-9a-f]{3,6});`).FindAllStringSubmatch(theme[1], -1) {
			c[m[1]] = luminance(t, m[2])
		}
		if len(c) != 12 {
			t.Errorf("theme %d has %d colors", i, len(c))
		}
		for pair, least := range map[[2]string]float64{
			{"ink", "paper"}: 4.5, {"quiet", "paper"}: 4.5, {"ink", "soft"}: 4.5, {"quiet", "soft"}: 4.5,
			{"kept", "paper"}: 3, {"in", "paper"}: 3, {"out", "paper"}: 3, {"ask", "paper"}: 3, {"exempt", "paper"}: 3, {"edge", "paper"}: 3,
		} {
			a, b := c[pair[0]], c[pair[1]]
			if ratio := (math.Max(a, b) + .05) / (math.Min(a, b) + .05); ratio < least {
				t.Errorf("theme %d: %s on %s has a contrast of %.2f, want %g", i, pair[0], pair[1], ratio, least)
			}
		}
	}
}

// luminance is the relative luminance of a color of sRGB, as WCAG has it.
func luminance(t *testing.T, hex string) (y float64) {
	t.Helper()
	if len(hex) == 3 {
		hex = string([]byte{hex[0], hex[0], hex[1], hex[1], hex[2], hex[2]})
	}
	for i, weight := range []float64{.2126, .7152, .0722} {
		n, err := strconv.ParseUint(hex[2*i:2*i+2], 16, 8)
		if err != nil {
			t.Fatal(err)
		}
		v := float64(n) / 255
		if v <= .04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+.055)/1.055, 2.4)
		}
		y += weight * v
	}
	return y
}

// TestBarsFill: the pieces of every bar have everybody of the group.
func TestBarsFill(t *testing.T) {
	p := page(t, diff(t, "us-2004", "us-2025", simulated(t, 5_000, 2)))
	width := regexp.MustCompile(`class="seg [a-z]+" x="[0-9.]+%" width="([0-9.]+)%"`)
	bars := strings.Split(p, `<td role="cell" class="bar"><svg role="img"`)[1:]
	full := 0
	for _, bar := range bars {
		bar, _, _ = strings.Cut(bar, "</svg>")
		sum := 0.0
		for _, m := range width.FindAllStringSubmatch(bar, -1) {
			w, err := strconv.ParseFloat(m[1], 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += w
		}
		if sum == 0 {
			continue // the share of a rule, one piece without a place
		}
		if full++; math.Abs(sum-100) > .01 {
			t.Errorf("a bar of %.3f %%: %s", sum, bar)
		}
	}
	if full < 100 {
		t.Errorf("only %d bars were looked at", full)
	}
}
