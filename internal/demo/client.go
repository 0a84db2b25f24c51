package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"limen/internal/httpapi"
)

// client speaks to the API as a gate, a carrier or an officer would: over HTTP
// with its own key.
type client struct {
	base, key string
	purpose   string // why an officer asks; "" if nothing asked for needs one
	http      *http.Client
}

// refusal is a problem the API answered with.
type refusal struct {
	Status int             `json:"status"`
	Code   string          `json:"code"`
	Detail string          `json:"detail"`
	Where  []httpapi.Place `json:"where"`
}

func (r *refusal) Error() string {
	return fmt.Sprintf("%s (%d %s) %v", r.Detail, r.Status, r.Code, r.Where)
}

// do sends one request; body is bytes of a type, or a value to send as JSON.
// The answer is decoded into out unless that is nil.
func (c *client) do(ctx context.Context, method, path, kind string, body, out any) (http.Header, error) {
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case []byte:
		r = bytes.NewReader(b)
	default:
		j, err := json.Marshal(b)
		if err != nil {
			return nil, err
		}
		r, kind = bytes.NewReader(j), "application/json"
	}
	req, err := http.NewRequestWithContext(ctx, method, c.base+path, r)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+c.key)
	if c.purpose != "" {
		req.Header.Set("Limen-Purpose", c.purpose)
	}
	if kind != "" {
		req.Header.Set("Content-Type", kind)
	}
	resp, err := c.http.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= 300 {
		problem := &refusal{Status: resp.StatusCode}
		if json.Unmarshal(answer, problem) != nil {
			problem.Detail = http.StatusText(resp.StatusCode)
		}
		return resp.Header, problem
	}
	if out == nil {
		return resp.Header, nil
	}
	return resp.Header, json.Unmarshal(answer, out)
}

func seg(s string) string { return url.PathEscape(s) }

// stages reads a Server-Timing header.
func stages(header string) map[string]time.Duration {
	out := map[string]time.Duration{}
	for part := range strings.SplitSeq(header, ",") {
		name, dur, ok := strings.Cut(strings.TrimSpace(part), ";dur=")
		ms, err := strconv.ParseFloat(dur, 64)
		if ok && err == nil && name != "total" {
			out[name] = time.Duration(ms * float64(time.Millisecond))
		}
	}
	return out
}
