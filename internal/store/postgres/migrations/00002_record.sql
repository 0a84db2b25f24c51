-- +goose Up
-- Times are microseconds UTC, days are ISO 8601 text, ids are text. No clock
-- and no default in the database: what is written is what the program said.
-- key_id names the data key, kept elsewhere, that opens the sealed columns of a
-- row. class and due say when a row must be gone.
CREATE TABLE api_keys (
	id TEXT COLLATE "C" PRIMARY KEY, hash BYTEA NOT NULL, role TEXT COLLATE "C" NOT NULL, port TEXT COLLATE "C" NOT NULL, point TEXT COLLATE "C" NOT NULL,
	carrier TEXT COLLATE "C" NOT NULL, label TEXT COLLATE "C" NOT NULL, created BIGINT NOT NULL, revoked BIGINT NOT NULL
);
CREATE TABLE settings (name TEXT COLLATE "C" PRIMARY KEY, value TEXT COLLATE "C" NOT NULL);
-- person is sealed: name, birth date, sex, nationality.
CREATE TABLE travelers (
	id TEXT COLLATE "C" PRIMARY KEY, key_id TEXT COLLATE "C" NOT NULL, person BYTEA NOT NULL, created BIGINT NOT NULL,
	class TEXT COLLATE "C" NOT NULL, due BIGINT NOT NULL
);
CREATE INDEX travelers_due ON travelers (due);
-- A document is found by a keyed digest of issuer, type and number.
CREATE TABLE documents (digest BYTEA PRIMARY KEY, traveler TEXT COLLATE "C" NOT NULL REFERENCES travelers (id));
CREATE INDEX documents_traveler ON documents (traveler);
CREATE TABLE voyages (
	id TEXT COLLATE "C" PRIMARY KEY, direction TEXT COLLATE "C" NOT NULL, port TEXT COLLATE "C" NOT NULL, carrier TEXT COLLATE "C" NOT NULL, legs TEXT COLLATE "C" NOT NULL,
	day TEXT COLLATE "C" NOT NULL, ends BIGINT NOT NULL, closed BIGINT NOT NULL
);
CREATE INDEX voyages_ends ON voyages (ends);
CREATE TABLE manifests (
	sender TEXT COLLATE "C" NOT NULL, reference TEXT COLLATE "C" NOT NULL, voyage TEXT COLLATE "C" NOT NULL REFERENCES voyages (id),
	digest BYTEA NOT NULL, received BIGINT NOT NULL,
	PRIMARY KEY (sender, reference, voyage)
);
-- listed is sealed: what the carrier says of the person and the documents.
CREATE TABLE passengers (
	id TEXT COLLATE "C" PRIMARY KEY, voyage TEXT COLLATE "C" NOT NULL REFERENCES voyages (id), position BIGINT NOT NULL,
	traveler TEXT COLLATE "C" NOT NULL REFERENCES travelers (id), key_id TEXT COLLATE "C" NOT NULL, listed BYTEA NOT NULL, removed BIGINT NOT NULL,
	scope TEXT COLLATE "C" NOT NULL, answer TEXT COLLATE "C" NOT NULL, readiness TEXT COLLATE "C" NOT NULL, class TEXT COLLATE "C" NOT NULL, due BIGINT NOT NULL
);
CREATE INDEX passengers_voyage ON passengers (voyage, position);
CREATE INDEX passengers_traveler ON passengers (traveler, voyage);
CREATE INDEX passengers_due ON passengers (due);
-- An image and a template, sealed under the data key of their subject and class.
-- A condemned item is not read any more; it goes when its key is destroyed.
CREATE TABLE sealed (
	id TEXT COLLATE "C" PRIMARY KEY, key_id TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, class TEXT COLLATE "C" NOT NULL, due BIGINT NOT NULL,
	image BYTEA NOT NULL, template BYTEA NOT NULL, model TEXT COLLATE "C" NOT NULL, condemned BOOLEAN NOT NULL
);
CREATE INDEX sealed_due ON sealed (due);
CREATE INDEX sealed_subject ON sealed (subject);
CREATE INDEX sealed_key ON sealed (key_id);
-- Data keys to destroy: written by the transaction that decides it, removed with
-- the rows that the key opened once it is destroyed, so that a crash in between
-- forgets none.
CREATE TABLE erasures (
	key_id TEXT COLLATE "C" PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, class TEXT COLLATE "C" NOT NULL, cause TEXT COLLATE "C" NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX erasures_subject ON erasures (subject);
CREATE TABLE holds (
	id TEXT COLLATE "C" PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, subject TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL, reason TEXT COLLATE "C" NOT NULL,
	placed BIGINT NOT NULL, until BIGINT NOT NULL, lifted BIGINT NOT NULL, lifted_by TEXT COLLATE "C" NOT NULL
);
CREATE TABLE reference_items (
	id TEXT COLLATE "C" PRIMARY KEY, passenger TEXT COLLATE "C" NOT NULL REFERENCES passengers (id), source TEXT COLLATE "C" NOT NULL,
	readiness TEXT COLLATE "C" NOT NULL, model TEXT COLLATE "C" NOT NULL, quality TEXT COLLATE "C" NOT NULL, item TEXT COLLATE "C" NOT NULL, created BIGINT NOT NULL
);
CREATE INDEX reference_items_passenger ON reference_items (passenger);
CREATE INDEX reference_items_item ON reference_items (item);
CREATE TABLE encounters (
	id TEXT COLLATE "C" PRIMARY KEY, voyage TEXT COLLATE "C" NOT NULL REFERENCES voyages (id), point TEXT COLLATE "C" NOT NULL, port TEXT COLLATE "C" NOT NULL,
	direction TEXT COLLATE "C" NOT NULL, opened BIGINT NOT NULL, opted_out BIGINT NOT NULL, decision TEXT COLLATE "C" NOT NULL,
	key_id TEXT COLLATE "C" NOT NULL, class TEXT COLLATE "C" NOT NULL, due BIGINT NOT NULL
);
CREATE INDEX encounters_voyage ON encounters (voyage);
CREATE INDEX encounters_waiting ON encounters (opened) WHERE decision = '';
CREATE INDEX encounters_due ON encounters (due);
CREATE TABLE captures (
	id TEXT COLLATE "C" NOT NULL, encounter TEXT COLLATE "C" NOT NULL REFERENCES encounters (id), digest BYTEA NOT NULL, received BIGINT NOT NULL,
	attempt BIGINT NOT NULL, action TEXT COLLATE "C" NOT NULL, advice TEXT COLLATE "C" NOT NULL, reasons TEXT COLLATE "C" NOT NULL, passenger TEXT COLLATE "C" NOT NULL,
	model TEXT COLLATE "C" NOT NULL, gallery_size BIGINT NOT NULL, threshold DOUBLE PRECISION NOT NULL, candidates TEXT COLLATE "C" NOT NULL,
	attack_score DOUBLE PRECISION NOT NULL, quality TEXT COLLATE "C" NOT NULL, acceptable BOOLEAN NOT NULL, item TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (id, received)
) PARTITION BY RANGE (received);
CREATE TABLE captures_default PARTITION OF captures DEFAULT;
CREATE INDEX captures_encounter ON captures (encounter, attempt);
CREATE INDEX captures_item ON captures (item);
-- said is sealed with the encounter's key: the officer's name and reason.
CREATE TABLE decisions (
	id TEXT COLLATE "C" PRIMARY KEY, encounter TEXT COLLATE "C" NOT NULL REFERENCES encounters (id), passenger TEXT COLLATE "C" NOT NULL, outcome TEXT COLLATE "C" NOT NULL,
	rule TEXT COLLATE "C" NOT NULL, said BYTEA NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX decisions_encounter ON decisions (encounter);
-- No foreign keys where crossings are written: each would be looked up and
-- locked again for each row. The one writer has just read what they name, and
-- limen store check looks at all of them.
CREATE TABLE crossings (
	id TEXT COLLATE "C" NOT NULL, traveler TEXT COLLATE "C" NOT NULL, voyage TEXT COLLATE "C" NOT NULL,
	passenger TEXT COLLATE "C" NOT NULL, direction TEXT COLLATE "C" NOT NULL, port TEXT COLLATE "C" NOT NULL, point TEXT COLLATE "C" NOT NULL,
	day TEXT COLLATE "C" NOT NULL, at BIGINT NOT NULL, confirmation TEXT COLLATE "C" NOT NULL, capture TEXT COLLATE "C" NOT NULL,
	decision TEXT COLLATE "C" NOT NULL, corrects TEXT COLLATE "C" NOT NULL, recorded_late BOOLEAN NOT NULL, void BOOLEAN NOT NULL,
	class TEXT COLLATE "C" NOT NULL, due BIGINT NOT NULL,
	PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
CREATE TABLE crossings_default PARTITION OF crossings DEFAULT;
CREATE INDEX crossings_traveler ON crossings (traveler, at);
CREATE INDEX crossings_due ON crossings (due);
CREATE INDEX crossings_corrects ON crossings (corrects) WHERE corrects <> '';
-- What only one crossing may have: its capture; its traveler on its voyage in
-- its direction.
CREATE TABLE crossing_once (key TEXT COLLATE "C" PRIMARY KEY, crossing TEXT COLLATE "C" NOT NULL, at BIGINT NOT NULL);
CREATE TABLE admissions (
	id TEXT COLLATE "C" PRIMARY KEY, traveler TEXT COLLATE "C" NOT NULL, day TEXT COLLATE "C" NOT NULL, class TEXT COLLATE "C" NOT NULL,
	admit_until TEXT COLLATE "C" NOT NULL, duration_of_status BOOLEAN NOT NULL, crossing TEXT COLLATE "C" NOT NULL,
	closed TEXT COLLATE "C" NOT NULL, closed_by TEXT COLLATE "C" NOT NULL
);
CREATE UNIQUE INDEX admissions_open ON admissions (traveler) WHERE closed = '';
CREATE INDEX admissions_crossing ON admissions (crossing);
CREATE TABLE leads (
	id TEXT COLLATE "C" PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, traveler TEXT COLLATE "C" NOT NULL REFERENCES travelers (id), admission TEXT COLLATE "C" NOT NULL,
	crossing TEXT COLLATE "C" NOT NULL, days BIGINT NOT NULL, day TEXT COLLATE "C" NOT NULL
);
CREATE INDEX leads_traveler ON leads (traveler);
-- The audit log. leaf and hashes are for good; what follows opens the leaf's
-- commitment and may be erased. detail is sealed if it has a key_id.
CREATE TABLE audit (
	seq BIGINT NOT NULL, leaf BYTEA NOT NULL, hashes BYTEA NOT NULL, at BIGINT NOT NULL, actor TEXT COLLATE "C" NOT NULL, action TEXT COLLATE "C" NOT NULL,
	subject TEXT COLLATE "C" NOT NULL, purpose TEXT COLLATE "C" NOT NULL, detail BYTEA NOT NULL, key_id TEXT COLLATE "C" NOT NULL, owner TEXT COLLATE "C" NOT NULL,
	salt BYTEA NOT NULL, due BIGINT NOT NULL,
	PRIMARY KEY (seq, at)
) PARTITION BY RANGE (at);
CREATE TABLE audit_default PARTITION OF audit DEFAULT;
CREATE INDEX audit_subject ON audit (subject);
CREATE INDEX audit_due ON audit (due) WHERE due <> 0;
CREATE TABLE checkpoints (size BIGINT PRIMARY KEY, at BIGINT NOT NULL, note BYTEA NOT NULL);
CREATE TABLE outbox (seq BIGINT PRIMARY KEY, topic TEXT COLLATE "C" NOT NULL, key TEXT COLLATE "C" NOT NULL, at BIGINT NOT NULL);
-- One row: how many leaves and announcements there are.
CREATE TABLE log_head (size BIGINT NOT NULL, outbox BIGINT NOT NULL);
INSERT INTO log_head (size, outbox) VALUES (0, 0);

-- +goose Down
DROP TABLE log_head; DROP TABLE outbox; DROP TABLE checkpoints; DROP TABLE audit; DROP TABLE leads; DROP TABLE admissions;
DROP TABLE crossing_once; DROP TABLE crossings; DROP TABLE decisions; DROP TABLE captures; DROP TABLE encounters; DROP TABLE reference_items;
DROP TABLE holds; DROP TABLE erasures; DROP TABLE sealed; DROP TABLE passengers; DROP TABLE manifests; DROP TABLE voyages; DROP TABLE documents;
DROP TABLE travelers; DROP TABLE settings; DROP TABLE api_keys;
