package crash

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// client is a carrier's, a gate's or an officer's system, with connections of
// its own.
type client struct {
	site *site
	who  string
	http *http.Client
}

func (s *site) client(who string) *client {
	return &client{site: s, who: who, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1}, Timeout: 30 * time.Second}}
}

// request is what a client sends, every time the same.
type request struct {
	method, path, kind string
	body               []byte
	deed               *deed // that it would record; nil if none
	leave              bool  // give up when no answer comes, as a traveler who goes elsewhere
}

// answer is what a request is answered with, of all operations.
type answer struct {
	Action   string   `json:"action"`
	Reasons  []string `json:"reasons"`
	Crossing string   `json:"crossing"`
	Decision string   `json:"decision"`
	Messages []struct {
		Voyage     string `json:"voyage"`
		Status     string `json:"status"`
		Passengers []struct {
			ID       string `json:"id"`
			Position int    `json:"position"`
		} `json:"passengers"`
	} `json:"messages"`
	Readiness string `json:"readiness"`
	Code      string `json:"code"`
	Detail    string `json:"detail"`
}

// errLeft is a request that was given up.
var errLeft = errors.New("no answer came")

// do sends a request until the server has done what it asks, across as many
// lives of the server as it takes. heard is called before anybody can close the
// site. An answer that says the request is wrong is an error, and so is the end
// of ctx.
func (c *client) do(ctx context.Context, r request, heard func(answer)) error {
	for nth := 0; ctx.Err() == nil; nth++ {
		done, err := c.once(ctx, r, nth, heard)
		if done || err != nil {
			return err
		}
		if r.leave {
			return errLeft
		}
	}
	return ctx.Err()
}

// once sends a request once. It is neither done nor an error if the answer did
// not come, or says to try again.
func (c *client) once(ctx context.Context, r request, nth int, heard func(answer)) (done bool, err error) {
	c.site.door.RLock() // waits while the server is down
	defer c.site.door.RUnlock()
	if ctx.Err() != nil {
		return false, nil
	}
	c.site.ledger.send(r.deed, nth)
	req, err := http.NewRequestWithContext(ctx, r.method, c.site.base+r.path, bytes.NewReader(r.body))
	if err != nil {
		return false, err
	}
	req.Header.Set("Authorization", "Bearer "+c.site.keys[c.who])
	req.Header.Set("Content-Type", r.kind)
	resp, err := c.http.Do(req)
	if err != nil {
		return false, nil
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		return false, nil // cut within the answer: no answer
	}
	var a answer
	if len(raw) > 0 && json.Unmarshal(raw, &a) != nil {
		return false, fmt.Errorf("%s %s: %d %q", r.method, r.path, resp.StatusCode, raw)
	}
	switch {
	case resp.StatusCode >= 500:
		c.site.ledger.refuse()
		time.Sleep(5 * time.Millisecond)
		return false, nil
	case resp.StatusCode >= 300:
		return false, fmt.Errorf("%s %s: %d %s: %s", r.method, r.path, resp.StatusCode, a.Code, a.Detail)
	}
	heard(a)
	return true, nil
}
