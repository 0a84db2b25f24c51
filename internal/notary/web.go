package notary

import (
	"bytes"
	"context"
	"fmt"
	"net/http"
	"net/url"

	"limen/errs"
)

// web is a witness behind a URL: GET and PUT of URL/checkpoint and of
// URL/history/SIZE. Any server that keeps what is put does; one that refuses to
// forget is better.
type web struct {
	base   *url.URL
	client *http.Client
}

func openWeb(place string) (Witness, error) {
	u, err := url.Parse(place)
	if err != nil || u.Host == "" {
		return nil, errs.New(errs.Invalid, "witness", "the URL of the witness is none")
	}
	return web{u, &http.Client{Timeout: patience, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}, nil
}

func (w web) ID() string {
	u := *w.base
	u.User = nil
	return u.String()
}

func (w web) Latest(ctx context.Context) ([]byte, error) {
	status, b, err := w.do(ctx, http.MethodGet, latestName, nil)
	switch {
	case err != nil:
		return nil, err
	case status == http.StatusNotFound:
		return nil, nil
	case status != http.StatusOK:
		return nil, away(fmt.Errorf("it answers %d", status))
	}
	return b, nil
}

func (w web) Held(ctx context.Context, _ string) ([][]byte, error) {
	b, err := w.Latest(ctx)
	if b == nil {
		return nil, err
	}
	return [][]byte{b}, err
}

func (w web) Put(ctx context.Context, name string, note []byte) error {
	status, _, err := w.do(ctx, http.MethodPut, name, note)
	if err == nil && status/100 != 2 {
		err = away(fmt.Errorf("it answers %d", status))
	}
	return err
}

func (w web) do(ctx context.Context, method, name string, body []byte) (status int, answer []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, method, w.base.JoinPath(name).String(), bytes.NewReader(body))
	if err != nil {
		return 0, nil, away(err)
	}
	req.Header.Set("Content-Type", "text/plain; charset=utf-8")
	resp, err := w.client.Do(req)
	if err != nil {
		return 0, nil, away(err) // net/http leaves the password out
	}
	defer resp.Body.Close()
	if answer, err = readNote(resp.Body); err != nil {
		return 0, nil, away(err)
	}
	return resp.StatusCode, answer, nil
}
