package check

// rule is an invariant that one query can check: it returns the ids of what
// violates it.
type rule struct{ name, says, query string }

// rules runs the queries of all tables of rules, and what is about totals.
func (c *checker) rules() error {
	var all []rule
	for _, rs := range [][]rule{referenceRules(), crossingRules, onceRules, stayRules, fileRules, decisionRules, itemRules, keyRules} {
		all = append(all, rs...)
	}
	for i, r := range all {
		c.o.Progress("rules", int64(i), int64(len(all)))
		if err := c.ids(r.name, r.says, r.query); err != nil {
			return err
		}
	}
	c.count("rules asked of all rows", int64(len(all)))
	for _, table := range []string{"crossings", "outbox", "crossing_once", "admissions", "stay_changes", "leads", "file_records", "link_keys", "encounters", "captures", "decisions", "sealed",
		"reference_items", "passengers", "travelers", "erasures"} {
		n, err := c.number(`SELECT count(*) FROM ` + table)
		if err != nil {
			return err
		}
		c.count("rows of "+table, n)
	}
	return c.totals()
}

// erased says that the log proves an erasure about an id.
func erased(id string) string {
	return `EXISTS (SELECT 1 FROM audit z WHERE z.subject = ` + id + ` AND z.action = 'erasure')`
}

// voided says that a correction voids the crossing x.
const voided = `EXISTS (SELECT 1 FROM crossings v WHERE v.corrects = x.id AND v.corrects <> '' AND v.void)`

var crossingRules = []rule{
	{"crossing-unique", "there are two crossings with this id", `SELECT id FROM crossings GROUP BY id HAVING count(*) > 1`},
	{"crossing-leaf", "the crossing has no leaf in the audit log",
		`SELECT x.id FROM crossings x LEFT JOIN audit a ON a.subject = x.id AND a.action = 'crossing' WHERE a.seq IS NULL`},
	{"crossing-leaf", "the crossing has more than one leaf in the audit log",
		`SELECT subject FROM audit WHERE action = 'crossing' AND subject <> '' GROUP BY subject HAVING count(*) > 1`},
	{"leaf-crossing", "a leaf speaks of this crossing, which is not there and was not erased by rule",
		`SELECT a.subject FROM audit a LEFT JOIN crossings x ON x.id = a.subject
		WHERE a.action = 'crossing' AND a.subject <> '' AND x.id IS NULL AND NOT ` + erased("a.subject")},
	{"crossing-outbox", "the crossing has not exactly one row in the outbox",
		`SELECT x.id FROM crossings x LEFT JOIN outbox o ON o.key = x.id AND o.topic = 'crossing' GROUP BY x.id HAVING count(o.seq) <> 1`},
	{"outbox-crossing", "the outbox announces this crossing, which is not there",
		`SELECT o.key FROM outbox o LEFT JOIN crossings x ON x.id = o.key WHERE o.topic = 'crossing' AND x.id IS NULL`},
	{"correction", "the correction corrects no crossing of the same traveler",
		`SELECT f.id FROM crossings f LEFT JOIN crossings x ON x.id = f.corrects
		WHERE f.corrects <> '' AND (x.traveler <> f.traveler OR (x.id IS NULL AND NOT ` + erased("f.corrects") + `))`},
	{"correction", "the crossing is void and corrects none", `SELECT id FROM crossings WHERE void AND corrects = ''`},
	{"correction", "the correction has no leaf that says who voided a crossing and why",
		`SELECT f.id FROM crossings f LEFT JOIN audit a ON a.subject = f.id AND a.action = 'correction' WHERE f.void AND a.seq IS NULL`},
	{"correction", "the crossing is voided by two corrections", `SELECT corrects FROM crossings WHERE void GROUP BY corrects HAVING count(*) > 1`},
	{"crossing-decision", "the crossing is not the one that its decision and encounter are about",
		`SELECT x.id FROM crossings x LEFT JOIN decisions d ON d.id = x.decision LEFT JOIN encounters e ON e.id = d.encounter
		WHERE x.corrects = '' AND (d.id IS NULL OR e.id IS NULL OR d.passenger <> x.passenger OR d.outcome NOT IN ('departed', 'admitted', 'entered')
			OR (d.outcome = 'departed') <> (x.direction = 'exit') OR e.voyage <> x.voyage OR e.direction <> x.direction OR e.port <> x.port OR e.point <> x.point)`},
	{"crossing-capture", "the biometric crossing names no capture of its encounter that was confirmed for its passenger",
		`SELECT x.id FROM crossings x LEFT JOIN decisions d ON d.id = x.decision
		LEFT JOIN captures c ON c.id = x.capture AND c.encounter = d.encounter AND c.action = 'confirmed' AND c.passenger = x.passenger
		WHERE x.corrects = '' AND x.confirmation = 'biometric' AND c.id IS NULL`},
	{"crossing-officer", "the manual crossing names a capture, or was decided by no person",
		`SELECT x.id FROM crossings x JOIN decisions d ON d.id = x.decision WHERE x.corrects = '' AND x.confirmation = 'manual' AND (x.capture <> '' OR d.rule <> '')`},
	{"crossing-confirmation", "the crossing does not say how identity was established",
		`SELECT id FROM crossings WHERE confirmation NOT IN ('biometric', 'manual')`},
}

