"use strict";
(() => {
  const form = JSON.parse(document.getElementById("form").textContent);
  const records = form.records, ids = records.map((each) => each.record_id);
  const place = new Map(ids.map((id, number) => [id, number]));
  const at = (id) => document.getElementById(id);
  const KEYS = { include: "i", exclude: "e", maybe: "m", not_retrieved: "r" };
  const LABELS = { include: "Include", exclude: "Exclude", maybe: "Maybe", not_retrieved: "Not retrieved" };
  const COLUMNS = ["record_id", "reviewer", "stage", "decision", "reason", "role", "decided_at", "note"];
  const WITHDRAWN = "withdrawn";

  /* ---- votes: what was said of each record, one event after the other; rows are only ever added */
  const said = new Map();       // record id -> [{decision, reason, note, at}]
  const drafts = new Map();     // record id -> a note without a vote yet
  let inFile = 0;               // events that stand in a saved file
  let kept = true;              // whether this browser keeps what is put into it
  const own = "peerreview/" + form.id + "/";

  const eventsOf = (id) => said.get(id) || [];
  const standing = (id) => {
    const last = eventsOf(id).at(-1);
    return last && last.decision !== WITHDRAWN ? last : null;
  };
  const nEvents = () => { let n = 0; said.forEach((each) => { n += each.length; }); return n; };
  const union = (some, more) => {
    const all = new Map();
    [...some, ...more].forEach((each) => all.set([each.at, each.decision, each.reason, each.note].join("\n"), each));
    return [...all.values()].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  };
  const wellFormed = (each) => each && typeof each.at === "string" && typeof each.decision === "string" &&
    typeof each.reason === "string" && typeof each.note === "string";
  function fromStore(id) {
    try {
      const list = JSON.parse(localStorage.getItem(own + "vote/" + id) || "[]");
      return Array.isArray(list) ? list.filter(wellFormed) : [];
    } catch (error) { return []; }
  }
  function keep(key, value) {
    try { localStorage.setItem(own + key, value); return true; } catch (error) { kept = false; return false; }
  }
  function load() {
    try {
      localStorage.setItem(own + "try", "1"); localStorage.removeItem(own + "try");
      inFile = Number(localStorage.getItem(own + "saved")) || 0;
      ids.forEach((id) => {
        const list = fromStore(id);
        if (list.length) { said.set(id, list); }
        const draft = localStorage.getItem(own + "note/" + id);
        if (draft) { drafts.set(id, draft); }
      });
    } catch (error) { kept = false; }
  }
  /* A second window may have written since: what it said stays. */
  function add(id, event) {
    const list = union(eventsOf(id), fromStore(id)), last = list.at(-1);
    let now = new Date();
    if (last && new Date(last.at) >= now) { now = new Date(new Date(last.at).getTime() + 1); }
    list.push({ ...event, at: now.toISOString() });
    said.set(id, list);
    keep("vote/" + id, JSON.stringify(list));
  }

  /* ---- CSV */
  const formula = /^'*[=+\-@\t\r]/, number = /^'*[+-]?[0-9]+([.,][0-9]+)*%?$/;
  const runs = (text) => formula.test(text) && !number.test(text);
  const cell = (text) => {
    const plain = runs(text) ? "'" + text : text;
    return /[",\r\n]/.test(plain) ? '"' + plain.replaceAll('"', '""') + '"' : plain;
  };
  function toCSV() {
    const rows = [];
    said.forEach((list, id) => list.forEach((each) => rows.push([each.at, id, each])));
    rows.sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : place.get(a[1]) - place.get(b[1])));
    const lines = rows.map(([, id, each]) =>
      [id, form.reviewer, form.stage, each.decision, each.reason, "", each.at, each.note].map(cell).join(","));
    return [COLUMNS.join(","), ...lines, ""].join("\n");
  }
  function fromCSV(text) {
    const rows = [[""]], parted = delimiter(text);
    let quoted = false;
    for (let i = text.charCodeAt(0) === 0xfeff ? 1 : 0; i < text.length; i += 1) {
      const sign = text[i], row = rows.at(-1);
      if (quoted) {
        if (sign !== '"') { row[row.length - 1] += sign; }
        else if (text[i + 1] === '"') { row[row.length - 1] += '"'; i += 1; }
        else { quoted = false; }
      } else if (sign === '"' && row.at(-1) === "") { quoted = true; }
      else if (sign === parted) { row.push(""); }
      else if (sign === "\n") { rows.push([""]); }
      else if (sign !== "\r") { row[row.length - 1] += sign; }
    }
    return rows.filter((row) => row.some((each) => each.trim()));
  }
  const delimiter = (text) => { const head = text.slice(0, 200).split("\n")[0]; return head.includes(";") && !head.includes(",") ? ";" : ","; };
  const meant = (text) => (text.startsWith("'") && runs(text.slice(1)) ? text.slice(1) : text);
  function take(text) {
    const [header, ...rows] = fromCSV(text), columns = (header || []).map((each) => each.trim());
    const missing = COLUMNS.slice(0, 4).concat("decided_at").filter((each) => !columns.includes(each));
    if (missing.length) { return "Nothing taken: the file has no column " + missing.join(", ") + "."; }
    const refused = new Map();
    let taken = 0, known = 0;
    const no = (why) => refused.set(why, (refused.get(why) || 0) + 1);
    rows.forEach((cells) => {
      const row = Object.fromEntries(columns.map((column, i) => [column, meant((cells[i] || "").trim())]));
      const time = new Date(row.decided_at);
      if (!place.has(row.record_id)) { no("of records that are not in this form"); }
      else if (row.reviewer !== form.reviewer) { no("by another reviewer"); }
      else if (row.stage !== form.stage) { no("at another stage"); }
      else if (![...form.legal, WITHDRAWN].includes(row.decision)) { no("with a decision that this stage has not"); }
      else if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d/.test(row.decided_at) || Number.isNaN(time.getTime())) { no("without a day and time"); }
      else {
        const event = { decision: row.decision, reason: row.reason || "", note: row.note || "", at: time.toISOString() };
        const before = union(eventsOf(row.record_id), fromStore(row.record_id)), after = union(before, [event]);
        if (after.length === before.length) { known += 1; return; }
        said.set(row.record_id, after); keep("vote/" + row.record_id, JSON.stringify(after)); taken += 1;
      }
    });
    const told = [taken + (taken === 1 ? " vote" : " votes") + " taken"];
    if (known) { told.push(known + " were here already"); }
    refused.forEach((n, why) => told.push(n + " not taken: " + why));
    return told.join("; ") + ".";
  }

  /* ---- what is shown */
  let view = ids.map((_, i) => i), here = 0, undone = [], pending = "", session = [];
  const current = () => (view.length ? records[view[here]] : null);
  const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  const pattern = (words) => words.map((word) => {
    const stem = word.trim().replace(/\*+$/, "");
    return stem ? escaped(stem).replace(/\s+/g, "\\s+") + (word.trim().endsWith("*") ? "[\\p{L}\\p{N}]*" : "(?![\\p{L}\\p{N}])") : "";
  }).filter(Boolean).sort((a, b) => b.length - a.length).join("|");
  const groups = [["for", pattern(form.words.include)], ["against", pattern(form.words.exclude)]].filter((each) => each[1]);
  const marking = groups.length
    ? new RegExp("(?<![\\p{L}\\p{N}])(?:" + groups.map(([name, words]) => "(?<" + name + ">" + words + ")").join("|") + ")", "giu")
    : null;
  function marked(parent, text) {
    parent.textContent = "";
    let from = 0;
    if (marking) {
      for (const found of text.matchAll(marking)) {
        parent.append(text.slice(from, found.index));
        const mark = document.createElement("mark");
        mark.className = found.groups.for === undefined ? "against" : "for";
        mark.textContent = found[0]; parent.append(mark);
        from = found.index + found[0].length;
      }
    }
    parent.append(text.slice(from));
  }
  function anchor(text, address) {
    const link = document.createElement("a");
    link.textContent = text; link.href = address; link.target = "_blank"; link.rel = "noopener noreferrer";
    return link;
  }
  function address(doi) {
    try { return "https://doi.org/" + encodeURI(doi).replace(/[?#]/g, encodeURIComponent); } catch (error) { return ""; }
  }
  function words(event) {
    if (!event) { return "Not judged yet."; }
    const reason = event.reason ? " (" + event.reason + ")" : "";
    return "You said: " + LABELS[event.decision].toLowerCase() + reason + ".";
  }
  function paint(focus) {
    const record = current();
    at("record").hidden = !record;
    at("number").value = record ? here + 1 : 0; at("number").max = view.length;
    at("of").textContent = "of " + view.length.toLocaleString("en");
    at("back").disabled = here < 1; at("next").disabled = here + 1 >= view.length;
    if (record) {
      const event = standing(record.record_id);
      marked(at("title"), record.title || "No title");
      at("source").textContent = [record.authors, record.year, record.journal].filter(Boolean).join(" · ");
      const links = at("links");
      links.textContent = "";
      const doi = record.doi && address(record.doi);
      if (doi) { links.append(anchor("doi.org/" + record.doi, doi)); }
      if (/^https?:\/\//i.test(record.url)) { links.append(doi ? " · " : "", anchor("link in the export", record.url)); }
      marked(at("abstract"), record.abstract || "No abstract in the export.");
      at("abstract").classList.toggle("none", !record.abstract);
      at("ranked").hidden = !record.relevance;
      at("ranked").textContent = "Place and words, by your own votes: " + (record.relevance || "");
      at("note").value = drafts.has(record.record_id) ? drafts.get(record.record_id) : event ? event.note : "";
      at("said").textContent = words(event);
      document.querySelectorAll("#votes button[data-decision]").forEach((button) =>
        button.setAttribute("aria-pressed", String(Boolean(event) && event.decision === button.dataset.decision)));
    }
    at("reasons").hidden = true; pending = "";
    count();
    if (focus && record) { at("title").focus({ preventScroll: true }); window.scrollTo(0, 0); }
  }
  function count() {
    const done = ids.filter((id) => standing(id)), n = done.length;
    at("bar").value = n;
    const parts = [n.toLocaleString("en") + " of " + ids.length.toLocaleString("en") + " judged"];
    form.legal.forEach((decision) => {
      const some = done.filter((id) => standing(id).decision === decision).length;
      if (some) { parts.push(LABELS[decision].toLowerCase() + " " + some.toLocaleString("en")); }
    });
    let minutes = 0;
    session.forEach((time, i) => { if (i) { minutes += Math.min((time - session[i - 1]) / 60000, 5); } });
    if (session.length > 9 && minutes > 1) {
      const pace = (session.length - 1) / minutes * 60;
      parts.push("about " + Math.round(pace) + " an hour" + (n < ids.length ? ", " + Math.ceil((ids.length - n) / pace * 60) + " minutes left" : ""));
    }
    at("progress").textContent = parts.join(" · ");
    const unsaved = nEvents() - inFile, line = at("keeping");
    line.className = kept ? "" : "warn";
    line.textContent = (kept ? "Kept in this browser as you go" : "This browser keeps nothing of this page") +
      (unsaved > 0 ? "; " + unsaved.toLocaleString("en") + (unsaved === 1 ? " vote or change" : " votes or changes") + " not in a saved file yet." + (kept ? "" : " Save the votes before you close it.") : ".");
  }
  const say = (text) => { at("spoken").textContent = text; };
  function filter(stay) {
    const wanted = at("search").value.toLowerCase().split(/\s+/).filter(Boolean), show = at("show").value;
    const before = current();
    view = ids.map((_, i) => i).filter((i) => {
      const record = records[i], event = standing(record.record_id);
      if (show === "left" && event) { return false; }
      if (show === "note" && !(event && event.note) && !drafts.get(record.record_id)) { return false; }
      if (form.legal.includes(show) && !(event && event.decision === show)) { return false; }
      const text = wanted.length ? [record.title, record.authors, record.year, record.journal, record.abstract].join(" ").toLowerCase() : "";
      return wanted.every((word) => text.includes(word));
    });
    here = Math.max(0, before ? view.indexOf(place.get(before.record_id)) : 0);
    paint(!stay);
    say(view.length + " records");
  }
  function go(number) {
    if (!view.length) { return; }
    here = Math.min(Math.max(number, 0), view.length - 1);
    paint(true);
  }
  function onward() {
    if (at("onward").checked) {
      for (let step = 1; step <= view.length; step += 1) {
        const next = (here + step) % view.length;
        if (!standing(ids[view[next]])) { go(next); return; }
      }
    }
    paint(true);
  }
  function vote(decision, reason) {
    const record = current();
    if (!record) { return; }
    if (decision === "exclude" && reason === undefined && form.reasons.length) {
      pending = decision;
      at("reasons").hidden = false;
      at("reasons").querySelector("button").focus();
      say("Reason for exclusion?");
      return;
    }
    const id = record.record_id, before = standing(id), note = at("note").value.trim();
    if (before && before.decision === decision && before.reason === (reason || "") && before.note === note) { onward(); return; }
    add(id, { decision, reason: reason || "", note });
    forget(id);
    undone.push({ id, at: eventsOf(id).at(-1).at, before });
    session.push(Date.now());
    say(LABELS[decision] + (reason ? ", " + reason : ""));
    onward();
  }
  function undo() {
    const last = undone.pop();
    if (!last) { say("Nothing to undo"); return; }
    const newest = union(eventsOf(last.id), fromStore(last.id)).at(-1);
    if (newest.at !== last.at) { say("That record was judged again since; it stays"); return; }
    add(last.id, last.before ? { ...last.before } : { decision: WITHDRAWN, reason: "", note: "" });
    session.pop();
    let where = view.indexOf(place.get(last.id));
    if (where < 0) { at("show").value = ""; at("search").value = ""; view = ids.map((_, i) => i); where = place.get(last.id); }
    go(where);
    say(last.before ? "Vote changed back" : "Vote taken back");
  }
  function forget(id) { drafts.delete(id); try { localStorage.removeItem(own + "note/" + id); } catch (error) { kept = false; } }
  function noted() {
    const record = current(), text = at("note").value;
    if (!record) { return; }
    const event = standing(record.record_id);
    if (text.trim() === (event ? event.note : "")) { forget(record.record_id); count(); return; }
    drafts.set(record.record_id, text); keep("note/" + record.record_id, text);
  }
  /* A changed note of a record that is judged goes with the vote once more. */
  function noteDone() {
    const record = current(), text = at("note").value.trim(), event = record && standing(record.record_id);
    if (!event || text === event.note) { return; }
    add(record.record_id, { decision: event.decision, reason: event.reason, note: text });
    forget(record.record_id); count();
  }
  function save() {
    noteDone();
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([toCSV()], { type: "text/csv;charset=utf-8" }));
    link.download = form.file;
    document.body.append(link); link.click(); link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    inFile = nEvents(); keep("saved", String(inFile));
    count(); say("Saved as " + form.file);
  }

  /* ---- buttons and keys */
  function button(parent, text, key, act) {
    const made = document.createElement("button");
    made.type = "button"; made.append(text);
    if (key) { const sign = document.createElement("kbd"); sign.textContent = key; sign.setAttribute("aria-hidden", "true"); made.append(sign); }
    made.addEventListener("click", act); parent.append(made);
    return made;
  }
  form.legal.forEach((decision) => {
    button(at("votes"), LABELS[decision], KEYS[decision], () => vote(decision)).dataset.decision = decision;
  });
  button(at("votes"), "Undo", "u", undo);
  form.reasons.forEach((reason, i) => button(at("reasons"), reason, i < 9 ? String(i + 1) : "", () => vote("exclude", reason)));
  if (form.reasons.length) {
    if (!form.reason_needed) { button(at("reasons"), "No reason", "0", () => vote("exclude", "")); }
    button(at("reasons"), "Cancel", "Esc", () => { at("reasons").hidden = true; pending = ""; at("title").focus(); });
  }
  const SHOWN = [["", "all"], ["left", "left"], ...form.legal.map((each) => [each, LABELS[each].toLowerCase()]), ["note", "with a note"]];
  SHOWN.forEach(([value, text]) => { const made = document.createElement("option"); made.value = value; made.textContent = text; at("show").append(made); });
  const help = [...form.legal.map((each) => [KEYS[each], LABELS[each]]), ["u", "undo the last vote"], ["j or →", "next record"], ["k or ←", "previous record"],
    ["n", "note (Esc leaves it)"], ["/", "search"], ["g", "go to a number"], ["1 … 9", "the reason of that number, once Exclude is pressed"], ["s", "save the votes as CSV"]];
  help.forEach(([key, text]) => { const row = at("keys").insertRow(); const sign = document.createElement("kbd"); sign.textContent = key; row.insertCell().append(sign); row.insertCell().textContent = text; });
  at("back").addEventListener("click", () => go(here - 1));
  at("next").addEventListener("click", () => go(here + 1));
  at("number").addEventListener("change", () => go(Number(at("number").value) - 1));
  let typing;
  at("search").addEventListener("input", () => { clearTimeout(typing); typing = setTimeout(() => filter(true), 150); });
  at("show").addEventListener("change", () => filter(true));
  at("note").addEventListener("input", noted);
  at("note").addEventListener("change", noteDone);
  at("save").addEventListener("click", save);
  at("take").addEventListener("change", async () => {
    const file = at("take").files[0];
    if (!file) { return; }
    const told = take(await file.text());
    at("take").value = ""; paint(false);
    say(told); at("keeping").textContent = told;
  });
  at("about-open").addEventListener("click", () => {
    const open = at("about").hidden;
    at("about").hidden = !open; at("about-open").setAttribute("aria-expanded", String(open));
  });
  const ACTS = { j: () => go(here + 1), ArrowRight: () => go(here + 1), k: () => go(here - 1), ArrowLeft: () => go(here - 1), u: undo,
    n: () => at("note").focus(), "/": () => at("search").focus(), g: () => at("number").select(), s: save };
  form.legal.forEach((decision) => { ACTS[KEYS[decision]] = () => vote(decision); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      if (pending) { at("reasons").hidden = true; pending = ""; }
      if (document.activeElement !== document.body) { document.activeElement.blur(); }
      at("title").focus({ preventScroll: true });
      return;
    }
    const field = event.target.closest("input:not([type=checkbox]), textarea, select");
    if (!at("shortcuts").checked || field || event.ctrlKey || event.metaKey || event.altKey || event.repeat) { return; }
    if (pending && /^[0-9]$/.test(event.key)) {
      const reason = event.key === "0" ? (form.reason_needed ? undefined : "") : form.reasons[Number(event.key) - 1];
      if (reason !== undefined) { event.preventDefault(); vote("exclude", reason); }
      return;
    }
    const act = ACTS[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) { event.preventDefault(); act(); }
  });
  window.addEventListener("storage", (event) => {
    if (!event.key || !event.key.startsWith(own)) { return; }
    const id = event.key.slice((own + "vote/").length);
    if (event.key.startsWith(own + "vote/") && place.has(id)) { said.set(id, union(eventsOf(id), fromStore(id))); }
    if (event.key === own + "saved") { inFile = Number(event.newValue) || 0; }
    if (current() && current().record_id === id && document.activeElement !== at("note")) { paint(false); } else { count(); }
  });
  window.addEventListener("beforeunload", (event) => { noteDone(); if (nEvents() > inFile) { event.preventDefault(); event.returnValue = ""; } });

  load();
  const first = ids.findIndex((id) => !standing(id));
  here = Math.max(0, first);
  paint(false);
})();
