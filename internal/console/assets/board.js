// Keeps the voyage board up to date from the server's event stream. What to
// show comes ready from the server; here it is put in place. Rows are changed,
// not replaced, so that a reader's place is kept.
"use strict";

const byId = (id) => document.getElementById(id);
const body = byId("voyages");
const silence = 40000; // ms; the server gives a sign of life every 15 s
let failures = 0;
let heard = new Date(); // when the counts on the page were right

function say(text, lost) {
  const state = byId("state");
  if (state.textContent !== text) state.textContent = text; // each change is read out
  state.classList.toggle("lost", lost);
}

function fill(root, values) {
  for (const el of root.querySelectorAll("[data-text]")) {
    const text = String(values[el.dataset.text]);
    if (el.textContent !== text) el.textContent = text;
  }
}

function fillRow(tr, v) {
  fill(tr, v);
  tr.classList.toggle("attention", v.notice !== "");
  tr.classList.toggle("closed", v.closed);
  const bar = tr.querySelector("progress");
  bar.max = Math.max(v.passengers, 1);
  bar.value = v.crossed;
}

function newRow(v) {
  const tr = byId("row").content.firstElementChild.cloneNode(true);
  tr.id = "v-" + v.id;
  return tr;
}

function showVoyages(voyages) {
  const rows = new Map([...body.children].map((tr) => [tr.id, tr]));
  const wanted = voyages.map((v) => {
    const tr = rows.get("v-" + v.id) || newRow(v);
    rows.delete(tr.id);
    fillRow(tr, v);
    return tr;
  });
  for (const tr of rows.values()) tr.remove();
  wanted.forEach((tr, i) => {
    if (body.children[i] !== tr) body.insertBefore(tr, body.children[i] || null);
  });
  byId("empty").hidden = voyages.length > 0;
  body.parentElement.hidden = voyages.length === 0;
}

function showAttention(headline, flagged) {
  if (byId("headline").textContent !== headline) byId("headline").textContent = headline;
  byId("attention").classList.toggle("attention", flagged.length > 0);
  const list = byId("flagged");
  if ([...list.children].map((li) => li.textContent).join() === flagged.join()) return; // keeps the focus on a link
  list.replaceChildren(...flagged.map((id) => {
    const a = document.createElement("a");
    a.href = "#" + encodeURIComponent("v-" + id);
    a.textContent = id;
    const li = document.createElement("li");
    li.append(a);
    return li;
  }));
}

function show(data) {
  if (data.version !== document.body.dataset.version) {
    location.reload(); // the server was updated
    return;
  }
  showAttention(data.headline, data.flagged);
  fill(byId("total"), data.total);
  showVoyages(data.voyages);
}

// connect opens the stream, and again another one when it ends, whatever the
// reason: EventSource alone gives up on an error status and never notices
// silence. The first failure is retried at once and without a word, as streams
// end by plan.
let events;
let timer; // of silence while the stream is open, of the next try while not

function connect() {
  events = new EventSource("/board/events");
  events.onmessage = (e) => {
    alive();
    failures = 0;
    show(JSON.parse(e.data));
    say("Live", false);
  };
  events.addEventListener("alive", alive);
  events.onerror = again;
  listen();
}

function listen() {
  clearTimeout(timer);
  timer = setTimeout(() => { failures++; again(); }, silence);
}

function alive() {
  heard = new Date();
  listen();
}

function leave() {
  clearTimeout(timer);
  events.close();
}

function again() {
  leave();
  if (failures++ > 0) say(`Connection lost. Counts are from ${heard.toLocaleTimeString("en-GB")}. Trying again…`, true);
  timer = setTimeout(connect, failures > 1 ? 1000 + 2000 * Math.random() : 200 * Math.random());
}

say("Connecting…", false);
connect();
// A page that the browser keeps for the way back must not hold its stream.
addEventListener("pagehide", leave);
addEventListener("pageshow", (e) => { if (e.persisted) connect(); });
