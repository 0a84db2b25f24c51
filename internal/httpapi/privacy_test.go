package httpapi

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"limen/authz"
)

// canary is part of every name, number, locator, reason and purpose of this
// test, in letters of every case.
const canary = "CANARY"

func sings(s string) bool { return strings.Contains(strings.ToUpper(s), canary) }

// paxlst is a departure of one person, of whom everything is a canary.
const paxlst = `UNA:+.? '
UNB+UNOA:4+ZZ+LIMEN+261123:0800+1'
UNH+M%[1]s+PAXLST:D:12B:UN:IATA'
BGM+745'
TDT+20+ZZ1'
LOC+125+BGR'
DTM+189:2611231800:201'
LOC+87+KEF'
DTM+232:2611232200:201'
NAD+FL+++CANARYNAME:CANARYGIVEN'
ATT+2++F'
DTM+329:800101'
LOC+22+KEF'
LOC+178+BGR'
LOC+179+KEF'
NAT+2+GBR'
RFF+AVF:CANARYLOC'
DOC+P:110:111+CANARYDOC'
DTM+36:310101'
LOC+91+GBR'
CNT+42:1'
UNT+19+M%[1]s'
UNZ+1+1'
`

// listener sends requests and keeps what personal data must not be in.
type listener struct {
	*site
	asked int
}

