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
	id TEXT PRIMARY KEY, traveler TEXT NOT NULL, day TEXT NOT NULL, class TEXT NOT NULL,
	admit_until TEXT NOT NULL, duration_of_status BOOLEAN NOT NULL, parole BOOLEAN NOT NULL, crossing TEXT NOT NULL,
	port TEXT NOT NULL, mode TEXT NOT NULL, country TEXT NOT NULL, changes TEXT NOT NULL, until TEXT NOT NULL,
	closed TEXT NOT NULL, closed_by TEXT NOT NULL
);
INSERT INTO admissions SELECT id, traveler, day, class, admit_until, duration_of_status, FALSE, crossing, '', '', '', '', admit_until, closed, closed_by FROM admissions_2;
DROP TABLE admissions_2;
-- One index for a traveler's stays, and for that only one of them is open.
CREATE UNIQUE INDEX admissions_traveler ON admissions (traveler, (CASE WHEN closed = '' THEN '' ELSE id END));
CREATE INDEX admissions_over ON admissions (until, id) WHERE closed = '' AND until <> '';
-- What changed a stay: one record each, for good. detail is the change as JSON,
-- corrects the record in whose place it stands, void that nothing does.
CREATE TABLE stay_changes (
	id TEXT PRIMARY KEY, admission TEXT NOT NULL, traveler TEXT NOT NULL REFERENCES travelers (id), kind TEXT NOT NULL, day TEXT NOT NULL,
	corrects TEXT NOT NULL, void BOOLEAN NOT NULL, detail TEXT NOT NULL, recorded BIGINT NOT NULL
);
CREATE INDEX stay_changes_admission ON stay_changes (admission, recorded);
CREATE INDEX stay_changes_traveler ON stay_changes (traveler);
-- Leads: cleared is 0 while one is open. evidence is JSON without names. compared
-- says when an unmatched departure was compared with the arrivals. said is who
-- cleared it and why, sealed with the traveler's key.
DROP INDEX IF EXISTS leads_traveler;
ALTER TABLE leads RENAME TO leads_2;
CREATE TABLE leads (
	id TEXT PRIMARY KEY, kind TEXT NOT NULL, traveler TEXT NOT NULL REFERENCES travelers (id), admission TEXT NOT NULL,
	crossing TEXT NOT NULL, until TEXT NOT NULL, days INTEGER NOT NULL, day TEXT NOT NULL, port TEXT NOT NULL, change TEXT NOT NULL,
	raised BIGINT NOT NULL, evidence TEXT NOT NULL, compared BIGINT NOT NULL,
	cleared BIGINT NOT NULL, how TEXT NOT NULL, found TEXT NOT NULL, cleared_by TEXT NOT NULL, said BLOB NOT NULL
);
INSERT INTO leads SELECT id, kind, traveler, admission, crossing, '', days, day, '', '', 0, '', 0, 0, '', '', '', x'' FROM leads_2;
DROP TABLE leads_2;
CREATE INDEX leads_traveler ON leads (traveler);
CREATE INDEX leads_admission ON leads (admission) WHERE admission <> '';
CREATE INDEX leads_crossing ON leads (crossing) WHERE crossing <> '';
CREATE INDEX leads_open ON leads (kind, day, id) WHERE cleared = 0;
CREATE INDEX leads_cleared ON leads (kind, day, id) WHERE cleared <> 0;
CREATE INDEX leads_compare ON leads (id) WHERE kind = 'unmatched-departure' AND cleared = 0 AND compared = 0;
-- Whom the evidence on a lead names: to take them out when they are erased.
CREATE TABLE lead_candidates (lead TEXT NOT NULL, traveler TEXT NOT NULL, PRIMARY KEY (lead, traveler)) WITHOUT ROWID;
CREATE INDEX lead_candidates_traveler ON lead_candidates (traveler);
-- The country of citizenship by which a passenger was put in scope: departures are
-- counted by it. The default is for the rows that are there.
ALTER TABLE passengers ADD COLUMN country TEXT NOT NULL DEFAULT '';
-- Under what a traveler may be found who comes with another document: keyed
-- digests of linkage.Keys. A citizen has none.
CREATE TABLE link_keys (digest BLOB NOT NULL, traveler TEXT NOT NULL REFERENCES travelers (id), PRIMARY KEY (digest, traveler)) WITHOUT ROWID;
CREATE INDEX link_keys_traveler ON link_keys (traveler);
-- What was done to travelers' files: merges, splits, and what undid them
-- (undoes). said is who did it and why, sealed with the kept traveler's key. Of an
-- erased traveler kept and other have a stand-in, which is no traveler's id.
CREATE TABLE file_records (
	id TEXT PRIMARY KEY, kind TEXT NOT NULL, kept TEXT NOT NULL, other TEXT NOT NULL,
	undoes TEXT NOT NULL, crossing TEXT NOT NULL, rule TEXT NOT NULL, detail TEXT NOT NULL, said BLOB NOT NULL, at BIGINT NOT NULL
);
CREATE INDEX file_records_kept ON file_records (kept);
CREATE INDEX file_records_other ON file_records (other);

-- +goose Down
DROP TABLE file_records; DROP TABLE link_keys; DROP TABLE lead_candidates; DROP TABLE stay_changes;
