// What is held, what of it is drawn, and the address that says so. Nothing here touches the page.
const PAGE = JSON.parse(document.getElementById("data").textContent), LOOK = PAGE.look;
const SOURCE = document.getElementById("explorer").dataset.source || ""; // whom to ask for more; nobody, in a file
const NARROW = window.innerWidth < 640;
const STEP = 24, MOST = 150; // how many neighbours are added at once, and how many nodes may be drawn then
const NODES = [], NODE = new Map(), EDGES = [], EDGE = new Map(), SCENES = new Map();
let STATEMENTS = [], MANNERS = [], SPANS = [];
const RELATION = "relation";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NOUN = PAGE.projection === "statements" ? "node" : "name";

const NOTHING = { focus: "", depth: 1, limit: 60, least: "", off: [], act: "", topic: "", report: "", from: "", to: "", select: "", also: [], between: [] };
const START = { ...NOTHING, ...PAGE.start };
if (START.focus && PAGE.projection !== "statements") START.select = "n" + START.focus;
// What an address leaves out: on the site it says all that the server must know, in a file only what is unlike the beginning.
const USUAL = SOURCE ? { ...NOTHING } : START;
let state = { ...START };
let shown = { nodes: new Set(), edges: [], numbers: [], weight: new Map(), hosts: new Map(), least: 1 };

// Take in a part of the network; what is known already is filled up. A scene is what the server chose to be drawn together.
function take({ nodes, edges, statements, start, ways, least, title }, isScene) {
  for (const node of nodes) {
    if (!NODE.has(node.id)) NODES.push(node);
    NODE.set(node.id, NODE.get(node.id) || node);
  }
  const lines = new Set();
  for (const edge of edges) {
    const key = keyOf(edge), known = EDGE.get(key);
    const said = new Map([...(known ? known.said : []), ...edge.statements.map((number) => [statements[number].id, statements[number]])]);
    const line = Object.assign(known || { id: EDGES.length }, edge, { said, more: edge.more && edge.more + edge.statements.length - said.size });
    if (!known) EDGES.push(line);
    EDGE.set(key, line);
    lines.add(line.id);
  }
  STATEMENTS = [...new Map([...STATEMENTS, ...statements].map((said) => [said.id, said])).values()];
  const order = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  STATEMENTS.sort((a, b) => order(a.date || "9999", b.date || "9999") || order(a.id, b.id));
  const numbers = new Map(STATEMENTS.map(({ id }, number) => [id, number]));
  for (const edge of EDGES) edge.statements = [...edge.said.keys()].map((id) => numbers.get(id)).sort((a, b) => a - b);
  if (isScene) SCENES.set(sceneOf(start), { lines, ways, least, title, limit: start.limit, cut: nodes.length >= start.limit, places: new Map(nodes.map(({ id, x, y }) => [id, { x, y }])) });
  MANNERS = LOOK.manners.map(({ name }) => name).filter((name) => EDGES.some((edge) => edge.manner === name));
  const months = unique([...STATEMENTS.map((said) => said.date), ...EDGES.flatMap((edge) => [edge.first, edge.last])].map((date) => date.slice(0, 7)));
  SPANS = months.length > 120 ? unique(months.map((month) => month.slice(0, 4))) : months;
}
const keyOf = (edge) => [short(edge.from), short(edge.to), edge.manner, edge.name].join("~");
const sceneOf = ({ focus, depth, between }) => (between.length ? between.join(" ") : focus && `${focus} ${depth}`);
const scene = () => SCENES.get(sceneOf(state));
const ends = (edge, id) => (edge.from === id ? [edge.to] : edge.to === id ? [edge.from] : []);
const neighbours = (id, edges) => unique(edges.flatMap((edge) => ends(edge, id))).filter((other) => other !== id);
const often = (id) => state.also.filter((one) => one === id).length;
const short = (id) => (id.startsWith(PAGE.base) ? id.slice(PAGE.base.length) : id);
const long = (name) => [PAGE.base + name, name].find((id) => NODE.has(id)) || (SOURCE && /^[a-z]+\/./.test(name) ? PAGE.base + name : "");
const plural = (n, word) => `${n.toLocaleString("en")} ${word}${n === 1 ? "" : "s"}`;
function unique(list) {
  return [...new Set(list)].filter(Boolean).sort();
}

