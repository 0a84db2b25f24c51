package policydiff_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// newBrowser starts Chromium with an empty profile. Without one the test is
// skipped, except in CI, which installs it.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("no Chromium found, and CI must have one: apt-get install chromium")
		}
		t.Skip("no Chromium found: the page is not laid out (apt-get install chromium)")
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU,
		chromedp.UserDataDir(t.TempDir()), chromedp.Env("TMPDIR="+t.TempDir()), chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), opts...)
	t.Cleanup(stop)
	ctx, done := context.WithTimeout(ctx, 2*time.Minute) // a loaded machine is slow, not wrong
	t.Cleanup(done)
	ctx, quit := chromedp.NewContext(ctx)
	t.Cleanup(func() {
		_ = chromedp.Cancel(ctx) // waits, so that the profile can be removed
		quit()
	})
	if err := chromedp.Do(ctx); err != nil {
		t.Fatal("Chromium does not start: ", err)
	}
	return ctx
}

// TestPageFits: at the width of a telephone, a desk and a sheet of A4 nothing
// sticks out, and no text of a plot is smaller than 10 pixels. With LIMEN_SHOTS
// set to a folder, the pages are kept there as pictures, to be looked at.
func TestPageFits(t *testing.T) {
	ctx := newBrowser(t)
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(page(t, diff(t, "us-2004", "us-2025", simulated(t, 20_000, 1)))), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name  string
		width int64
		media string
	}{{"telephone", 390, "screen"}, {"desk", 1280, "screen"}, {"paper", 688, "print"}} { // A4 less two margins of 14 mm, at 96 dpi
		got := laidOut(t, ctx, file, c.width, c.media)
		if got.Wide > float64(c.width) {
			t.Errorf("%s: the page is %g pixels wide, the window %d", c.name, got.Wide, c.width)
		}
		if got.Small < 10 {
			t.Errorf("%s: a plot has text of %.1f pixels", c.name, got.Small)
		}
		if got.Open != (c.media == "print") {
			t.Errorf("%s: what is folded is open: %v", c.name, got.Open)
		}
		if dir := os.Getenv("LIMEN_SHOTS"); dir != "" {
			shot, err := chromedp.Run(ctx, chromedp.FullScreenshot(100))
			if err == nil {
				err = os.WriteFile(filepath.Join(dir, c.name+".png"), shot, 0o600)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
	}
}

// layout is what a browser says of the page.
type layout struct {
	Wide  float64 // pixels
	Small float64 // the smallest text of a plot, in pixels
	Open  bool    // whether what is folded is seen
}

const measure = `({
	Wide: document.documentElement.scrollWidth,
	Small: Math.min(...[...document.querySelectorAll("svg.plot text")].map(e => parseFloat(getComputedStyle(e).fontSize) * e.ownerSVGElement.getBoundingClientRect().width / e.ownerSVGElement.viewBox.baseVal.width)),
	Open: [...document.querySelectorAll("details table")].every(e => e.checkVisibility({contentVisibilityAuto: true}) && e.getBoundingClientRect().height > 0),
})`

func laidOut(t *testing.T, ctx context.Context, file string, width int64, media string) layout {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: media}); err != nil {
		t.Fatal(err)
	}
	if err := chromedp.Do(ctx, chromedp.Navigate("file://"+file)); err != nil {
		t.Fatal(err)
	}
	got, err := chromedp.Run(ctx, chromedp.Evaluate[layout](measure))
	if err != nil {
		t.Fatal(err)
	}
	return got
}
