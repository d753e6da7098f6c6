// What the page holds, what of it is drawn, and the address that says so. Nothing here touches the page.
const { nodes: NODES, edges: EDGES, options: OPTIONS, page: PAGE } = JSON.parse(document.getElementById("data").textContent);
const STATEMENTS = PAGE.statements;
const NODE = new Map(NODES.map((node) => [node.id, node]));
const MANNERS = PAGE.manners.map(({ name }) => name).filter((name) => EDGES.some((edge) => edge.manner === name));
const RELATION = "relation";
const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const NOUN = PAGE.projection === "statements" ? "node" : "name";
const MOMENTS = unique([...STATEMENTS.map((said) => said.date), ...EDGES.flatMap((edge) => [edge.first, edge.last])].map((date) => date.slice(0, 7)));
const SPANS = MOMENTS.length > 120 ? unique(MOMENTS.map((month) => month.slice(0, 4))) : MOMENTS;
EDGES.forEach((edge, number) => { edge.id = number; });

const BASE = commonBase(NODES.map((node) => node.id));
const START = { focus: "", depth: 1, limit: 60, least: "", off: [], act: "", topic: "", report: "", from: "", to: "", select: "", ...PAGE.start };
if (START.focus && PAGE.projection !== "statements") START.select = "n" + START.focus;
let state = { ...START };
let shown = { nodes: new Set(), edges: [], numbers: [], weight: new Map(), least: 1 };

function commonBase(ids) {
  let base = ids[0] || "";
  for (const id of ids) while (!id.startsWith(base)) base = base.slice(0, -1);
  return base.slice(0, Math.max(base.lastIndexOf("/"), base.lastIndexOf("#")) + 1);
}
const short = (id) => id.slice(BASE.length);
const long = (name) => (NODE.has(BASE + name) ? BASE + name : "");
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
    const url = new URL(address);
    return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : "";
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
// The lines that the filters let through, each with the statements for which it stands.
function passing() {
  const narrowed = state.act || state.report || state.topic || state.off.length;
  const kept = [];
  for (const edge of EDGES) {
    const list = edge.statements.filter((number) => passes(STATEMENTS[number], edge));
    const timed = edge.first || edge.last;
    const bare = !edge.statements.length && !narrowed && (timed ? within(edge.first, edge.last) : !state.from && !state.to);
    if (list.length || bare) kept.push({ edge, list });
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
  for (const { edge, list } of edges) {
    for (const id of [edge.from, edge.to]) weight.set(id, (weight.get(id) || 0) + (list.length || 1));
  }
  const order = [...weight.keys()].sort((a, b) => (far.get(a) || 0) - (far.get(b) || 0) || weight.get(b) - weight.get(a) || (a < b ? -1 : 1));
  const nodes = new Set(order.slice(0, state.limit || order.length));
  return { nodes, weight, edges: edges.filter(({ edge }) => nodes.has(edge.from) && nodes.has(edge.to)) };
}
function choose() {
  let edges = passing(), far = new Map();
  if (state.focus) {
    far = steps(edges);
    const near = (id) => (far.has(id) ? far.get(id) : Infinity);
    edges = edges.filter(({ edge }) => Math.min(near(edge.from), near(edge.to)) < state.depth && Math.max(near(edge.from), near(edge.to)) <= state.depth);
  }
  const strong = (least) => strongest(edges.filter(({ list }) => least === 1 || list.length >= least), far);
  let least = Number(state.least) || 1, found = strong(least);
  if (!state.least && !state.focus && STATEMENTS.length) {
    for (least of PAGE.least) if ((found = strong(least)).edges.length <= PAGE.readable) break;
  }
  const touched = new Set(found.edges.flatMap(({ edge }) => [edge.from, edge.to]));
  const numbers = [...new Set(found.edges.flatMap(({ list }) => list))].sort((a, b) => a - b);
  return { ...found, nodes: new Set([...found.nodes].filter((id) => touched.has(id))), numbers, least, passed: new Set(edges.flatMap(({ list }) => list)).size };
}
function chosenEdges() {
  const id = state.select.slice(1);
  return shown.edges.filter(({ edge }) => (state.select[0] === "n" ? edge.from === id || edge.to === id : edge.id === Number(id)));
}

// The state as the part of the address behind #, without what is as it was at the start.
function address() {
  const hash = new URLSearchParams();
  for (const name of ["depth", "limit", "least", "act", "topic", "report", "from", "to"]) {
    if (String(state[name]) !== String(START[name])) hash.set(name, name === "report" ? short(state[name]) : state[name]);
  }
  if (state.focus !== START.focus) hash.set("focus", state.focus ? short(state.focus) : "none");
  if (state.off.length) hash.set("without", state.off.join("."));
  if (state.select === (state.focus === START.focus ? START.select : "")) return hash.toString();
  if (!state.select) hash.set("name", "none");
  if (state.select[0] === "n") hash.set("name", state.select.slice(1) === state.focus ? "focus" : short(state.select.slice(1)));
  if (state.select[0] === "e") {
    const edge = EDGES[Number(state.select.slice(1))];
    hash.set("line", [short(edge.from), short(edge.to), edge.manner, edge.name].join("~"));
  }
  return hash.toString();
}
// The state that an address says; what makes no sense in it is left as it was at the start.
function stateOf(text) {
  const hash = new URLSearchParams(text), found = { ...START, off: [], select: hash.has("focus") ? "" : START.select };
  const pick = (name, allowed) => { if (hash.has(name) && allowed(hash.get(name))) found[name] = hash.get(name); };
  pick("act", (act) => STATEMENTS.some((said) => said.acts.includes(act)));
  pick("topic", (topic) => STATEMENTS.some((said) => said.topics.includes(topic)));
  pick("from", (date) => /^\d{4}(-\d\d)?$/.test(date));
  pick("to", (date) => /^\d{4}(-\d\d)?$/.test(date));
  pick("least", (n) => PAGE.least.includes(Number(n)));
  if (/^[1-5]$/.test(hash.get("depth") || "")) found.depth = Number(hash.get("depth"));
  if (/^\d{1,4}$/.test(hash.get("limit") || "")) found.limit = Number(hash.get("limit"));
  if (hash.has("report")) found.report = STATEMENTS.map((said) => said.report).find((id) => id && short(id) === hash.get("report")) || "";
  if (hash.has("focus")) found.focus = long(hash.get("focus"));
  found.off = (hash.get("without") || "").split(".").filter((manner) => MANNERS.includes(manner));
  const name = hash.get("name") === "focus" ? found.focus : long(hash.get("name") || "");
  if (hash.has("name")) found.select = name ? "n" + name : "";
  const line = (hash.get("line") || "").split("~");
  const edge = EDGES.find((one) => [short(one.from), short(one.to), one.manner, one.name].join("~") === line.join("~"));
  if (edge) found.select = "e" + edge.id;
  return found;
}
