// Keeps the voyage board up to date from the server's event stream. Rows are
// changed in place, so that a reader's focus and place are kept.
"use strict";

const body = document.getElementById("voyages");
const state = document.getElementById("state");
const counts = ["passengers", "ready", "captures", "confirmed", "manual", "opt_outs", "crossed"];
const labels = ["Passengers", "Ready", "Captures", "Confirmed", "To an officer", "Declined", "Crossed"];

function say(text) {
  if (state.textContent !== text) state.textContent = text;
}

function cell(label, count) {
  const td = document.createElement("td");
  td.dataset.label = label;
  if (count) {
    const span = document.createElement("span");
    span.dataset.count = count;
    td.append(span);
  }
  return td;
}

function newRow(v) {
  const tr = document.createElement("tr");
  tr.dataset.voyage = v.id;
  const th = document.createElement("th");
  th.scope = "row";
  th.textContent = v.id;
  const route = cell("Route");
  route.textContent = v.route;
  const where = cell("State");
  const span = document.createElement("span");
  span.className = "state";
  where.append(span, " " + v.direction);
  tr.append(th, route, where);
  counts.forEach((c, i) => tr.append(cell(labels[i], c)));
  tr.lastChild.append(" ", document.createElement("progress"));
  return tr;
}

function fill(root, v) {
  for (const c of counts) {
    const el = root.querySelector(`[data-count="${c}"]`);
    if (el && el.textContent !== String(v[c])) el.textContent = v[c];
  }
}

function show(data) {
  const rows = new Map([...body.children].map((tr) => [tr.dataset.voyage, tr]));
  for (const v of data.voyages) {
    const tr = rows.get(v.id) || newRow(v);
    rows.delete(v.id);
    fill(tr, v);
    tr.classList.toggle("closed", v.closed);
    tr.querySelector(".state").textContent = v.closed ? "Closed" : "Open";
    const bar = tr.querySelector("progress");
    bar.max = Math.max(v.passengers, 1);
    bar.value = v.crossed;
    bar.setAttribute("aria-label", `${v.crossed} of ${v.passengers} crossed`);
    if (tr !== body.children[data.voyages.indexOf(v)]) body.insertBefore(tr, body.children[data.voyages.indexOf(v)] || null);
  }
  for (const tr of rows.values()) tr.remove();
  fill(document.getElementById("total"), data.total);
  document.getElementById("empty").hidden = data.voyages.length > 0;
}

const events = new EventSource("/board/events");
events.onmessage = (e) => { show(JSON.parse(e.data)); say("Live"); };
events.onerror = () => say("Connection lost; trying again…");
