package console

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"limen/report"
)

// newBrowser starts Chromium with an empty profile. Without one the test is
// skipped, except in CI, which installs it.
func newBrowser(t *testing.T) context.Context {
	t.Helper()
	var path string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "headless-shell"} {
		if p, err := exec.LookPath(name); err == nil {
			path = p
			break
		}
	}
	switch {
	case path != "":
	case os.Getenv("CI") != "":
		t.Fatal("no Chromium found, and CI must have one: apt-get install chromium")
	default:
		t.Skip("no Chromium found: the board is not tested in a browser (apt-get install chromium)")
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

// tab is a page of the browser.
type tab struct {
	*testing.T
	ctx context.Context
}

func newTab(t *testing.T, browser context.Context) tab {
	t.Helper()
	ctx, done := chromedp.NewContext(browser)
	t.Cleanup(done)
	ctx, late := context.WithTimeout(ctx, time.Minute) // no single step may hang the whole test
	t.Cleanup(late)
	return tab{t, ctx}
}

func (p tab) do(steps ...chromedp.Action[chromedp.Void]) {
	p.Helper()
	if err := chromedp.Do(p.ctx, steps...); err != nil {
		p.Fatal(err)
	}
}

// wait waits until expr, a string in JavaScript, is want.
func (p tab) wait(expr, want string) {
	p.Helper()
	var got string
	var err error
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); time.Sleep(20 * time.Millisecond) {
		got, err = chromedp.Run(p.ctx, chromedp.Evaluate[string]("String("+expr+")"))
		if err == nil && got == want {
			return
		}
	}
	p.Fatalf("%s is %q, want %q (%v)", expr, got, want, err)
}

// hurry speeds up the page's own clock: it tries again sooner, and, if it is
// also to be impatient, takes half a second of silence for a lost connection.
func (p tab) hurry(impatient bool) {
	p.Helper()
	_, err := chromedp.Call(p.ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{
		Source: fmt.Sprintf(`const real = setTimeout; window.setTimeout = (f, ms) => real(f, ms < 1000 ? ms : ms < 40000 ? 250 : %t ? 500 : ms)`, impatient)})
	if err != nil {
		p.Fatal(err)
	}
}

const (
	stateText = `document.getElementById("state").textContent`
	lost      = stateText + `.startsWith("Connection lost. Counts are from ")`
)

// count is what the page shows for a voyage.
func count(v report.Voyage, name string) string {
	return fmt.Sprintf(`document.getElementById(%q)?.querySelector('[data-text=%q]').textContent`, "v-"+string(v.ID), name)
}