function when(date) {
  const [year, month, day] = date.split("-");
  if (!/^\d{4}$/.test(year)) return date;
  return (day ? Number(day.slice(0, 2)) + " " : "") + (MONTHS[month - 1] ? MONTHS[month - 1] + " " : "") + year;
}
function span(edge) {
  if (edge.times.length) return edge.times.map(([word, date]) => `${word} ${when(date)}`).join(", ");
  return unique([edge.first, edge.last]).map(when).join(" – ");
}
// An address that may be followed, or an empty text.
function link(address) {
  try {
    const url = new URL(address, location.href), beside = url.protocol === location.protocol && !/^[a-z][a-z0-9+.-]*:/i.test(address);
    return beside || ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : "";
  } catch { return ""; }
}

// A date known to the year or month lies within the span if any part of it may.
function within(first, last) {
  const { from, to } = state;
  if (!from && !to) return true;
  if (!first && !last) return false;
  return (!from || !last || last >= from.slice(0, last.length)) && (!to || !first || first.slice(0, to.length) <= to);
}
function passes(statement, edge) {
  const spoken = statement.acts.some((act, i) => {
    const manner = statement.manners[i];
    return (edge.manner === RELATION || manner === edge.manner) && !state.off.includes(manner) && (!state.act || act === state.act);
  });
  return spoken && (!state.report || statement.report === state.report) && (!state.topic || statement.topics.includes(state.topic))
    && within(statement.date, statement.date);
}
// The lines that the filters let through, each with the statements for which it stands, and their number: where nothing is
// filtered, those count that are not here.
function passing() {
  const narrowed = state.act || state.report || state.topic || state.off.length, dated = state.from || state.to;
  const kept = [];
  for (const edge of EDGES) {
    const list = edge.statements.filter((number) => passes(STATEMENTS[number], edge));
    const timed = edge.first || edge.last;
    const bare = !edge.statements.length && !narrowed && (timed ? within(edge.first, edge.last) : !dated);
    if (list.length || bare) kept.push({ edge, list, n: list.length + (narrowed || dated ? 0 : edge.more) });
  }
  return kept;
}
// How many steps each node is from the focus.
function steps(edges) {
  const far = new Map([[state.focus, 0]]);
  for (let step = 1; step <= state.depth; step++) {
    for (const { edge: { from, to } } of edges) {
      if (far.get(from) === step - 1 && !far.has(to)) far.set(to, step);
      if (far.get(to) === step - 1 && !far.has(from)) far.set(from, step);
    }
  }
  return far;
}
// The nodes that have most on the lines, those nearer the focus before all others; as many as may be shown.
function strongest(edges, far) {
  const weight = new Map();
  for (const { edge, n } of edges) {
    for (const id of [edge.from, edge.to]) weight.set(id, (weight.get(id) || 0) + (n || 1));
  }
  const order = [...weight.keys()].sort((a, b) => (far.get(a) || 0) - (far.get(b) || 0) || weight.get(b) - weight.get(a) || (a < b ? -1 : 1));
  const nodes = new Set(order.slice(0, state.limit || order.length));
  return { nodes, weight, edges: edges.filter(({ edge }) => nodes.has(edge.from) && nodes.has(edge.to)) };
}
function choose() {
  const all = passing(), { lines } = scene() || {}, path = state.between.length > 0;
  let edges = lines ? all.filter(({ edge }) => lines.has(edge.id)) : all, far = new Map();
  if (state.focus && !path) {
    far = steps(edges);
    const near = (id) => (far.has(id) ? far.get(id) : Infinity);
    edges = edges.filter(({ edge }) => Math.min(near(edge.from), near(edge.to)) < state.depth && Math.max(near(edge.from), near(edge.to)) <= state.depth);
  }
  const strong = (least) => strongest(edges.filter(({ n }) => least === 1 || n >= least), far);
  let least = Number(state.least) || 1, found = strong(least);
  if (!state.least && !state.focus && !path && STATEMENTS.length) {
    for (least of LOOK.least) if ((found = strong(least)).edges.length <= LOOK.readable) break;
  }
  const touched = new Set(found.edges.flatMap(({ edge }) => [edge.from, edge.to]));
  found = { ...found, nodes: new Set([...found.nodes].filter((id) => touched.has(id))), hosts: new Map(), least };
  for (const id of new Set(state.also)) if (found.nodes.has(id)) spread(found, all, id);
  return { ...found, numbers: [...new Set(found.edges.flatMap(({ list }) => list))].sort((a, b) => a - b) };
}
// The neighbours of one more node, the strongest first, with the lines between it and all its neighbours that are drawn.
function spread(found, all, id) {
  const at = all.filter(({ edge }) => edge.from === id || edge.to === id), weight = new Map();
  for (const { edge, n } of at) for (const other of ends(edge, id)) if (!found.nodes.has(other)) weight.set(other, (weight.get(other) || 0) + (n || 1));
  const order = [...weight.keys()].sort((a, b) => weight.get(b) - weight.get(a) || (a < b ? -1 : 1));
  for (const other of order.slice(0, Math.max(0, Math.min(STEP * often(id), MOST - found.nodes.size)))) {
    found.nodes.add(other);
    found.hosts.set(other, id);
    found.weight.set(other, weight.get(other));
  }
  const drawn = new Set(found.edges.map(({ edge }) => edge.id));
  found.edges = [...found.edges, ...at.filter(({ edge }) => !drawn.has(edge.id) && found.nodes.has(edge.from) && found.nodes.has(edge.to))];
}
// How many neighbours of a node are not drawn, here or elsewhere.
const hidden = (id) => NODE.get(id).near - neighbours(id, shown.edges.map(({ edge }) => edge)).length;
function chosenEdges() {
  const id = state.select.slice(1);
  return shown.edges.filter(({ edge }) => (state.select[0] === "n" ? edge.from === id || edge.to === id : edge.id === Number(id)));
}