const (
	once        = `'crossing/' || x.voyage || '/' || x.traveler || '/' || x.direction`
	onceCapture = `'capture/' || x.capture`
)

var onceRules = []rule{
	{"once", "the crossing does not hold the key of its traveler, voyage and direction",
		`SELECT x.id FROM crossings x LEFT JOIN crossing_once o ON o.key = ` + once + ` AND o.crossing = x.id AND o.at = x.at
		WHERE x.corrects = '' AND o.key IS NULL AND NOT ` + voided},
	{"once", "the crossing does not hold the key of its capture",
		`SELECT x.id FROM crossings x LEFT JOIN crossing_once o ON o.key = ` + onceCapture + ` AND o.crossing = x.id AND o.at = x.at
		WHERE x.corrects = '' AND x.capture <> '' AND o.key IS NULL`},
	{"once-stray", "a key that only one crossing may have is held for this crossing, which is not there or not its own",
		`SELECT o.crossing FROM crossing_once o LEFT JOIN crossings x ON x.id = o.crossing AND x.at = o.at AND x.corrects = ''
		WHERE x.id IS NULL OR (o.key = ` + once + ` AND ` + voided + `) OR (o.key <> ` + once + ` AND (x.capture = '' OR o.key <> ` + onceCapture + `))`},
	{"crossing-doubled", "a traveler crossed twice in one direction on one voyage",
		`SELECT max(x.id) FROM crossings x WHERE x.corrects = '' AND NOT ` + voided + ` GROUP BY voyage, traveler, direction HAVING count(*) > 1`},
	{"crossing-doubled", "two crossings rest on one capture",
		`SELECT max(id) FROM crossings WHERE corrects = '' AND capture <> '' GROUP BY capture HAVING count(*) > 1`},
}

