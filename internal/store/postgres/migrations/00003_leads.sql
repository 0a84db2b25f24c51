-- +goose Up
-- A stay with all that its status on a day follows from. until is the last
-- authorized day after every change, '' if there is none: whoever overstays on
-- a day is a range of admissions_over. changes are those of stay_changes, as
-- JSON, '' for none; port, mode and country are of the entry and the passport.
DROP INDEX IF EXISTS admissions_open;
DROP INDEX IF EXISTS admissions_crossing;
DROP INDEX IF EXISTS admissions_traveler;
ALTER TABLE admissions RENAME TO admissions_2;
CREATE TABLE admissions (
	id TEXT COLLATE "C" PRIMARY KEY, traveler TEXT COLLATE "C" NOT NULL, day TEXT COLLATE "C" NOT NULL, class TEXT COLLATE "C" NOT NULL,
	admit_until TEXT COLLATE "C" NOT NULL, duration_of_status BOOLEAN NOT NULL, parole BOOLEAN NOT NULL, crossing TEXT COLLATE "C" NOT NULL,
	port TEXT COLLATE "C" NOT NULL, mode TEXT COLLATE "C" NOT NULL, country TEXT COLLATE "C" NOT NULL, changes TEXT COLLATE "C" NOT NULL, until TEXT COLLATE "C" NOT NULL,
	closed TEXT COLLATE "C" NOT NULL, closed_by TEXT COLLATE "C" NOT NULL
);
INSERT INTO admissions SELECT id, traveler, day, class, admit_until, duration_of_status, FALSE, crossing, '', '', '', '', admit_until, closed, closed_by FROM admissions_2;
DROP TABLE admissions_2;
-- One index for a traveler's stays, and for that only one of them is open.
CREATE UNIQUE INDEX admissions_traveler ON admissions (traveler, (CASE WHEN closed = '' THEN '' ELSE id END));
CREATE INDEX admissions_over ON admissions (until, id) WHERE closed = '' AND until <> '';
-- What changed a stay: one record each, for good. detail is the change as JSON,
-- corrects the record in whose place it stands, void that nothing does.
CREATE TABLE stay_changes (
	id TEXT COLLATE "C" PRIMARY KEY, admission TEXT COLLATE "C" NOT NULL, traveler TEXT COLLATE "C" NOT NULL REFERENCES travelers (id), kind TEXT COLLATE "C" NOT NULL, day TEXT COLLATE "C" NOT NULL,
	corrects TEXT COLLATE "C" NOT NULL, void BOOLEAN NOT NULL, detail TEXT COLLATE "C" NOT NULL, recorded BIGINT NOT NULL
);
CREATE INDEX stay_changes_admission ON stay_changes (admission, recorded);
CREATE INDEX stay_changes_traveler ON stay_changes (traveler);
-- Leads: cleared is 0 while one is open. evidence is JSON without names. compared
-- says when an unmatched departure was compared with the arrivals. said is who
-- cleared it and why, sealed with the traveler's key.
DROP INDEX IF EXISTS leads_traveler;
ALTER TABLE leads RENAME TO leads_2;
CREATE TABLE leads (
	id TEXT COLLATE "C" PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, traveler TEXT COLLATE "C" NOT NULL REFERENCES travelers (id), admission TEXT COLLATE "C" NOT NULL,
	crossing TEXT COLLATE "C" NOT NULL, until TEXT COLLATE "C" NOT NULL, days BIGINT NOT NULL, day TEXT COLLATE "C" NOT NULL, port TEXT COLLATE "C" NOT NULL, change TEXT COLLATE "C" NOT NULL,
	raised BIGINT NOT NULL, evidence TEXT COLLATE "C" NOT NULL, compared BIGINT NOT NULL,
	cleared BIGINT NOT NULL, how TEXT COLLATE "C" NOT NULL, found TEXT COLLATE "C" NOT NULL, cleared_by TEXT COLLATE "C" NOT NULL, said BYTEA NOT NULL
);
INSERT INTO leads SELECT id, kind, traveler, admission, crossing, '', days, day, '', '', 0, '', 0, 0, '', '', '', ''::bytea FROM leads_2;
DROP TABLE leads_2;
CREATE INDEX leads_traveler ON leads (traveler);
CREATE INDEX leads_admission ON leads (admission) WHERE admission <> '';
CREATE INDEX leads_crossing ON leads (crossing) WHERE crossing <> '';
CREATE INDEX leads_open ON leads (kind, day, id) WHERE cleared = 0;
CREATE INDEX leads_cleared ON leads (kind, day, id) WHERE cleared <> 0;
CREATE INDEX leads_compare ON leads (id) WHERE kind = 'unmatched-departure' AND cleared = 0 AND compared = 0;
-- Whom the evidence on a lead names: to take them out when they are erased.
CREATE TABLE lead_candidates (lead TEXT COLLATE "C" NOT NULL, traveler TEXT COLLATE "C" NOT NULL, PRIMARY KEY (lead, traveler));
CREATE INDEX lead_candidates_traveler ON lead_candidates (traveler);
-- The country of citizenship by which a passenger was put in scope: departures are
-- counted by it. The default is for the rows that are there.
ALTER TABLE passengers ADD COLUMN country TEXT COLLATE "C" NOT NULL DEFAULT '';
-- Under what a traveler may be found who comes with another document: keyed
-- digests of linkage.Keys. A citizen has none.
CREATE TABLE link_keys (digest BYTEA NOT NULL, traveler TEXT COLLATE "C" NOT NULL REFERENCES travelers (id), PRIMARY KEY (digest, traveler));
CREATE INDEX link_keys_traveler ON link_keys (traveler);
-- What was done to travelers' files: merges, splits, and what undid them
-- (undoes). said is who did it and why, sealed with the kept traveler's key. Of an
-- erased traveler kept and other have a stand-in, which is no traveler's id.
CREATE TABLE file_records (
	id TEXT COLLATE "C" PRIMARY KEY, kind TEXT COLLATE "C" NOT NULL, kept TEXT COLLATE "C" NOT NULL, other TEXT COLLATE "C" NOT NULL,
	undoes TEXT COLLATE "C" NOT NULL, crossing TEXT COLLATE "C" NOT NULL, rule TEXT COLLATE "C" NOT NULL, detail TEXT COLLATE "C" NOT NULL, said BYTEA NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX file_records_kept ON file_records (kept);
CREATE INDEX file_records_other ON file_records (other);

-- +goose Down
DROP TABLE file_records; DROP TABLE link_keys; DROP TABLE lead_candidates; DROP TABLE stay_changes;
