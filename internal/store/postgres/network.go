package postgres

import (
	"context"
	"net"
	"time"

	"github.com/jackc/pgx/v5"
)

// Limits of waiting, so that a server that is silent, or far behind a cut
// cable, is found away while the gates can still send travelers to an officer.
const (
	connectWithin = 5 * time.Second
	answerWithin  = 20 * time.Second // for data that the server does not acknowledge
	lockWithin    = "10s"            // for another writer's transaction
)

// limitWaits sets them on connections that are yet to be made.
func limitWaits(config *pgx.ConnConfig) {
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = connectWithin
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "limen"
	}
	// What a lane waits for are lookups by key. A table that has grown since it
	// was last analyzed must not be read from end to end for them.
	config.RuntimeParams["enable_seqscan"] = "off"
	config.RuntimeParams["plan_cache_mode"] = "force_generic_plan"
	config.RuntimeParams["jit"] = "off" // it takes longer than what it would speed up
	config.RuntimeParams["lock_timeout"] = lockWithin
	// The server, too, must notice that we are gone: until it does, our session
	// holds the lock that makes us the only writer.
	config.RuntimeParams["tcp_keepalives_idle"] = "5"
	config.RuntimeParams["tcp_keepalives_interval"] = "5"
	config.RuntimeParams["tcp_keepalives_count"] = "3"
	config.RuntimeParams["tcp_user_timeout"] = "20000"
	config.RuntimeParams["idle_in_transaction_session_timeout"] = "30000"
	dialer := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: 5 * time.Second, Interval: 5 * time.Second, Count: 3},
		Control:         userTimeout,
	}
	config.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
		return dialer.DialContext(ctx, network, addr)
	}
}