var stayRules = []rule{
	{"stay-open", "the traveler has more than one open stay", `SELECT traveler FROM admissions WHERE closed = '' GROUP BY traveler HAVING count(*) > 1`},
	{"stay-closed", "the stay is not closed and names what closed it", `SELECT id FROM admissions WHERE closed = '' AND closed_by <> ''`},
	// Whether an exit of another traveler is of the same file, files says.
	{"stay-closed", "the stay was closed by no exit on that day, and not by voiding its entry",
		`SELECT s.id FROM admissions s LEFT JOIN crossings x ON x.id = s.closed_by
		WHERE s.closed_by <> '' AND (NOT (x.direction = 'exit' OR (x.void AND x.corrects = s.crossing))
			OR (x.day <> s.closed AND NOT (x.day < s.day AND s.closed = s.day)) OR (x.id IS NULL AND NOT ` + erased("s.closed_by") + `))`},
	{"stay-closed", "the crossing closed more than one stay", `SELECT closed_by FROM admissions WHERE closed_by <> '' GROUP BY closed_by HAVING count(*) > 1`},
	{"stay-days", "the stay ends before it begins, or has not exactly one of a date and D/S",
		`SELECT id FROM admissions WHERE (closed <> '' AND closed < day) OR duration_of_status = (admit_until <> '') OR (admit_until <> '' AND admit_until < day)`},
	{"stay-entry", "the stay was granted at no entry of its traveler",
		`SELECT s.id FROM admissions s LEFT JOIN crossings x ON x.id = s.crossing
		WHERE s.crossing <> '' AND (x.traveler <> s.traveler OR x.direction <> 'entry' OR (x.id IS NULL AND NOT ` + erased("s.crossing") + `))`},
	{"exit-stay", "the exit of a nonimmigrant neither closed a stay nor left a lead",
		`SELECT x.id FROM crossings x LEFT JOIN admissions s ON s.closed_by = x.id LEFT JOIN leads l ON l.crossing = x.id LEFT JOIN crossings f ON f.corrects = x.id
		WHERE x.corrects = '' AND x.direction = 'exit' AND x.class = 'crossing-nonimmigrant' AND s.id IS NULL AND l.id IS NULL AND f.id IS NULL`},
	{"entry-stay", "the crossing of somebody who was admitted opened no stay",
		`SELECT x.id FROM crossings x JOIN decisions d ON d.id = x.decision LEFT JOIN admissions s ON s.crossing = x.id LEFT JOIN crossings f ON f.corrects = x.id
		WHERE x.corrects = '' AND d.outcome = 'admitted' AND s.id IS NULL AND f.id IS NULL`},
}

var decisionRules = []rule{
	{"encounter-decision", "the encounter was ended by a decision that is not there or not its own",
		`SELECT e.id FROM encounters e LEFT JOIN decisions d ON d.id = e.decision AND d.encounter = e.id WHERE e.decision <> '' AND d.id IS NULL`},
	{"decision-encounter", "the decision is not the one that ended its encounter",
		`SELECT d.id FROM decisions d LEFT JOIN encounters e ON e.id = d.encounter AND e.decision = d.id WHERE e.id IS NULL`},
	{"decision-rule", "the decision was made by a rule that decides nothing of this kind",
		`SELECT d.id FROM decisions d JOIN encounters e ON e.id = d.encounter
		WHERE d.rule <> '' AND (d.rule <> 'exit-confirmed' OR d.outcome <> 'departed' OR e.direction <> 'exit')`},
	{"decision-leaf", "the decision has not exactly one leaf in the audit log",
		`SELECT d.id FROM decisions d LEFT JOIN audit a ON a.subject = d.id AND a.action = 'decision' GROUP BY d.id HAVING count(a.seq) <> 1`},
	{"leaf-decision", "a leaf speaks of this decision, which is not there, and its encounter was not erased",
		`SELECT a.subject FROM audit a LEFT JOIN decisions d ON d.id = a.subject LEFT JOIN encounters e ON e.id = a.owner
		WHERE a.action = 'decision' AND a.subject <> '' AND d.id IS NULL AND (e.id IS NOT NULL OR NOT ` + erased("a.owner") + `)`},
	{"capture-unique", "there are two captures with this id", `SELECT id FROM captures GROUP BY id HAVING count(*) > 1`},
	{"capture-attempt", "the encounter has two captures of one attempt", `SELECT encounter FROM captures GROUP BY encounter, attempt HAVING count(*) > 1`},
	{"capture-undecided", "the capture confirmed an exit, and nothing was recorded",
		`SELECT c.id FROM captures c JOIN encounters e ON e.id = c.encounter WHERE c.action = 'confirmed' AND e.direction = 'exit' AND e.decision = ''`},
}

