package httpapi

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"limen/authz"
	"limen/errs"
	"limen/internal/app"
)

// Limits on request bodies, in bytes, and on time to send one.
const (
	maxManifest = 8 << 20
	maxImage    = 8 << 20
	maxJSON     = 64 << 10
	bodyTimeout = 15 * time.Second
	// maxBodies is how many large bodies may be in memory at once; past it a
	// caller is told to come back.
	maxBodies = 64
	// maxBodiesOfKey is how many of them one key may have, so that one slow
	// sender does not shut the others out.
	maxBodiesOfKey = 8
)

// Config is what the API needs.
type Config struct {
	App *app.App
	// OpenBoard shows the voyage board and the metrics without a key. They have
	// counts only, but those are an installation's business: for
	// demonstrations.
	OpenBoard bool
	Version   string
	// Stopping ends the boards' streams, which never end by themselves, when
	// the server is told to stop; nil is never.
	Stopping <-chan struct{}
}

type server struct {
	Config
	bodies bodies
}

// New returns the API with its board, its description, metrics and health.
func New(c Config) http.Handler {
	mux := http.NewServeMux()
	s := &server{Config: c, bodies: bodies{byKey: map[string]int{}}}
	s.describe(mux)
	s.pages(mux)
	mux.HandleFunc("GET /metrics", s.guard(authz.ReadMetrics, c.App.Metrics.Handler().ServeHTTP))
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, r *http.Request) { w.Write([]byte("ok\n")) })
	return s.observe(known(mux))
}

// Description returns the API's OpenAPI 3.1 document as JSON.
func Description(version string) ([]byte, error) {
	s := &server{Config: Config{Version: version}}
	return s.describe(http.NewServeMux()).OpenAPI().MarshalJSON()
}

func (s *server) describe(mux *http.ServeMux) huma.API {
	c := huma.DefaultConfig("limen", s.Version)
	c.Info.Description = "Biometric entry and exit: manifests in, captures in, recommendations out, crossings on record. " +
		"No operation searches an image against more than the gallery of the encounter it comes from."
	c.Components.SecuritySchemes = map[string]*huma.SecurityScheme{"key": {Type: "http", Scheme: "bearer",
		Description: "An API key, bound to a capture point, a carrier, an officer or an auditor."}}
	c.DocsPath, c.SchemasPath = "", ""
	c.CreateHooks = nil // no $schema links in bodies
	api := humago.New(mux, c)
	api.UseMiddleware(s.authorize(api))
	s.carrierRoutes(api)
	s.gateRoutes(api)
	s.officerRoutes(api)
	s.stayRoutes(api)
	s.leadRoutes(api)
	s.retentionRoutes(api)
	s.auditRoutes(api)
	return api
}

// route describes one operation. An operation that the table of authz does not
// know is a programming error and stops the start.
func route(op authz.Operation, method, path, summary string, maxBody int64, with ...func(*huma.Operation)) huma.Operation {
	if len(authz.RolesOf(op)) == 0 {
		panic("httpapi: operation " + string(op) + " is not in the table of authz")
	}
	var roles []string
	for _, r := range authz.RolesOf(op) {
		roles = append(roles, string(r))
	}
	o := huma.Operation{
		OperationID: string(op), Method: method, Path: path, Summary: summary,
		Description:  "For keys of: " + strings.Join(roles, ", ") + ".",
		MaxBodyBytes: maxBody, BodyReadTimeout: bodyTimeout,
		Security: []map[string][]string{{"key": {}}},
		Errors:   []int{400, 401, 403, 404, 408, 409, 413, 422, 500, 503},
	}
	for _, f := range with {
		f(&o)
	}
	return o
}

type actorKey struct{}

// bearer returns the token of an Authorization header, or "". The scheme's name
// may be in any case.
//
// Source: RFC 9110 section 11.1.
func bearer(header string) string {
	scheme, token, _ := strings.Cut(header, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return token
}

// authorize lets a request through if its key is valid and its role may do the
// operation. The body is not read before.
func (s *server) authorize(api huma.API) func(huma.Context, func(huma.Context)) {
	return func(ctx huma.Context, next func(huma.Context)) {
		op := authz.Operation(ctx.Operation().OperationID)
		by, err := s.App.Authenticate(ctx.Context(), bearer(ctx.Header("Authorization")))
		if err == nil && !authz.Allowed(by.Role, op) {
			err = errs.New(errs.Forbidden, "role", "a key of role %s may not do this", by.Role)
		}
		release := func() {}
		if err == nil && ctx.Operation().MaxBodyBytes > maxJSON {
			release, err = s.room(by.Key) // before the body is read
		}
		if err != nil {
			ctx.SetHeader("Connection", "close") // the body was not read, and is not waited for
			writeProblem(api, ctx, s.refuse(ctx.Context(), op, err).(*Problem))
			return
		}
		defer release()
		next(huma.WithValue(ctx, actorKey{}, by))
	}
}

func actor(ctx context.Context) app.Actor { by, _ := ctx.Value(actorKey{}).(app.Actor); return by }

func writeProblem(api huma.API, ctx huma.Context, p *Problem) {
	for k, vs := range p.header {
		for _, v := range vs {
			ctx.SetHeader(k, v)
		}
	}
	ctx.SetHeader("Content-Type", p.ContentType(""))
	ctx.SetStatus(p.Status)
	_ = api.Marshal(ctx.BodyWriter(), "application/json", p) // a caller that hung up cannot be told
}

// bodies counts the large bodies being worked on.
type bodies struct {
	mu    sync.Mutex
	all   int
	byKey map[string]int
}

// room reserves memory for one large body of a key; call the returned function
// when it is answered.
func (s *server) room(key string) (release func(), err error) {
	b := &s.bodies
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.all >= maxBodies || b.byKey[key] >= maxBodiesOfKey {
		return nil, errs.Retry(time.Second, "overloaded", "%d images or manifests are being worked on, %d of this key; the limits are %d and %d",
			b.all, b.byKey[key], maxBodies, maxBodiesOfKey)
	}
	b.all++
	b.byKey[key]++
	return func() {
		b.mu.Lock()
		defer b.mu.Unlock()
		b.all--
		if b.byKey[key]--; b.byKey[key] == 0 {
			delete(b.byKey, key)
		}
	}, nil
}
