// The words beside the diagram: names, statements, tables. All of it comes from documents and enters the page as text.
const $ = (id) => document.getElementById(id);
function el(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name in made) made[name] = value; else made.setAttribute(name, value);
  }
  made.append(...children.filter(Boolean));
  return made;
}
const ENDING = document.title.slice(PAGE.title.length);
const data = (text, className = "") => el("span", { className: `data ${className}`.trim(), textContent: text });
const fill = (parent, ...children) => parent.replaceChildren(...children.filter(Boolean));
function button(act, properties, ...children) {
  const made = el("button", { type: "button", ...properties }, ...children);
  made.addEventListener("click", act);
  return made;
}
// A text that leads to the page of what it tells of, where there is one.
const linked = (text, href, className = "") => {
  const to = href && link(href);
  return to ? el("a", { href: to, rel: "noreferrer", className: `data ${className}`.trim(), textContent: text }) : data(text, className);
};
const nameOf = (id) => linked(NODE.get(id).name, NODE.get(id).href);
const dateOf = (said) => (said.date ? (said.dated === "published" ? "published " : "") + when(said.date) : "no date");

function article(number, hit, line) {
  const said = STATEMENTS[number];
  const whom = [...said.about, ...said.to.map((name) => "to " + name)].join(", ");
  const made = el("article", { className: number === hit ? "hit" : "" },
    el("p", { className: "who" }, data(said.who), " ", el("span", { className: "act", textContent: said.acts.join(", ").toLowerCase() }), whom && " → ", whom && data(whom)),
    said.summary && el("p", { className: "words" }, linked(said.summary, said.href)),
    said.quote && el("blockquote", {}, linked(said.quote, said.summary ? "" : said.href)),
    el("p", { className: "source" }, dateOf(said), said.where && " · ", said.where && data(said.where)));
  made.style.borderLeftColor = variable(!line || line === RELATION ? said.manners[0] : line);
  return made;
}
function listNames(on) {
  const order = [...shown.nodes].sort((a, b) => NODE.get(b).count - NODE.get(a).count || (NODE.get(a).name < NODE.get(b).name ? -1 : 1));
  const items = order.map((id) => {
    const { name, kind, count } = NODE.get(id);
    return el("li", {}, button(() => on.centre(id, true), { ariaLabel: `${name}, ${kind}, ${count}` }, kindSwatch(kind), data(name), el("span", { className: "n", textContent: count })));
  });
  const hint = STATEMENTS.length ? "Choose a name, a shape or a line to read the words behind it." : "Choose a name, a shape or a line to see what it is linked to.";
  fill($("panel"), el("h2", { textContent: "Names" }), el("p", { className: "quiet", textContent: hint }), el("ul", { className: "names" }, ...items));
}
// What of a node's neighbours can still be drawn, and where the others are told of.
function onward(on, id) {
  const rest = hidden(id), next = Math.min(rest, STEP, MOST - shown.nodes.size), here = SOURCE || PAGE.projection !== "statements";
  if (rest < 1 || !here) return [];
  if (next < 1) return [el("span", { className: "quiet", textContent: `${plural(rest, "more neighbour")}; no more than ${MOST} are drawn` })];
  const text = next < rest ? `Show ${next} of ${rest.toLocaleString("en")} more neighbours` : `Show ${plural(rest, "more neighbour")}`;
  return [button(() => on.expand(id), { id: "expand", textContent: text })];
}
function linkItem({ edge }) {
  const time = span(edge);
  return el("li", {}, data(NODE.get(edge.from).name), ` ${edge.name} `, data(NODE.get(edge.to).name), time && el("small", { textContent: time }));
}
// The ways between two, step by step, with what is said at each.
function listWays(on) {
  const { steps, more } = scene().ways, parts = [];
  const between = (near, far) => shown.edges.filter(({ edge }) => (near.includes(edge.from) && far.includes(edge.to)) || (near.includes(edge.to) && far.includes(edge.from)));
  steps.slice(1).forEach((far, i) => {
    for (const kept of between(steps[i], far)) {
      const { edge, list, n } = kept, first = list.slice(-3);
      parts.push(el("h3", {}, `Step ${i + 1}: `, data(NODE.get(edge.from).name), ` ${edge.name} `, data(NODE.get(edge.to).name)), ...first.map((number) => article(number, -1, edge.manner)));
      if (n > first.length) parts.push(button(() => { on.select("e" + edge.id); toHeading(); }, { textContent: first.length ? `All ${plural(n, "statement")} of this line` : plural(n, "statement") }));
    }
  });
  const [one, two] = state.between.map((id) => NODE.get(id).name);
  fill($("panel"), el("h2", { className: "data", tabIndex: -1, textContent: `${one} … ${two}` }),
    el("p", { className: "quiet", textContent: `${plural(steps.length - 1, "step")} apart: who spoke of or to whom${more ? `; ${plural(more, "more way")} of the same length` : ""}.` }), ...parts);
}
function fillPanel(on, hit = -1) {
  if (!state.select) return scene()?.ways ? listWays(on) : listNames(on);
  const id = state.select.slice(1), edges = chosenEdges(), all = edges.flatMap(({ list }) => list), parts = [];
  const line = state.select[0] === "e" ? EDGES[Number(id)].manner : "", more = edges.reduce((sum, { list, n }) => sum + Math.max(0, n - list.length), 0);
  const section = (title, list) => {
    const numbers = [...new Set(list)].sort((a, b) => a - b);
    if (numbers.length) parts.push(el("h3", { textContent: `${title} (${numbers.length})` }), ...numbers.map((number) => article(number, hit, line)));
  };
  let title, about, href, actions = [];
  if (state.select[0] === "n") {
    const node = NODE.get(id), own = (number) => STATEMENTS[number].speaker === id;
    [title, about, href] = [node.name, node.kind, node.href];
    actions = [...onward(on, id), state.focus !== id && button(() => on.centre(id, true), { textContent: "Centre here" })];
    section("Says", all.filter(own));
    section(PAGE.projection === "statements" ? "Statements" : "Spoken of or to", all.filter((number) => !own(number)));
  } else {
    const edge = EDGES[Number(id)];
    [title, about] = [`${NODE.get(edge.from).name} → ${NODE.get(edge.to).name}`, edge.name];
    if (more && SOURCE) actions = [button(() => on.fetchLine(edge), { textContent: `Show ${more > MOST ? "more of" : ""} its ${plural(more, "other statement")}` })];
    section("Statements", all);
  }
  const bare = edges.filter(({ list }) => !list.length);
  if (bare.length) parts.push(el("h3", { textContent: `Links (${bare.length})` }), el("ul", { className: "links" }, ...bare.map(linkItem)));
  if (!edges.length) parts.push(el("p", { textContent: "The filters let nothing of it through." }));
  if (more) parts.push(el("p", { className: "quiet", textContent: `${plural(more, "more statement")} behind ${edges.length > 1 ? "these lines" : "this line"}.` }));
  const back = button(() => { on.select(""); $("panel").focus({ preventScroll: true }); }, { textContent: state.between.length ? "The whole way" : "All names" });
  fill($("panel"), el("h2", { tabIndex: -1 }, linked(title, href)), el("p", { className: "quiet data", textContent: about }),
    el("p", { className: "actions" }, ...actions, back), ...parts);
  const found = $("panel").querySelector(".hit");
  $("panel").scrollTop = found ? found.offsetTop - $("panel").offsetTop - 40 : 0;
}