// TestBrowser looks at the board with a real browser.
func TestBrowser(t *testing.T) {
	browser := newBrowser(t)

	t.Run("live", func(t *testing.T) {
		v := sample()
		b, books := newBoard(v)
		srv := httptest.NewServer(handler(b))
		p := newTab(t, browser)
		t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
		complaints := make(chan string, 100)
		heard := chromedp.Console(p.ctx)
		go func() {
			for m, err := range heard {
				if err != nil {
					return
				}
				complaints <- fmt.Sprint(m)
			}
		}()
		p.do(chromedp.Navigate(srv.URL + "/board"))
		p.wait(stateText, "Live")
		p.wait(count(v, "crossed"), "28")
		p.do(chromedp.Evaluate[chromedp.Void](fmt.Sprintf("window.row = document.getElementById(%q); 0", "v-"+string(v.ID))))

		v.Crossed, v.Confirmed, v.Manual = 40, 38, 2
		evil := report.Voyage{ID: `<b>EV1`, Route: `BGR–<script>window.evil = 1</script><img src=x onerror="window.evil=1">`, Passengers: 10, Ready: 2}
		books.set(evil, v)
		b.Changed.Publish()
		p.wait(count(v, "crossed"), "40")
		p.wait(`window.row.isConnected && window.row.querySelector("progress").value`, "40") // the row it was
		p.wait(count(v, "notice"), "")
		p.wait(count(evil, "notice"), "8 of 10 not ready")
		p.wait(count(evil, "route"), evil.Route) // as text
		p.wait(`window.evil`, "undefined")
		p.wait(`document.querySelectorAll("main img, main script, main b").length`, "0")
		p.wait(`[...document.querySelectorAll("#voyages tr")].map(tr => tr.id)`, "v-<b>EV1,v-"+string(v.ID))
		p.wait(`document.querySelector('#total [data-text="crossed"]').textContent`, "40")
		p.wait(`document.getElementById("headline").textContent`, "1 of 2 open voyages needs attention:")
		p.do(chromedp.Evaluate[chromedp.Void](`document.querySelector("#flagged a").click()`))
		p.wait(`document.querySelector("tr:target").id`, "v-<b>EV1")

		v.Closed = true
		books.set(v)
		b.Changed.Publish()
		p.wait(count(v, "state"), "exit, closed")
		p.wait(`document.querySelectorAll("#voyages tr, #flagged li").length`, "1")
		books.set()
		b.Changed.Publish()
		p.wait(`document.getElementById("empty").checkVisibility()`, "true")
		p.wait(`document.querySelector("table").checkVisibility()`, "false")
		select {
		case m := <-complaints: // such as a breach of the policy
			t.Error("the browser complains:", m)
		default:
		}

		p.do(chromedp.Navigate("about:blank")) // the reader leaves
		for until := time.Now().Add(20 * time.Second); b.readers.Load() > 0; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(until) {
				t.Fatal("the stream outlives its page")
			}
		}
		books.set(v)
		p.do(chromedp.Evaluate[chromedp.Void]("history.back(); 0")) // kept or loaded anew, as the browser likes
		p.wait(count(v, "crossed"), "40")
		p.wait(stateText, "Live")
	})

	t.Run("server lost and found", func(t *testing.T) {
		v := sample()
		b, books := newBoard(v)
		var down atomic.Int32 // 0 serves, 1 hangs up, 2 answers 502 as a proxy does
		h := handler(b)
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch down.Load() {
			case 1:
				panic(http.ErrAbortHandler)
			case 2:
				w.WriteHeader(http.StatusBadGateway)
			default:
				h.ServeHTTP(w, r)
			}
		}))
		p := newTab(t, browser)
		t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
		p.hurry(false)
		p.do(chromedp.Navigate(srv.URL + "/board"))
		p.wait(stateText, "Live")
		for how := int32(1); how <= 2; how++ {
			down.Store(how)
			srv.CloseClientConnections()
			p.wait(lost, "true")
			p.wait(count(v, "crossed"), fmt.Sprint(v.Crossed)) // what was known stays
			v.Crossed++
			books.set(v) // while nobody listens
			down.Store(0)
			p.wait(count(v, "crossed"), fmt.Sprint(v.Crossed))
			p.wait(stateText, "Live")
		}
	})

	// A dead network does not always close connections.
	t.Run("server silent", func(t *testing.T) {
		b, _ := newBoard(sample())
		srv := httptest.NewServer(handler(b))
		p := newTab(t, browser)
		t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
		p.hurry(true)
		p.do(chromedp.Navigate(srv.URL + "/board"))
		p.wait(lost, "true")
		p.wait(stateText, "Live")
	})

	t.Run("server updated", func(t *testing.T) {
		b, _ := newBoard(sample())
		h := handler(b)
		var pages, streams atomic.Int32
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/board" {
				pages.Add(1)
			}
			if r.URL.Path == "/board/events" && streams.Add(1) == 1 {
				w.Header().Set("Content-Type", "text/event-stream")
				_, _ = io.WriteString(w, `data: {"version":"another"}`+"\n\n")
				return
			}
			h.ServeHTTP(w, r)
		}))
		p := newTab(t, browser)
		t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
		p.do(chromedp.Navigate(srv.URL + "/board"))
		for until := time.Now().Add(20 * time.Second); pages.Load() < 2 && time.Now().Before(until); {
			time.Sleep(10 * time.Millisecond)
		}
		p.wait(stateText, "Live")
		if n := pages.Load(); n != 2 {
			t.Errorf("the page was loaded %d times, not twice", n)
		}
	})

	// On a phone the table is drawn as cards. To a screen reader it stays a
	// table, each number with its column; and nothing is wider than the screen.
	t.Run("phone", func(t *testing.T) {
		long := sample()
		long.ID = "LONGCARRIERNAME123456789-2026-11-23-USBGRTERMINAL-ISKEFINTERNATIONAL"
		long.Route = "USBGRTERMINAL–CAYHZSTANFIELD–GBLHRHEATHROW–ISKEFINTERNATIONAL"
		long.Passengers, long.Captures = 900, 12345
		b, _ := newBoard(sample(), long)
		srv := httptest.NewServer(handler(b))
		p := newTab(t, browser)
		t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
		p.do(chromedp.EmulateViewport(320, 700), chromedp.Navigate(srv.URL+"/board"))
		p.wait(stateText, "Live")
		p.wait(`document.documentElement.scrollWidth`, "320")
		p.wait(`getComputedStyle(document.querySelector("#voyages tr")).display`, "grid")
		tree, err := chromedp.Call(p.ctx, accessibility.GetFullAXTree, accessibility.GetFullAXTreeParams{})
		if err != nil {
			t.Fatal(err)
		}
		roles := map[string]int{}
		for _, n := range tree.Nodes {
			if !n.Ignored && n.Role != nil {
				roles[fmt.Sprint(n.Role.Value)]++
			}
		}
		for role, want := range map[string]int{`"banner"`: 1, `"main"`: 1, `"table"`: 1, `"row"`: 3, `"columnheader"`: 9, `"rowheader"`: 2, `"cell"`: 16} {
			if roles[role] != want {
				t.Errorf("%d of role %s, want %d: %v", roles[role], role, want, roles)
			}
		}
	})

	t.Run("no script", func(t *testing.T) {
		v := sample()
		b, _ := newBoard(v)
		srv := httptest.NewServer(handler(b))
		p := newTab(t, browser)
		t.Cleanup(func() { srv.CloseClientConnections(); srv.Close() })
		if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
			t.Fatal(err)
		}
		p.do(chromedp.Navigate(srv.URL + "/board"))
		p.wait(stateText, "Not live: reload the page for newer counts.")
		p.wait(count(v, "crossed"), "28")
	})
}
