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
const data = (text, className = "") => el("span", { className: `data ${className}`.trim(), textContent: text });
const fill = (parent, ...children) => parent.replaceChildren(...children.filter(Boolean));
function button(act, properties, ...children) {
  const made = el("button", { type: "button", ...properties }, ...children);
  made.addEventListener("click", act);
  return made;
}
const recordOf = (said) => (said.href && link(said.href) ? el("span", {}, " · ", el("a", { href: link(said.href), rel: "noreferrer", textContent: "record" })) : null);
const dateOf = (said) => (said.date ? (said.dated === "published" ? "published " : "") + when(said.date) : "no date");

function article(number, hit) {
  const said = STATEMENTS[number], line = state.select[0] === "e" ? EDGES[Number(state.select.slice(1))].manner : RELATION;
  const whom = [...said.about, ...said.to.map((name) => "to " + name)].join(", ");
  const made = el("article", { className: number === hit ? "hit" : "" },
    el("p", { className: "who" }, data(said.who), " ", el("span", { className: "act", textContent: said.acts.join(", ").toLowerCase() }), whom && " → ", whom && data(whom)),
    said.summary && el("p", { className: "words data", textContent: said.summary }),
    said.quote && el("blockquote", { className: "data", textContent: said.quote }),
    el("p", { className: "source" }, dateOf(said), said.where && " · ", said.where && data(said.where), recordOf(said)));
  made.style.borderLeftColor = variable(line === RELATION ? said.manners[0] : line);
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
function linkItem({ edge }) {
  const time = span(edge);
  return el("li", {}, data(NODE.get(edge.from).name), ` ${edge.name} `, data(NODE.get(edge.to).name), time && el("small", { textContent: time }));
}
function fillPanel(on, hit = -1) {
  if (!state.select) return listNames(on);
  const id = state.select.slice(1), edges = chosenEdges(), all = edges.flatMap(({ list }) => list), parts = [];
  const section = (title, list) => {
    const numbers = [...new Set(list)].sort((a, b) => a - b);
    if (numbers.length) parts.push(el("h3", { textContent: `${title} (${numbers.length})` }), ...numbers.map((number) => article(number, hit)));
  };
  let title, about, centre = null;
  if (state.select[0] === "n") {
    const node = NODE.get(id), own = (number) => STATEMENTS[number].speaker === id;
    [title, about] = [node.name, node.kind];
    if (state.focus !== id) centre = button(() => on.centre(id, true), { textContent: "Centre here" });
    section("Says", all.filter(own));
    section(PAGE.projection === "statements" ? "Statements" : "Spoken of or to", all.filter((number) => !own(number)));
  } else {
    const edge = EDGES[Number(id)];
    [title, about] = [`${NODE.get(edge.from).name} → ${NODE.get(edge.to).name}`, edge.name];
    section("Statements", all);
  }
  const bare = edges.filter(({ list }) => !list.length);
  if (bare.length) parts.push(el("h3", { textContent: `Links (${bare.length})` }), el("ul", { className: "links" }, ...bare.map(linkItem)));
  if (!edges.length) parts.push(el("p", { textContent: "The filters let nothing of it through." }));
  const back = button(() => { on.select(""); $("panel").focus({ preventScroll: true }); }, { textContent: "All names" });
  fill($("panel"), el("h2", { className: "data", tabIndex: -1, textContent: title }), el("p", { className: "quiet data", textContent: about }),
    el("p", { className: "actions" }, centre, back), ...parts);
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
    cell("", "who", data(said.who)), cell("", "act", said.acts.join(", ")),
    cell("about", "", said.about.length ? data(said.about.join(", ")) : "", said.to.length ? el("small", { className: "data", textContent: "to " + said.to.join(", ") }) : ""),
    cell("", "words", data(said.summary), said.quote && data(said.quote, "quote"), said.topics.length ? el("small", { className: "data", textContent: said.topics.join(" · ") }) : ""),
    cell("told in", "", data(said.where), recordOf(said)));
}
function linkRow({ edge, list }) {
  return el("tr", { role: "row" }, cell("", "who", data(NODE.get(edge.from).name)), cell("", "", edge.name), cell("", "", data(NODE.get(edge.to).name)),
    cell("", "", span(edge)), cell("statements", "", list.length ? String(list.length) : ""));
}
function fillTables() {
  const links = PAGE.projection === "statements" ? [] : shown.edges.filter(({ edge }) => edge.manner === RELATION);
  $("table-title").textContent = `Statements drawn (${shown.numbers.length} of ${STATEMENTS.length})`;
  $("links-title").textContent = `Links drawn (${links.length})`;
  fill($("statements-table"), shown.numbers.length && table(["Date", "Speaker", "Act", "About", "What is said", "Told in"], shown.numbers.map(statementRow)));
  fill($("links-table"), links.length && table(["From", "Link", "To", "When", "Statements"], links.map(linkRow)));
  $("table-title").hidden = $("statements-table").hidden = !STATEMENTS.length;
  $("links-title").hidden = $("links-table").hidden = !links.length;
  for (const wrapper of [$("statements-table"), $("links-table")]) wrapper.tabIndex = wrapper.scrollWidth > wrapper.clientWidth ? 0 : -1;
}
function tell() {
  const whole = NODES.length + PAGE.left_out, n = shown.nodes.size;
  const parts = [`${n} of ${whole} shown${state.focus ? `, within ${plural(state.depth, "step")} of ${NODE.get(state.focus).name}` : ""}, ${whole - n} hidden`];
  if (STATEMENTS.length) parts.push(plural(shown.numbers.length, "statement"));
  if (shown.least > 1) parts.push(`lines of ${shown.least} or more statements`);
  if (PAGE.left_out) parts.push(`${PAGE.left_out} are not in this page`);
  $("shown").textContent = parts.join(" · ");
  $("whole").hidden = !state.focus;
  $("empty").hidden = n > 0;
  stage().setAttribute("aria-label", `Diagram of ${plural(n, NOUN)} and ${plural(shown.edges.length, "line")}. The list of names and the tables hold the same.`);
}