// ask sends a request; of an answer that is an error, or that is to hold no
// personal data, it listens to every byte.
func (l *listener) ask(role authz.Role, method, path, body string, silent bool, headers ...string) (int, string) {
	l.t.Helper()
	l.asked++
	req, err := http.NewRequestWithContext(l.t.Context(), method, l.url+path, strings.NewReader(body))
	if err != nil {
		l.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "CANARYAGENT")
	if key := l.keys[role]; key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(req)
	if err != nil {
		l.t.Fatal(err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		l.t.Fatal(err)
	}
	if (resp.StatusCode >= 400 || silent) && sings(string(raw)+fmt.Sprint(resp.Header)) {
		l.t.Errorf("%s %s: %d with personal data: %s %v", method, path, resp.StatusCode, raw, resp.Header)
	}
	return resp.StatusCode, string(raw)
}

// TestNoPersonalDataInLogsMetricsErrors is promise 15: whatever is sent, right
// or wrong, logs, metrics and error answers know nothing of a person.
func TestNoPersonalDataInLogsMetricsErrors(t *testing.T) {
	l := &listener{site: newSite(t)}
	l.fly(2)
	l.manifests()
	l.path()
	l.refusedBodies()
	l.refusedRoutes()
	if l.asked < 100 {
		t.Errorf("only %d requests were sent", l.asked)
	}
	status, metrics := l.ask(authz.Officer, "GET", "/metrics", "", true)
	if status != 200 || !strings.Contains(metrics, "limen_http_request_seconds") {
		t.Errorf("metrics: %d", status)
	}
	for line := range strings.Lines(l.log.String()) {
		if sings(line) {
			t.Errorf("the log says %s", line)
		}
	}
	if lines := strings.Count(l.log.String(), "\n"); lines < l.asked {
		t.Errorf("%d lines of log for %d requests", lines, l.asked)
	}
}

// manifests sends one whole, then cut at every segment, then with each segment
// spoiled or left out. No receipt holds a name either.
func (l *listener) manifests() {
	l.t.Helper()
	send := func(s string) {
		l.t.Helper()
		l.ask(authz.Carrier, "POST", "/v1/manifests", s, true, "Content-Type", "application/edifact")
	}
	segments := strings.SplitAfter(paxlst, "\n")
	for i := range segments {
		head, tail := strings.Join(segments[:i], ""), ""
		if i < len(segments) {
			tail = strings.Join(segments[i+1:], "")
		}
		ref := fmt.Sprintf("%02d", i)
		send(fmt.Sprintf(head, ref))
		send(strings.ReplaceAll(head+tail, "%[1]s", ref+"L"))
		if strings.HasPrefix(segments[i], "UNH") {
			continue // the message's own reference is the carrier's to be told
		}
		send(strings.ReplaceAll(head+strings.Replace(segments[i], "+", "+CANARYODD+", 1)+tail, "%[1]s", ref+"S"))
		send(strings.ReplaceAll(head+strings.ReplaceAll(segments[i], ":", ":CANARYODD:")+tail, "%[1]s", ref+"C"))
	}
	for _, s := range []string{`{"messages":[{"CANARYKEY":"CANARY","passengers":[{"surname":1,"sex":"CANARY","nationality":"CANARY","birth_date":"CANARY",
		"documents":[{"number":"CANARYDOC","type":"CANARY","issuer":"CANARY","expiry":"CANARY"}]}]}]}`, `{"CANARY":`, `["CANARY"]`, `"CANARY"`, `CANARY`, "\x00CANARY"} {
		send(s)
	}
}

// path walks the path as carrier, gate and officer do, with names shown only to
// those who asked for them.
func (l *listener) path() {
	l.t.Helper()
	e := l.encounter("encounter-1")
	if status, _ := l.capture(e, "capture-01", live(l.t, 5)); status != 200 {
		l.t.Fatal(status)
	}
	purpose := []string{"Limen-Purpose", "looking for CANARYNAME"}
	for _, path := range []string{"/v1/voyages/" + l.voyage + "/readiness", "/v1/encounters/encounter-1", "/v1/leads"} {
		role := authz.Officer
		if status, body := l.ask(role, "GET", path, "", false, purpose...); status != 200 || strings.Contains(path, "readiness") && !sings(body) {
			l.t.Errorf("%s: %d %s", path, status, body)
		}
		l.ask(role, "GET", path, "", true) // no purpose: refused
		l.ask(role, "GET", path, "", true, "Limen-Purpose", strings.Repeat("CANARY", 50))
	}
	decide := func(body string) {
		l.t.Helper()
		l.ask(authz.Officer, "PUT", "/v1/encounters/encounter-1/decision", body, true)
	}
	decide(`{"outcome":"refused","passenger":"CANARY","reason":"CANARYREASON"}`)
	decide(`{"outcome":"departed","passenger":"CANARY","reason":"CANARYREASON"}`)
	decide(`{"outcome":"departed","passenger":"` + l.persons[0] + `","reason":"compared with CANARYDOC"}`)
	decide(`{"outcome":"departed","passenger":"` + l.persons[1] + `","reason":"CANARYNAME once more"}`)
	l.ask(authz.Officer, "POST", "/v1/admissions", `{"person":{"surname":"CANARYNAME","given_names":"CANARY","birth_date":"1980-01-01","sex":"F","nationality":"GBR"},
		"document":{"type":"P","number":"CANARYDOC","issuer":"GBR","expiry":"2031-01-01"},"day":"2026-11-23","class":"B-2","admit_until":"2026-11-01"}`, true)
}

// refusedBodies sends JSON that no operation takes, canaries as values of every
// kind and as names of fields.
func (l *listener) refusedBodies() {
	l.t.Helper()
	values := []string{`"CANARY"`, `["CANARY"]`, `{"CANARY":"CANARY"}`, `"1980-01-CANARY"`, `"` + strings.Repeat("CANARY", 200) + `"`, `CANARY`}
	for _, v := range values {
		for _, field := range []string{"outcome", "passenger", "reason", "admission", "CANARYFIELD", "CANARY.FIELD", `admission":{"class":"CANARY","CANARYFIELD":1,"admit_until`} {
			body := `{"` + field + `":` + v + `}`
			if strings.Contains(field, "{") {
				body += "}"
			}
			l.ask(authz.Officer, "PUT", "/v1/encounters/encounter-1/decision", body, true)
		}
		for _, field := range []string{"person", "document", "day", "class", "admit_until", "CANARYFIELD", `person":{"surname`, `person":{"birth_date`, `person":{"CANARYFIELD`, `document":{"expiry`} {
			body := `{"day":"2026-11-23","class":"B-2","` + field + `":` + v + `}`
			if strings.Contains(field, "{") {
				body += "}"
			}
			l.ask(authz.Officer, "POST", "/v1/admissions", body, true)
		}
		l.ask(authz.Point, "PUT", "/v1/encounters/encounter-2", `{"voyage":`+v+`}`, true)
		l.ask(authz.Officer, "POST", "/v1/admissions", v, true, "Content-Type", "text/CANARY")
	}
}

// refusedRoutes puts canaries into paths, queries, methods and headers.
func (l *listener) refusedRoutes() {
	l.t.Helper()
	for _, role := range []authz.Role{"", authz.Point, authz.Carrier, authz.Officer} {
		for _, path := range []string{"/CANARYNAME", "/v1/CANARYNAME", "/v1/voyages/CANARYNAME/readiness", "/v1/voyages/CANARYNAME/close", "/v1/passengers/CANARYDOC/references?source=CANARY",
			"/v1/passengers/CANARYDOC/references?source=visa-photo&CANARY=CANARY", "/v1/encounters/CANARYNAME", "/v1/encounters/CANARYNAME/captures/CANARYDOC", "/v1/encounters/CANARYNAME/opt-out",
			"/v1/encounters/CANARY%20NAME/decision", "/v1/encounters/%00CANARY", "/assets/CANARY.js", "/board?CANARY", "/v1/voyages?name=CANARYNAME"} {
			for _, method := range []string{"GET", "PUT", "POST", "DELETE", "CANARY"} {
				if strings.HasPrefix(path, "/board") && method == "GET" {
					continue
				}
				l.ask(role, method, path, "{}", true, "Limen-Purpose", "CANARY", "X-Request-Id", "CANARYNAME", "Accept", "text/CANARY")
			}
		}
	}
	l.keys["canary"] = "limen_CANARY_CANARY"
	l.ask("canary", "GET", "/v1/leads", "", true)
}
