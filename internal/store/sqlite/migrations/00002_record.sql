-- +goose Up
-- Times are microseconds UTC, days are ISO 8601 text, ids are text. No clock
-- and no default in the database: what is written is what the program said.
-- key_id names the data key, kept elsewhere, that opens the sealed columns of a
-- row. class and due say when a row must be gone.
CREATE TABLE api_keys (
	id TEXT PRIMARY KEY, hash BLOB NOT NULL, role TEXT NOT NULL, port TEXT NOT NULL, point TEXT NOT NULL,
	carrier TEXT NOT NULL, label TEXT NOT NULL, created BIGINT NOT NULL, revoked BIGINT NOT NULL
);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
-- person is sealed: name, birth date, sex, nationality.
CREATE TABLE travelers (
	id TEXT PRIMARY KEY, key_id TEXT NOT NULL, person BLOB NOT NULL, created BIGINT NOT NULL,
	class TEXT NOT NULL, due BIGINT NOT NULL
);
CREATE INDEX travelers_due ON travelers (due);
-- A document is found by a keyed digest of issuer, type and number.
CREATE TABLE documents (digest BLOB PRIMARY KEY, traveler TEXT NOT NULL REFERENCES travelers (id));
CREATE INDEX documents_traveler ON documents (traveler);
CREATE TABLE voyages (
	id TEXT PRIMARY KEY, direction TEXT NOT NULL, port TEXT NOT NULL, carrier TEXT NOT NULL, legs TEXT NOT NULL,
	day TEXT NOT NULL, ends BIGINT NOT NULL, closed BIGINT NOT NULL
);
CREATE INDEX voyages_ends ON voyages (ends);
CREATE TABLE manifests (
	sender TEXT NOT NULL, reference TEXT NOT NULL, voyage TEXT NOT NULL REFERENCES voyages (id),
	digest BLOB NOT NULL, received BIGINT NOT NULL,
	PRIMARY KEY (sender, reference, voyage)
);
-- listed is sealed: what the carrier says of the person and the documents.
CREATE TABLE passengers (
	id TEXT PRIMARY KEY, voyage TEXT NOT NULL REFERENCES voyages (id), position INTEGER NOT NULL,
	traveler TEXT NOT NULL REFERENCES travelers (id), key_id TEXT NOT NULL, listed BLOB NOT NULL, removed BIGINT NOT NULL,
	scope TEXT NOT NULL, answer TEXT NOT NULL, readiness TEXT NOT NULL, class TEXT NOT NULL, due BIGINT NOT NULL
);
CREATE INDEX passengers_voyage ON passengers (voyage, position);
CREATE INDEX passengers_traveler ON passengers (traveler, voyage);
CREATE INDEX passengers_due ON passengers (due);
-- An image and a template, sealed under the data key of their subject and class.
-- A condemned item is not read any more; it goes when its key is destroyed.
CREATE TABLE sealed (
	id TEXT PRIMARY KEY, key_id TEXT NOT NULL, subject TEXT NOT NULL, class TEXT NOT NULL, due BIGINT NOT NULL,
	image BLOB NOT NULL, template BLOB NOT NULL, model TEXT NOT NULL, condemned BOOLEAN NOT NULL
);
CREATE INDEX sealed_due ON sealed (due);
CREATE INDEX sealed_subject ON sealed (subject);
CREATE INDEX sealed_key ON sealed (key_id);
-- Data keys to destroy: written by the transaction that decides it, removed with
-- the rows that the key opened once it is destroyed, so that a crash in between
-- forgets none.
CREATE TABLE erasures (
	key_id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, class TEXT NOT NULL, cause TEXT NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX erasures_subject ON erasures (subject);
CREATE TABLE holds (
	id TEXT PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, owner TEXT NOT NULL, reason TEXT NOT NULL,
	placed BIGINT NOT NULL, until BIGINT NOT NULL, lifted BIGINT NOT NULL, lifted_by TEXT NOT NULL
);
CREATE TABLE reference_items (
	id TEXT PRIMARY KEY, passenger TEXT NOT NULL REFERENCES passengers (id), source TEXT NOT NULL,
	readiness TEXT NOT NULL, model TEXT NOT NULL, quality TEXT NOT NULL, item TEXT NOT NULL, created BIGINT NOT NULL
);
CREATE INDEX reference_items_passenger ON reference_items (passenger);
CREATE INDEX reference_items_item ON reference_items (item);
CREATE TABLE encounters (
	id TEXT PRIMARY KEY, voyage TEXT NOT NULL REFERENCES voyages (id), point TEXT NOT NULL, port TEXT NOT NULL,
	direction TEXT NOT NULL, opened BIGINT NOT NULL, opted_out BIGINT NOT NULL, decision TEXT NOT NULL,
	key_id TEXT NOT NULL, class TEXT NOT NULL, due BIGINT NOT NULL
);
CREATE INDEX encounters_voyage ON encounters (voyage);
CREATE INDEX encounters_waiting ON encounters (opened) WHERE decision = '';
CREATE INDEX encounters_due ON encounters (due);
CREATE TABLE captures (
	id TEXT NOT NULL, encounter TEXT NOT NULL REFERENCES encounters (id), digest BLOB NOT NULL, received BIGINT NOT NULL,
	attempt INTEGER NOT NULL, action TEXT NOT NULL, advice TEXT NOT NULL, reasons TEXT NOT NULL, passenger TEXT NOT NULL,
	model TEXT NOT NULL, gallery_size INTEGER NOT NULL, threshold DOUBLE PRECISION NOT NULL, candidates TEXT NOT NULL,
	attack_score DOUBLE PRECISION NOT NULL, quality TEXT NOT NULL, acceptable BOOLEAN NOT NULL, item TEXT NOT NULL,
	PRIMARY KEY (id, received)
);
CREATE INDEX captures_encounter ON captures (encounter, attempt);
CREATE INDEX captures_item ON captures (item);
-- said is sealed with the encounter's key: the officer's name and reason.
CREATE TABLE decisions (
	id TEXT PRIMARY KEY, encounter TEXT NOT NULL REFERENCES encounters (id), passenger TEXT NOT NULL, outcome TEXT NOT NULL,
	rule TEXT NOT NULL, said BLOB NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX decisions_encounter ON decisions (encounter);
-- No foreign keys where crossings are written: each would be looked up and
-- locked again for each row. The one writer has just read what they name, and
-- limen store check looks at all of them.
CREATE TABLE crossings (
	id TEXT NOT NULL, traveler TEXT NOT NULL, voyage TEXT NOT NULL,
	passenger TEXT NOT NULL, direction TEXT NOT NULL, port TEXT NOT NULL, point TEXT NOT NULL,
	day TEXT NOT NULL, at BIGINT NOT NULL, confirmation TEXT NOT NULL, capture TEXT NOT NULL,
	decision TEXT NOT NULL, corrects TEXT NOT NULL, recorded_late BOOLEAN NOT NULL, void BOOLEAN NOT NULL,
	class TEXT NOT NULL, due BIGINT NOT NULL,
	PRIMARY KEY (id, at)
) WITHOUT ROWID;
CREATE INDEX crossings_traveler ON crossings (traveler, at);
CREATE INDEX crossings_due ON crossings (due);
CREATE INDEX crossings_corrects ON crossings (corrects) WHERE corrects <> '';
-- What only one crossing may have: its capture; its traveler on its voyage in
-- its direction.
CREATE TABLE crossing_once (key TEXT PRIMARY KEY, crossing TEXT NOT NULL, at BIGINT NOT NULL) WITHOUT ROWID;
CREATE TABLE admissions (
	id TEXT PRIMARY KEY, traveler TEXT NOT NULL, day TEXT NOT NULL, class TEXT NOT NULL,
	admit_until TEXT NOT NULL, duration_of_status BOOLEAN NOT NULL, crossing TEXT NOT NULL,
	closed TEXT NOT NULL, closed_by TEXT NOT NULL
);
CREATE UNIQUE INDEX admissions_open ON admissions (traveler) WHERE closed = '';
CREATE INDEX admissions_crossing ON admissions (crossing);
CREATE TABLE leads (
	id TEXT PRIMARY KEY, kind TEXT NOT NULL, traveler TEXT NOT NULL REFERENCES travelers (id), admission TEXT NOT NULL,
	crossing TEXT NOT NULL, days INTEGER NOT NULL, day TEXT NOT NULL
);
CREATE INDEX leads_traveler ON leads (traveler);
-- The audit log. leaf and hashes are for good; what follows opens the leaf's
-- commitment and may be erased. detail is sealed if it has a key_id.
CREATE TABLE audit (
	seq BIGINT NOT NULL, leaf BLOB NOT NULL, hashes BLOB NOT NULL, at BIGINT NOT NULL, actor TEXT NOT NULL, action TEXT NOT NULL,
	subject TEXT NOT NULL, purpose TEXT NOT NULL, detail BLOB NOT NULL, key_id TEXT NOT NULL, owner TEXT NOT NULL,
	salt BLOB NOT NULL, due BIGINT NOT NULL,
	PRIMARY KEY (seq, at)
) WITHOUT ROWID;
CREATE INDEX audit_subject ON audit (subject);
CREATE INDEX audit_due ON audit (due) WHERE due <> 0;
CREATE TABLE checkpoints (size BIGINT PRIMARY KEY, at BIGINT NOT NULL, note BLOB NOT NULL);
CREATE TABLE outbox (seq BIGINT PRIMARY KEY, topic TEXT NOT NULL, key TEXT NOT NULL, at BIGINT NOT NULL) WITHOUT ROWID;
-- One row: how many leaves and announcements there are.
CREATE TABLE log_head (size BIGINT NOT NULL, outbox BIGINT NOT NULL);
INSERT INTO log_head (size, outbox) VALUES (0, 0);

-- +goose Down
DROP TABLE log_head; DROP TABLE outbox; DROP TABLE checkpoints; DROP TABLE audit; DROP TABLE leads; DROP TABLE admissions;
DROP TABLE crossing_once; DROP TABLE crossings; DROP TABLE decisions; DROP TABLE captures; DROP TABLE encounters; DROP TABLE reference_items;
DROP TABLE holds; DROP TABLE erasures; DROP TABLE sealed; DROP TABLE passengers; DROP TABLE manifests; DROP TABLE voyages; DROP TABLE documents;
DROP TABLE travelers; DROP TABLE settings; DROP TABLE api_keys;
