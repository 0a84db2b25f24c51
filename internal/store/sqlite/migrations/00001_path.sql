-- +goose Up
-- Times are microseconds UTC, days are ISO 8601 text, ids are text. No clock
-- and no default in the database: what is written is what the program said.
CREATE TABLE api_keys (
	id TEXT PRIMARY KEY, hash BLOB NOT NULL, role TEXT NOT NULL, port TEXT NOT NULL, point TEXT NOT NULL,
	carrier TEXT NOT NULL, label TEXT NOT NULL, created BIGINT NOT NULL, revoked BIGINT NOT NULL
);
CREATE TABLE travelers (
	id TEXT PRIMARY KEY, surname TEXT NOT NULL, given_names TEXT NOT NULL, birth_date TEXT NOT NULL,
	sex TEXT NOT NULL, nationality TEXT NOT NULL, created BIGINT NOT NULL
);
CREATE TABLE documents (
	issuer TEXT NOT NULL, type TEXT NOT NULL, number TEXT NOT NULL, expiry TEXT NOT NULL,
	traveler TEXT NOT NULL REFERENCES travelers (id),
	PRIMARY KEY (issuer, type, number)
);
CREATE TABLE voyages (
	id TEXT PRIMARY KEY, direction TEXT NOT NULL, port TEXT NOT NULL, carrier TEXT NOT NULL, legs TEXT NOT NULL,
	day TEXT NOT NULL, ends BIGINT NOT NULL, closed BIGINT NOT NULL
);
CREATE TABLE manifests (
	sender TEXT NOT NULL, reference TEXT NOT NULL, voyage TEXT NOT NULL REFERENCES voyages (id),
	digest BLOB NOT NULL, received BIGINT NOT NULL,
	PRIMARY KEY (sender, reference, voyage)
);
CREATE TABLE passengers (
	id TEXT PRIMARY KEY, voyage TEXT NOT NULL REFERENCES voyages (id), position INTEGER NOT NULL,
	traveler TEXT NOT NULL REFERENCES travelers (id), listed TEXT NOT NULL, removed BIGINT NOT NULL,
	scope TEXT NOT NULL, answer TEXT NOT NULL, readiness TEXT NOT NULL
);
CREATE INDEX passengers_voyage ON passengers (voyage, position);
CREATE INDEX passengers_traveler ON passengers (traveler, voyage);
-- An item that is sealed: its bytes open only with the data key of key_id.
CREATE TABLE sealed (
	key_id TEXT PRIMARY KEY, subject TEXT NOT NULL, class TEXT NOT NULL, due BIGINT NOT NULL,
	image BLOB NOT NULL, template BLOB NOT NULL, model TEXT NOT NULL
);
CREATE INDEX sealed_due ON sealed (due);
CREATE INDEX sealed_subject ON sealed (subject);
-- Data keys to destroy: written with the deletion of their items, removed when
-- they are destroyed, so that a crash in between forgets none.
CREATE TABLE erasures (key_id TEXT PRIMARY KEY, at BIGINT NOT NULL, cause TEXT NOT NULL);
CREATE TABLE reference_items (
	id TEXT PRIMARY KEY, passenger TEXT NOT NULL REFERENCES passengers (id), source TEXT NOT NULL,
	readiness TEXT NOT NULL, model TEXT NOT NULL, quality TEXT NOT NULL, key_id TEXT NOT NULL, created BIGINT NOT NULL
);
CREATE INDEX reference_items_passenger ON reference_items (passenger);
CREATE INDEX reference_items_key ON reference_items (key_id);
CREATE TABLE encounters (
	id TEXT PRIMARY KEY, voyage TEXT NOT NULL REFERENCES voyages (id), point TEXT NOT NULL, port TEXT NOT NULL,
	direction TEXT NOT NULL, opened BIGINT NOT NULL, opted_out BIGINT NOT NULL, decision TEXT NOT NULL
);
CREATE INDEX encounters_voyage ON encounters (voyage);
CREATE INDEX encounters_waiting ON encounters (opened) WHERE decision = '';
CREATE TABLE captures (
	id TEXT PRIMARY KEY, encounter TEXT NOT NULL REFERENCES encounters (id), digest BLOB NOT NULL, received BIGINT NOT NULL,
	attempt INTEGER NOT NULL, action TEXT NOT NULL, advice TEXT NOT NULL, reasons TEXT NOT NULL, passenger TEXT NOT NULL,
	model TEXT NOT NULL, gallery_size INTEGER NOT NULL, threshold REAL NOT NULL, candidates TEXT NOT NULL,
	attack_score REAL NOT NULL, quality TEXT NOT NULL, acceptable INTEGER NOT NULL, key_id TEXT NOT NULL
);
CREATE INDEX captures_encounter ON captures (encounter, attempt);
CREATE INDEX captures_key ON captures (key_id);
CREATE TABLE decisions (
	id TEXT PRIMARY KEY, encounter TEXT NOT NULL REFERENCES encounters (id), passenger TEXT NOT NULL, outcome TEXT NOT NULL,
	rule TEXT NOT NULL, officer TEXT NOT NULL, reason TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE TABLE crossings (
	id TEXT PRIMARY KEY, traveler TEXT NOT NULL REFERENCES travelers (id), voyage TEXT NOT NULL REFERENCES voyages (id),
	passenger TEXT NOT NULL REFERENCES passengers (id), direction TEXT NOT NULL, port TEXT NOT NULL, point TEXT NOT NULL,
	day TEXT NOT NULL, at BIGINT NOT NULL, confirmation TEXT NOT NULL, capture TEXT NOT NULL,
	decision TEXT NOT NULL REFERENCES decisions (id), corrects TEXT NOT NULL, recorded_late INTEGER NOT NULL
);
CREATE UNIQUE INDEX crossings_once ON crossings (voyage, traveler, direction) WHERE corrects = '';
CREATE INDEX crossings_traveler ON crossings (traveler, at);
CREATE TABLE admissions (
	id TEXT PRIMARY KEY, traveler TEXT NOT NULL REFERENCES travelers (id), day TEXT NOT NULL, class TEXT NOT NULL,
	admit_until TEXT NOT NULL, duration_of_status INTEGER NOT NULL, crossing TEXT NOT NULL,
	closed TEXT NOT NULL, closed_by TEXT NOT NULL
);
CREATE UNIQUE INDEX admissions_open ON admissions (traveler) WHERE closed = '';
CREATE INDEX admissions_crossing ON admissions (crossing);
CREATE TABLE leads (
	id TEXT PRIMARY KEY, kind TEXT NOT NULL, traveler TEXT NOT NULL REFERENCES travelers (id), admission TEXT NOT NULL,
	crossing TEXT NOT NULL, days INTEGER NOT NULL, day TEXT NOT NULL
);
CREATE TABLE audit (
	seq INTEGER PRIMARY KEY, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL, subject TEXT NOT NULL, purpose TEXT NOT NULL
);
CREATE TABLE outbox (seq INTEGER PRIMARY KEY, topic TEXT NOT NULL, key TEXT NOT NULL, at BIGINT NOT NULL);

-- +goose Down
DROP TABLE outbox; DROP TABLE audit; DROP TABLE leads; DROP TABLE admissions; DROP TABLE crossings; DROP TABLE decisions;
DROP TABLE captures; DROP TABLE encounters; DROP TABLE reference_items; DROP TABLE erasures; DROP TABLE sealed; DROP TABLE passengers;
DROP TABLE manifests; DROP TABLE voyages; DROP TABLE documents; DROP TABLE travelers; DROP TABLE api_keys;