function table(columns, rows) {
  const head = el("tr", { role: "row" }, ...columns.map((name) => el("th", { scope: "col", role: "columnheader", textContent: name })));
  return el("table", { role: "table" }, el("thead", { role: "rowgroup" }, head), el("tbody", { role: "rowgroup" }, ...rows));
}
const cell = (label, className, ...children) => el("td", { role: "cell", className, "data-label": label }, ...children);
function statementRow(number) {
  const said = STATEMENTS[number];
  return el("tr", { role: "row", "data-id": said.id },
    cell("", "date", when(said.date), said.dated === "published" && el("small", { textContent: "published" })),
    cell("", "who", linked(said.who, NODE.get(said.speaker)?.href)), cell("", "", said.acts.join(", ")),
    cell("about", "", said.about.length ? data(said.about.join(", ")) : "", said.to.length ? el("small", { className: "data", textContent: "to " + said.to.join(", ") }) : ""),
    cell("", "words", linked(said.summary, said.href), said.quote && linked(said.quote, said.summary ? "" : said.href, "quote"), said.topics.length ? el("small", { className: "data", textContent: said.topics.join(" · ") }) : ""),
    cell("told in", "", data(said.where)));
}
function lineRow({ edge, n }) {
  return el("tr", { role: "row" }, cell("", "who", nameOf(edge.from)), cell("", "", edge.name), cell("", "", nameOf(edge.to)),
    cell("", "", span(edge)), cell("statements", "number", n ? n.toLocaleString("en") : ""));
}
function fillTables() {
  const lines = PAGE.projection === "statements" ? [] : [...shown.edges].sort((a, b) => b.n - a.n);
  $("table-title").textContent = `Statements drawn (${shown.numbers.length}${SOURCE ? "" : ` of ${STATEMENTS.length}`})`;
  $("lines-title").textContent = `${STATEMENTS.length ? "Who speaks of or to whom" : "Links drawn"} (${plural(lines.length, "line")})`;
  fill($("statements-table"), shown.numbers.length && table(["Date", "Speaker", "Act", "About", "What is said", "Told in"], shown.numbers.map(statementRow)));
  fill($("lines-table"), lines.length && table(["From", "How", "To", "When", "Statements"], lines.map(lineRow)));
  $("table-title").hidden = $("statements-table").hidden = !STATEMENTS.length;
  $("lines").hidden = !lines.length;
  for (const wrapper of [$("statements-table"), $("lines-table")]) wrapper.tabIndex = wrapper.scrollWidth > wrapper.clientWidth ? 0 : -1;
}
function tell() {
  const whole = PAGE.total, n = shown.nodes.size, more = shown.edges.reduce((sum, { list, n }) => sum + Math.max(0, n - list.length), 0);
  const around = state.focus && `, within ${plural(state.depth, "step")} of ${NODE.get(state.focus).name}${state.also.length ? " and beyond" : ""}`;
  const parts = [`${n.toLocaleString("en")} of ${whole.toLocaleString("en")} shown${around || ""}, ${(whole - n).toLocaleString("en")} hidden`];
  if (STATEMENTS.length) parts.push(plural(shown.numbers.length, "statement") + (more ? ` and ${more.toLocaleString("en")} more behind the lines` : ""));
  const least = Math.max(shown.least, scene()?.least || 1);
  if (least > 1) parts.push(`lines of ${least} or more statements`);
  if (!SOURCE && whole > NODES.length) parts.push(`${whole - NODES.length} are not in this page`);
  $("shown").textContent = parts.join(" · ");
  if (scene()) {
    document.querySelector("h1").textContent = scene().title;
    document.title = scene().title + ENDING;
  }
  $("whole").hidden = !state.focus;
  $("empty").hidden = n > 0;
  stage().setAttribute("aria-label", `Diagram of ${plural(n, NOUN)} and ${plural(shown.edges.length, "line")}. The list of names and the tables hold the same.`);
}
