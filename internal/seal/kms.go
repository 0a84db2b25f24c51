package seal

import (
	"net/url"
	"os"
	"strings"
	"time"

	"github.com/hashicorp/vault/api"
	"github.com/tink-crypto/tink-go-hcvault/v2/integration/hcvault"
	"github.com/tink-crypto/tink-go/v2/core/registry"
	"github.com/tink-crypto/tink-go/v2/tink"

	"limen/errs"
)

// isKMS tells the URI of a key in a key service from the path of a file.
func isKMS(kek string) bool { return strings.Contains(kek, "://") }

// remote returns the key of a key service. hcvault is built in; a program that
// registers another client with Tink's registry has its scheme as well.
// Error: Broken (code "kek-kms").
func remote(uri string) (tink.AEAD, error) {
	if client, err := registry.GetKMSClient(uri); err == nil {
		a, err := client.GetAEAD(uri)
		if err != nil {
			return nil, errs.New(errs.Broken, "kek-kms", "the key service's URI cannot be used: %w", err)
		}
		return a, nil
	}
	u, err := url.Parse(uri)
	if err != nil {
		return nil, errs.New(errs.Broken, "kek-kms", "the key service's URI cannot be read")
	}
	if u.Scheme != "hcvault" {
		return nil, errs.New(errs.Broken, "kek-kms", "no key service of the scheme %q is built in; supported: hcvault://host:port/transit/keys/name (HashiCorp Vault, OpenBao)", u.Scheme)
	}
	return vaultTransit(u)
}

// vaultTransit returns the key at a path of Vault's transit engine, over TLS.
// Token, namespace and certificate authority come from the variables that the
// vault program reads: VAULT_TOKEN, VAULT_NAMESPACE, VAULT_CACERT.
func vaultTransit(u *url.URL) (tink.AEAD, error) {
	conf := api.DefaultConfig()
	if conf.Error != nil {
		return nil, errs.New(errs.Broken, "kek-kms", "the environment of the key service is wrong: %w", conf.Error)
	}
	conf.Address, conf.Timeout, conf.MaxRetries = "https://"+u.Host, 5*time.Second, 1
	client, err := api.NewClient(conf)
	if err != nil {
		return nil, errs.New(errs.Broken, "kek-kms", "the key service cannot be used: %w", err)
	}
	// The URI says where the key is; VAULT_ADDR must not say otherwise.
	if err := client.SetAddress("https://" + u.Host); err != nil {
		return nil, errs.New(errs.Broken, "kek-kms", "the key service's address cannot be used: %w", err)
	}
	client.SetToken(os.Getenv("VAULT_TOKEN"))
	a, err := hcvault.NewAEAD(u.EscapedPath(), client.Logical())
	if err != nil {
		return nil, errs.New(errs.Broken, "kek-kms", "the URI is not hcvault://host:port/transit/keys/name: %w", err)
	}
	return a, nil
}