var itemRules = []rule{
	{"capture-item", "the capture names a sealed item that is not its own",
		`SELECT c.id FROM captures c LEFT JOIN sealed s ON s.id = c.item AND s.subject = c.encounter AND NOT s.condemned WHERE c.item <> '' AND s.id IS NULL`},
	{"reference-item", "the reference names a sealed item that is not its own",
		`SELECT r.id FROM reference_items r LEFT JOIN sealed s ON s.id = r.item AND s.subject = r.passenger AND NOT s.condemned WHERE r.item <> '' AND s.id IS NULL`},
	{"item-owner", "the sealed item belongs to no capture or reference, or to several",
		`SELECT s.id FROM sealed s LEFT JOIN captures c ON c.item = s.id LEFT JOIN reference_items r ON r.item = s.id
		WHERE NOT s.condemned GROUP BY s.id HAVING count(c.id) + count(r.id) <> 1`},
	{"item-condemned", "the sealed item is condemned, and its key is not noted for destruction",
		`SELECT s.id FROM sealed s LEFT JOIN erasures e ON e.key_id = s.key_id AND e.kind = 'items' WHERE s.condemned AND e.key_id IS NULL`},
	{"item-condemned", "the key of the sealed item is noted for destruction, and the item is not condemned",
		`SELECT s.id FROM sealed s JOIN erasures e ON e.key_id = s.key_id WHERE NOT s.condemned`},
	{"item-citizen", "the sealed item is of a citizen, or of an exempt traveler, who has crossed",
		`SELECT s.id FROM sealed s JOIN passengers p ON p.id = s.subject JOIN crossings x ON x.passenger = p.id WHERE p.scope IN ('not_in_scope', 'exempt') AND NOT s.condemned
		UNION SELECT s.id FROM sealed s JOIN decisions d ON d.encounter = s.subject JOIN passengers p ON p.id = d.passenger JOIN crossings x ON x.decision = d.id
		WHERE p.scope IN ('not_in_scope', 'exempt') AND NOT s.condemned`},
}

var keyRules = []rule{
	{"erasure-note", "this data key is noted for destruction, and nothing is sealed under it",
		`SELECT n.key_id FROM erasures n LEFT JOIN sealed s ON s.key_id = n.key_id LEFT JOIN encounters e ON e.key_id = n.key_id
		LEFT JOIN passengers p ON p.key_id = n.key_id LEFT JOIN travelers t ON t.key_id = n.key_id
		WHERE n.kind <> 'resealed' AND s.id IS NULL AND e.id IS NULL AND p.id IS NULL AND t.id IS NULL`},
	{"key-shared", "one data key opens what is of two",
		`SELECT key_id FROM (SELECT key_id FROM travelers UNION ALL SELECT key_id FROM passengers UNION ALL SELECT key_id FROM encounters
		UNION ALL SELECT key_id FROM (SELECT DISTINCT key_id, subject, class FROM sealed) s) k GROUP BY key_id HAVING count(*) > 1`},
	{"api-key", "the audit log does not say who issued this API key",
		`SELECT k.id FROM api_keys k LEFT JOIN audit a ON a.subject = k.id AND a.action = 'key-issued' WHERE a.seq IS NULL`},
	{"api-key", "the audit log says that this API key was revoked, and it is valid",
		`SELECT k.id FROM api_keys k JOIN audit a ON a.subject = k.id AND a.action = 'key-revoked' WHERE k.revoked = 0`},
}

// totals checks what no single row shows: that every crossing that was ever
// recorded is there, or proved to be erased.
func (c *checker) totals() error {
	leaves, err := c.number(`SELECT count(*) FROM audit WHERE action = 'crossing'`)
	if err != nil {
		return err
	}
	there, err := c.number(`SELECT count(*) FROM crossings`)
	if err != nil {
		return err
	}
	if leaves != there+c.proved {
		c.violate("crossing-total", "", counted("the log has %d leaves of crossings; %d crossings are there and %d proved to be erased", leaves, there, c.proved))
	}
	last, err := c.number(`SELECT coalesce(max(seq), 0) FROM outbox`)
	if err != nil {
		return err
	}
	if last > c.outbox {
		c.violate("log-head", "outbox", counted("the head says %d announcements, and there is one with number %d", c.outbox, last))
	}
	// One that was decided for a crossing has it, until its time is over.
	return c.ids("decision-crossing", "the decision lets somebody cross, and there is no crossing",
		`SELECT d.id FROM decisions d JOIN encounters e ON e.id = d.encounter LEFT JOIN crossings x ON x.decision = d.id
		WHERE d.outcome IN ('departed', 'admitted', 'entered') AND x.id IS NULL AND e.due > $1`, c.o.Now.UnixMicro())
}