// The state as a query, without what is as usual.
function address() {
  const hash = new URLSearchParams();
  for (const name of ["depth", "limit", "least", "act", "topic", "report", "from", "to"]) {
    if (String(state[name]) !== String(USUAL[name])) hash.set(name, name === "report" ? short(state[name]) : state[name]);
  }
  if (state.focus !== USUAL.focus) hash.set("focus", state.focus ? short(state.focus) : "none");
  if (state.between.length) for (const [i, name] of ["between", "and"].entries()) hash.set(name, short(state.between[i]));
  if (state.also.length) hash.set("also", state.also.map(short).join("~"));
  if (state.off.length) hash.set("without", state.off.join("."));
  if (state.select === usual(state.focus)) return hash.toString();
  if (!state.select) hash.set("name", "none");
  if (state.select[0] === "n") hash.set("name", state.select.slice(1) === state.focus ? "focus" : short(state.select.slice(1)));
  if (state.select[0] === "e") hash.set("line", keyOf(EDGES[Number(state.select.slice(1))]));
  return hash.toString();
}
const usual = (focus) => (SOURCE ? focus && "n" + focus : focus === START.focus ? START.select : "");
// The state that a query says; what makes no sense in it is left as usual.
function stateOf(text) {
  const hash = new URLSearchParams(text), found = { ...USUAL, off: [], also: [], between: [] };
  const pick = (name, allowed) => { if (hash.has(name) && allowed(hash.get(name))) found[name] = hash.get(name); };
  pick("act", (act) => STATEMENTS.some((said) => said.acts.includes(act)));
  pick("topic", (topic) => STATEMENTS.some((said) => said.topics.includes(topic)));
  pick("from", (date) => /^\d{4}(-\d\d)?$/.test(date));
  pick("to", (date) => /^\d{4}(-\d\d)?$/.test(date));
  pick("least", (n) => LOOK.least.includes(Number(n)));
  if (/^[1-5]$/.test(hash.get("depth") || "")) found.depth = Number(hash.get("depth"));
  if (/^\d{1,4}$/.test(hash.get("limit") || "")) found.limit = Number(hash.get("limit"));
  if (hash.has("report")) found.report = STATEMENTS.map((said) => said.report).find((id) => id && short(id) === hash.get("report")) || "";
  if (hash.has("focus")) found.focus = long(hash.get("focus"));
  const pair = ["between", "and"].map((name) => long(hash.get(name) || ""));
  if (SOURCE && pair.every(Boolean)) Object.assign(found, { between: pair, focus: "" });
  found.also = (hash.get("also") || "").split("~").map(long).filter(Boolean);
  found.select = hash.has("focus") || SOURCE ? usual(found.focus) : START.select;
  found.off = (hash.get("without") || "").split(".").filter((manner) => MANNERS.includes(manner));
  const name = hash.get("name") === "focus" ? found.focus : long(hash.get("name") || "");
  if (hash.has("name")) found.select = name ? "n" + name : "";
  const edge = EDGE.get(hash.get("line"));
  if (edge) found.select = "e" + edge.id;
  return found;
}
