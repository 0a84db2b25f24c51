package seal

// PassphraseCost is what a passphrase costs outside tests, which are given a
// cheap one.
var PassphraseCost = passphraseCost

func init() {
	passphraseCost = argon2id{Time: 1, Memory: 64, Threads: 1}
	rewrapBatch = 50
	cacheSize = CacheSize
}

// WithStep lets f be called after each step that a crash may follow.
func (c Config) WithStep(f func(string)) Config {
	c.step = f
	return c
}

// CacheSize is how many keys are in memory at most, in tests.
const CacheSize = 1024

// CacheLen counts the keys in memory.
func (k *FileKeys) CacheLen() int {
	k.cache.mu.Lock()
	defer k.cache.mu.Unlock()
	return len(k.cache.young) + len(k.cache.old)
}

// OpenKeysetFile reads and unlocks an unencrypted keyset file from bytes, and
// says how many keys it has.
func OpenKeysetFile(raw []byte) (int, error) {
	f, err := parseKeysetFile(raw)
	if err != nil || f.Locked != LockedNot {
		return 0, err
	}
	ring, err := new(locker).unlock(f)
	if err != nil {
		return 0, err
	}
	return len(ring.ids), nil
}

// UnlockBytes unlocks keyset bytes that no file vouches for.
func UnlockBytes(b []byte) error {
	_, err := new(locker).unlock(keysetFile{Locked: LockedNot, Keyset: b})
	return err
}
