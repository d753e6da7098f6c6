// The page: controls change the state, the state is drawn, the address says it.
const FIELDS = ["focus", "limit", "least", "report", "topic", "act", "from", "to"];
const on = { select, centre, drawn, expand, fetchLine: (edge) => fetchLine(edge) };
let step = false; // whether the next address is a step that the browser's "back" takes back
let silent = false;
let painted = false;

function draw(refit = true) {
  shown = choose();
  if (state.select && !chosenEdges().length && state.select.slice(1) !== state.focus) state.select = "";
  drawDiagram(on);
  if (refit) fit();
  tell();
  fillPanel(on);
  if (painted) fillTables();
  remember();
}
function drawn() {
  performance.mark("drawn");
  document.body.dataset.drawn = Math.round(performance.now());
  setTimeout(() => { painted = true; fillTables(); document.body.dataset.ready = "yes"; });
}
function select(choice, hit = -1) {
  state.select = choice;
  relight();
  fillPanel(on, hit);
  remember();
}
// Another state, drawn once all that it needs is here: at once, where it is here already.
function go(change, then = () => {}) {
  const wanted = { ...state, ...change }, finish = () => { state = wanted; step = true; controls(); draw(); then(); };
  if (!lacks(wanted)) return finish();
  return waiting(async () => { await fetchFor(wanted); finish(); });
}
function centre(id, toPanel = false, hit = "") {
  go({ focus: id, also: [], between: [], select: id ? "n" + id : "" }, () => {
    if (hit) fillPanel(on, STATEMENTS.findIndex((said) => said.id === hit));
    if (toPanel) toHeading();
  });
}
function expand(id) {
  go({ also: [...state.also, id], select: "n" + id }, () => ($("expand") || $("panel").querySelector("h2")).focus({ preventScroll: true }));
}
const toHeading = () => ($("panel").querySelector("h2[tabindex]") || $("panel")).focus({ preventScroll: !NARROW });
function reset(everything) {
  const { limit } = START, whole = { focus: "", select: "", also: [], between: [] };
  if (everything) { $("find").value = ""; search(); }
  return go(everything ? { ...NOTHING, limit, ...whole, off: [] } : whole);
}

// ---------------------------------------------------------------- the address
function remember() {
  const hash = address();
  if (!silent && hash !== said()) {
    try {
      history[step ? "pushState" : "replaceState"](null, "", location.pathname + (hash && (SOURCE ? "?" : "#") + hash));
    } catch { /* a frame without an address of its own */ }
  }
  step = false;
}
// What the address says now: on the site its query, which the server reads too; in a file what stands behind #.
const said = () => (SOURCE ? location.search : location.hash || location.search).slice(1);
function restore() {
  const asked = said(), finish = () => { state = stateOf(asked); silent = true; controls(); draw(); silent = false; };
  const wanted = stateOf(asked);
  if (!lacks(wanted)) return finish();
  return waiting(async () => { await fetchFor(wanted); finish(); });
}

// ---------------------------------------------------------------- finding
function search() {
  const words = $("find").value.trim().toLowerCase();
  $("found").hidden = words.length < 2;
  if (words.length < 2) return fill($("results"));
  const has = (...texts) => texts.some((text) => text.toLowerCase().includes(words));
  const named = NODES.filter((node) => has(node.name));
  const said = [...new Set(passing().flatMap(({ list }) => list))].sort((a, b) => a - b).filter((number) => has(STATEMENTS[number].summary, STATEMENTS[number].quote));
  const result = (act, ...children) => el("li", {}, button(() => { $("found").hidden = true; act(); }, {}, ...children));
  const more = named.length > 10 || said.length > 25 ? "; the first of them:" : "";
  $("found-count").textContent = named.length + said.length ? `${plural(named.length, "name")}, ${plural(said.length, "statement")}${more}` : "Nothing is found in what the filters let through.";
  fill($("results"),
    ...named.slice(0, 10).map((node) => result(() => centre(node.id, true), data(node.name), el("small", { textContent: node.kind }))),
    ...said.slice(0, 25).map((number) => {
      const { summary, quote, who, date } = STATEMENTS[number];
      return result(() => reveal(number), data(has(summary) ? summary : `${summary} “${quote}”`), el("small", { className: "data", textContent: `${who}, ${when(date)}` }));
    }));
}
function reveal(number) {
  const { speaker, id: hit } = STATEMENTS[number];
  const id = NODE.has(speaker) ? speaker : EDGES.find((edge) => edge.statements.includes(number)).from;
  if (!shown.numbers.includes(number) || !shown.nodes.has(id)) return centre(id, true, hit);
  select("n" + id, number);
  toHeading();
}
function resultKeys(event) {
  const results = [...$("results").querySelectorAll("button")], at = results.indexOf(document.activeElement);
  if (event.key === "Enter" && at < 0 && results.length) results[0].click();
  else if (event.key === "ArrowDown" && results.length) results[Math.min(at + 1, results.length - 1)].focus();
  else if (event.key === "ArrowUp" && at >= 0) (results[at - 1] || $("find")).focus();
  else return;
  event.preventDefault();
}

// ---------------------------------------------------------------- controls
function choices(name, list) {
  fill($(name), ...list.map(([value, text]) => el("option", { value, textContent: text })));
  $(name).closest(".field").hidden = list.length < 3 && name !== "limit";
}
function buildFields() {
  const byText = (a, b) => a[1].localeCompare(b[1], "en"), n = SOURCE ? PAGE.total : NODES.length;
  const names = NODES.map((node) => [node.id, node.name]).sort(byText);
  if (SOURCE) fill($("known"), ...unique(names.map(([, name]) => name)).map((value) => el("option", { value })));
  else choices("focus", [["", "(whole network)"], ...names]);
  const sizes = [...new Set([12, 24, 40, 60, 100, 150, START.limit, USUAL.limit])].filter((size) => size && size < n).sort((a, b) => a - b);
  choices("limit", [...sizes.map((size) => [size, plural(size, NOUN)]), ...(SOURCE && n > MOST ? [] : [[0, `all ${plural(n, NOUN)}`]])]);
  choices("least", STATEMENTS.length ? [["", "as fits"], [1, "all"], ...LOOK.least.slice(1).filter((least) => least > (SCENES.get("")?.least || 1)).map((least) => [least, `${least}+ statements`])] : []);
  choices("report", [["", "any report"], ...[...new Map(STATEMENTS.map((said) => [said.report, said.where]))].filter(([id]) => id).sort(byText)]);
  choices("topic", [["", "any topic"], ...unique(STATEMENTS.flatMap((said) => said.topics)).map((topic) => [topic, topic])]);
  choices("act", [["", "any act"], ...unique(STATEMENTS.flatMap((said) => said.acts)).map((act) => [act, act])]);
  for (const name of ["from", "to"]) choices(name, [["", "any time"], ...SPANS.map((date) => [date, when(date)])]);
}
function buildLegend() {
  $("manners").hidden = !MANNERS.length;
  fill($("manners"), $("manners").querySelector("legend"));
  for (const { name, label } of LOOK.manners.filter((manner) => MANNERS.includes(manner.name))) {
    const box = el("input", { type: "checkbox", checked: true, value: name, id: "manner-" + name });
    const count = STATEMENTS.filter((said) => said.manners.includes(name)).length;
    box.addEventListener("change", () => { state.off = MANNERS.filter((manner) => !$("manner-" + manner).checked); draw(); });
    $("manners").append(el("label", {}, box, lineSwatch(name), label, el("span", { className: "n", textContent: count })));
  }
  const kinds = LOOK.kinds.filter((kind) => NODES.some((node) => node.kind === kind)).map((kind) => el("li", {}, kindSwatch(kind), kind));
  const links = EDGES.some((edge) => edge.manner === RELATION) && el("li", {}, lineSwatch(RELATION), "link");
  const hint = MANNERS.length ? "Lines run from the speaker to whom they speak of or to; the more statements, the thicker." : "Larger shapes have more links.";
  fill($("kinds"), ...kinds, links, el("li", { textContent: hint }));
  const dates = unique(STATEMENTS.map((said) => said.date)), ends = [dates[0], dates.at(-1)].filter(Boolean).map((date) => when(date.slice(0, 7)));
  const counts = [STATEMENTS.length ? plural(STATEMENTS.length, "statement") : plural(EDGES.length, "link"), plural(PAGE.total, NOUN)];
  if (!SOURCE) $("summary").textContent = [...counts, [...new Set(ends)].join(" to ")].filter(Boolean).join(", ");
}
function controls() {
  for (const name of ["from", "to"]) {
    if (state[name] && !SPANS.includes(state[name])) $(name).append(el("option", { value: state[name], textContent: when(state[name]) }));
  }
  for (const name of [...FIELDS, "depth"]) $(name).value = state[name];
  if (SOURCE) {
    const called = (id) => (NODE.has(id) ? NODE.get(id).name : "");
    [$("focus").value, $("between").value, $("and").value] = [state.focus, ...(state.between.length ? state.between : ["", ""])].map(called);
  }
  $("depth").disabled = !state.focus;
  $("depth-shown").textContent = state.depth;
  for (const manner of MANNERS) $("manner-" + manner).checked = !state.off.includes(manner);
}
function listen() {
  $("controls").addEventListener("submit", (event) => { event.preventDefault(); if (SOURCE) around(); });
  $("way")?.addEventListener("submit", (event) => { event.preventDefault(); way(); });
  for (const name of ["least", "report", "topic", "act", "from", "to"]) $(name).addEventListener("change", () => { state[name] = $(name).value; draw(); });
  if (!SOURCE) $("focus").addEventListener("change", () => centre($("focus").value));
  for (const name of ["limit", "depth"]) $(name).addEventListener("input", () => go({ [name]: Number($(name).value) }));
  for (const name of ["input", "focus"]) $("find").addEventListener(name, search);
  document.querySelector(".find").addEventListener("keydown", resultKeys);
  document.addEventListener("click", (event) => { if (!event.target.closest(".find")) $("found").hidden = true; });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    if (!$("found").hidden) { $("find").focus(); $("found").hidden = true; } else if (state.focus || state.select || state.between.length) { reset(false); $("panel").focus({ preventScroll: true }); }
  });
  $("reset").addEventListener("click", () => reset(true));
  $("unfilter").addEventListener("click", () => { reset(true); $("reset").focus(); });
  $("whole").addEventListener("click", () => { reset(false); $("fit").focus(); });
  $("fit").addEventListener("click", fit);
  $("png").addEventListener("click", savePng);
  $("svg").addEventListener("click", saveSvg);
  for (const name of ["popstate", "hashchange"]) window.addEventListener(name, () => { if (said() !== address()) restore(); });
  window.addEventListener("resize", () => requestAnimationFrame(fit));
  window.addEventListener("beforeprint", () => { $("filters").open = true; });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => draw(false));
}

