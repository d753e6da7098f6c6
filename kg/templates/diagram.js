// The diagram: shapes in their places, lines by manner, names that stay readable; and the same as a picture to take away.
const SVG = "http://www.w3.org/2000/svg";
const NAMED = 45; // lines: with more of them, none has a text of its own
let network, drawnNodes, drawnEdges, hovered = "", labels = [], palette = {}, lit = new Set();

const stage = () => document.getElementById("canvas");
let places = new Map();
// On the map every name has one place. Around a focus, at one step, its neighbours stand on rings in the order in which they
// stand around it on the map, so that no line runs through another name; whatever the filters let through, unless it has very many.
// Who is added stands beside whom it was added for; nobody else moves.
function arrange() {
  const turned = ({ x, y }) => (NARROW ? { x: y, y: x * 0.85 } : { x, y }), { places: map, lines } = scene() || {};
  places = new Map(map ? [...map].map(([id, at]) => [id, turned(at)]) : NODES.map((node) => [node.id, turned(node)]));
  if (state.focus && state.depth === 1 && !state.between.length) ringed(lines ? EDGES.filter((edge) => lines.has(edge.id)) : EDGES);
  const settled = [...shown.nodes].filter((id) => places.has(id) && !shown.hosts.has(id)).map((id) => places.get(id));
  for (const [id, host] of shown.hosts) {
    places.set(id, free(places.get(host), settled));
    settled.push(places.get(id));
  }
}
function ringed(edges) {
  const all = neighbours(state.focus, edges).filter((id) => places.has(id));
  const near = all.length > 80 ? all.filter((id) => shown.nodes.has(id)) : all, middle = places.get(state.focus);
  const angle = (id) => Math.atan2(places.get(id).y - middle.y, places.get(id).x - middle.x);
  const order = near.map((id) => [angle(id), id]).sort((a, b) => a[0] - b[0] || (a[1] < b[1] ? -1 : 1)).map(([, id]) => id);
  const rings = order.length <= 13 ? [1] : order.length <= 30 ? [0.72, 1.08] : [0.62, 0.92, 1.22];
  const [wide, tall] = NARROW ? [210, 260] : [390, 235];
  order.forEach((id, i) => {
    const turn = (2 * Math.PI * i) / order.length - Math.PI, ring = rings[i % rings.length];
    places.set(id, { x: middle.x + wide * ring * Math.cos(turn), y: middle.y + tall * ring * Math.sin(turn) });
  });
}
// The nearest free place around a node, outward first: as far from what stands there as a name needs.
function free(host, settled) {
  const mean = (axis) => settled.reduce((sum, at) => sum + at[axis], 0) / settled.length, [wide, tall] = NARROW ? [90, 62] : [128, 58];
  const outward = Math.atan2(host.y - mean("y"), host.x - mean("x"));
  for (let radius = 110; ; radius += 45) {
    for (let i = 0; i < 24; i++) {
      const turn = outward + (i % 2 ? 1 : -1) * Math.ceil(i / 2) * (Math.PI / 12), at = { x: host.x + radius * 1.25 * Math.cos(turn), y: host.y + radius * Math.sin(turn) };
      if (settled.every(({ x, y }) => Math.abs(x - at.x) >= wide || Math.abs(y - at.y) >= tall)) return at;
    }
  }
}
const placed = (id) => ({ ...NODE.get(id), ...places.get(id) });
const dashesOf = (edge) => LOOK.lines[edge.manner].dashes;
function color(name) {
  palette[name] ??= getComputedStyle(document.documentElement).getPropertyValue("--" + (name || "group")).trim();
  return palette[name];
}
function nodeOf(id) {
  const { x, y, size, shape, kind } = placed(id), hollow = kind === "statement", marked = state.focus === id || state.select === "n" + id;
  const background = color(hollow ? "paper" : kind), border = marked || hollow ? color("ink") : color("paper");
  return { id, x, y, size, shape, opacity: lit.has(id) ? 1 : 0.22, borderWidth: marked ? 3 : 1, color: { background, border, hover: { background, border } } };
}
const widthOf = ({ edge, n }) => (edge.manner === RELATION && !n ? 1.2 : Math.min(1.2 + Math.log2(n || 1) * 0.95, 7));
function edgeOf({ edge, n }, dimmed) {
  const tone = color(edge.manner), named = shown.edges.length <= NAMED && !dimmed;
  const strength = dimmed ? 0.09 : edge.manner === "assertive" && shown.edges.length > NAMED ? 0.5 : 0.92;
  return {
    id: edge.id, from: edge.from, to: edge.to, dashes: dashesOf(edge).length ? dashesOf(edge) : false, width: widthOf({ edge, n }),
    arrows: { to: { enabled: true, type: LOOK.lines[edge.manner].arrow, scaleFactor: 0.55 } },
    color: { color: tone, hover: tone, highlight: tone, opacity: strength },
    smooth: edge.bend ? { enabled: true, type: edge.bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(edge.bend) } : false,
    selfReference: { size: 12 + 6 * edge.loop, angle: 0.785 },
    label: !named ? "" : edge.manner === RELATION ? edge.name : n > 1 ? String(n) : "",
    font: { size: 11, color: color("ink"), strokeWidth: 4, strokeColor: color("paper"), face: "sans-serif", align: "horizontal" },
  };
}
// What is chosen is lit, with the lines at it and the names at their ends; all, where nothing is chosen.
function light() {
  const chosen = new Set(chosenEdges().map(({ edge }) => edge.id));
  lit = state.select ? new Set(shown.edges.filter(({ edge }) => chosen.has(edge.id)).flatMap(({ edge }) => [edge.from, edge.to])) : new Set(shown.nodes);
  if (state.select[0] === "n") lit.add(state.select.slice(1));
  const order = [...shown.edges].sort((a, b) => (a.edge.manner === "assertive" ? 0 : 1) - (b.edge.manner === "assertive" ? 0 : 1));
  return { nodes: [...shown.nodes].map(nodeOf), edges: order.map((kept) => edgeOf(kept, state.select && !chosen.has(kept.edge.id))) };
}
function drawDiagram(on) {
  palette = {};
  arrange();
  const { nodes, edges } = light();
  drawnNodes = new vis.DataSet(nodes);
  drawnEdges = new vis.DataSet(edges);
  if (network) return network.setData({ nodes: drawnNodes, edges: drawnEdges });
  network = new vis.Network(stage(), { nodes: drawnNodes, edges: drawnEdges }, LOOK.options);
  stage().querySelectorAll("[tabindex]").forEach((frame) => { frame.tabIndex = -1; });
  const hover = (id) => { hovered = id; stage().style.cursor = id === "" ? "" : "pointer"; network.redraw(); };
  network.on("afterDrawing", drawNames);
  network.once("afterDrawing", on.drawn);
  network.on("click", ({ nodes: [node], edges: [edge] }) => on.select(node !== undefined ? "n" + node : edge !== undefined ? "e" + edge : ""));
  network.on("doubleClick", ({ nodes: [node] }) => node !== undefined && on.centre(node));
  network.on("hoverNode", ({ node }) => hover(node));
  network.on("blurNode", () => hover(""));
  network.on("hoverEdge", () => { stage().style.cursor = "pointer"; });
  network.on("blurEdge", () => { stage().style.cursor = ""; });
}
function relight() {
  const { nodes, edges } = light();
  drawnNodes.update(nodes);
  drawnEdges.update(edges);
}
// All that is shown, with room for the names below and beside it.
function fit() {
  const all = [...shown.nodes].map(placed), { clientWidth: width, clientHeight: height } = stage();
  if (!all.length) return;
  const most = (axis, sign) => Math.max(...all.map((node) => sign * node[axis] + node.size));
  const [left, right, top, bottom] = [-most("x", -1), most("x", 1), -most("y", -1), most("y", 1)];
  const scale = Math.min((width - (NARROW ? 110 : 150)) / Math.max(right - left, 1), (height - 70) / Math.max(bottom - top, 1), 1.4);
  network.moveTo({ scale: Math.max(scale, 0.02), position: { x: (left + right) / 2, y: (top + bottom) / 2 + 8 / scale }, animation: false });
}

function wrap(text) {
  if (text.length <= 18) return [text];
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const line = lines.at(-1);
    if (line && (line + " " + word).length > 22) lines.push(word); else lines[lines.length - 1] = line ? line + " " + word : word;
  }
  const cut = lines.slice(0, 2).map((line) => (line.length > 26 ? line.slice(0, 25) + "…" : line));
  if (lines.length > 2) cut[1] = cut[1].replace(/…?$/, "…");
  return cut;
}
// Names keep their size on the screen at any zoom. Each takes the first free place around its shape; where there is none, the
// one that is spoken of less goes without until one zooms in or points at it.
function drawNames(context) {
  const scale = network.getScale(), face = getComputedStyle(document.body).fontFamily, { clientWidth, clientHeight } = stage();
  const [low, high] = [network.DOMtoCanvas({ x: 2, y: 2 }), network.DOMtoCanvas({ x: clientWidth - 2, y: clientHeight - 2 })];
  const rank = (id) => (id === hovered || state.select === "n" + id ? 4 : 0) + (state.focus === id ? 2 : 0) + (lit.has(id) ? 1 : 0);
  const spots = [...shown.nodes].map((id) => ({ id, rank: rank(id), size: NODE.get(id).size, ...network.getPosition(id) }));
  spots.sort((a, b) => b.rank - a.rank || shown.weight.get(b.id) - shown.weight.get(a.id));
  const taken = spots.map(({ x, y, size }) => [x - size, y - size, x + size, y + size]);
  const inside = (box) => box[0] >= low.x && box[1] >= low.y && box[2] <= high.x && box[3] <= high.y;
  const free = (box, own) => taken.every((other, i) => i === own || box[2] <= other[0] || box[0] >= other[2] || box[3] <= other[1] || box[1] >= other[3]);
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineJoin = "round";
  labels = [];
  const place = ({ x, y, size }, number, lines, px) => {
    context.font = context.font.replace(/^.*?px/, `${px > 14 / scale ? 600 : 400} ${px}px`);
    const tall = lines.length * px * 1.17, gap = 3 / scale, half = Math.max(...lines.map((text) => context.measureText(text).width)) / 2 + 2 / scale;
    const below = y + size + gap + tall / 2, above = y - size - gap - tall / 2, aside = size + gap + half, off = half * 0.7;
    const tries = [[x, below], [x, above], [x + aside, y], [x - aside, y], [x + off, below], [x - off, below], [x + off, above], [x - off, above]];
    const box = ([cx, cy]) => [cx - half, cy - tall / 2, cx + half, cy + tall / 2];
    const found = tries.find((spot) => inside(box(spot)) && free(box(spot), number)) || (px > 14 / scale ? tries[0] : null);
    if (found) taken.push(box(found));
    return found && { lines, x: found[0], y: found[1], px, line: px * 1.17 };
  };
  context.font = `13px ${face}`;
  spots.forEach((spot, number) => {
    const { name } = NODE.get(spot.id), bold = spot.rank > 1, brief = name.length > 17 ? name.slice(0, 16) + "…" : name;
    const label = place(spot, number, wrap(name), (bold ? 15 : NARROW ? 12 : 13) / scale) || place(spot, number, [brief], 11 / scale);
    if (label) write(context, label, lit.has(spot.id) ? 1 : 0.35, scale);
  });
}
function write(context, label, strength, scale) {
  labels.push(label);
  context.globalAlpha = strength;
  context.lineWidth = 3.5 / scale;
  context.strokeStyle = color("paper");
  context.fillStyle = color("ink");
  label.lines.forEach((text, i) => {
    const y = label.y + (i - (label.lines.length - 1) / 2) * label.line;
    context.strokeText(text, label.x, y);
    context.fillText(text, label.x, y);
  });
  context.globalAlpha = 1;
}

// ---------------------------------------------------------------- samples for the legend
function svg(tag, attributes, ...children) {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}
const ring = (n, turn, r) => Array.from({ length: n }, (_, i) => [r * Math.cos(turn + (2 * Math.PI * i) / n), r * Math.sin(turn + (2 * Math.PI * i) / n)]);
const OUTLINES = {
  square: ring(4, Math.PI / 4, 1.35), diamond: ring(4, 0, 1.15), hexagon: ring(6, 0, 1.1), triangle: ring(3, -Math.PI / 2, 1.2), triangleDown: ring(3, Math.PI / 2, 1.2),
  star: ring(10, -Math.PI / 2, 1).map(([x, y], i) => (i % 2 ? [x * 0.55, y * 0.55] : [x * 1.25, y * 1.25])),
};
const HEADS = { arrow: "0,0 -10,-4.5 -7.5,0 -10,4.5", triangle: "0,0 -10,-5 -10,5", diamond: "0,0 -6,-4.5 -12,0 -6,4.5", box: "0,-4.5 -9,-4.5 -9,4.5 0,4.5", vee: "0,0 -10,-5 -6,0 -10,5", bar: "0,-6 -3,-6 -3,6 0,6" };
function shapeOf(kind, x, y, r, tone) {
  const look = kind === "statement" ? { fill: tone("paper"), stroke: tone("ink") } : { fill: tone(kind) };
  const outline = OUTLINES[LOOK.shapes[kind]];
  return outline ? svg("polygon", { points: outline.map(([px, py]) => `${x + px * r},${y + py * r}`).join(" "), ...look }) : svg("circle", { cx: x, cy: y, r, ...look });
}
function headOf(manner, x, y, angle, scale, tone) {
  const look = { transform: `translate(${x} ${y}) rotate(${(angle * 180) / Math.PI}) scale(${scale})`, fill: tone(manner) };
  const { arrow } = LOOK.lines[manner];
  return arrow === "circle" ? svg("circle", { cx: -4.5, cy: 0, r: 4.5, ...look }) : svg("polygon", { points: HEADS[arrow], ...look });
}
const variable = (name) => `var(--${name || "group"})`;
function swatch(width, ...parts) {
  return svg("svg", { class: "swatch", width, height: 16, viewBox: `0 0 ${width} 16`, "aria-hidden": "true", focusable: "false" }, ...parts);
}
const kindSwatch = (kind) => swatch(16, shapeOf(kind, 8, 8, 6, variable));
function lineSwatch(manner) {
  const dashes = LOOK.lines[manner].dashes.join(" ") || "none";
  return swatch(44, svg("line", { x1: 1, y1: 8, x2: 34, y2: 8, "stroke-width": 2.2, "stroke-dasharray": dashes, stroke: variable(manner) }), headOf(manner, 43, 8, 0, 1, variable));
}

// ---------------------------------------------------------------- pictures
function download(blob, ending) {
  const made = document.createElement("a");
  made.href = URL.createObjectURL(blob);
  made.download = "network." + ending;
  made.click();
  setTimeout(() => URL.revokeObjectURL(made.href), 10000);
}
function savePng() {
  const from = stage().querySelector("canvas"), to = document.createElement("canvas"), context = to.getContext("2d");
  [to.width, to.height] = [from.width, from.height];
  context.fillStyle = color("paper");
  context.fillRect(0, 0, to.width, to.height);
  context.drawImage(from, 0, 0);
  to.toBlob((blob) => download(blob, "png"));
}
function pathOf({ edge, n }) {
  const a = placed(edge.from), b = placed(edge.to), width = widthOf({ edge, n }), s = 0.7 + width * 0.12;
  const look = { fill: "none", stroke: color(edge.manner), "stroke-width": width, "stroke-dasharray": dashesOf(edge).join(" ") || "none" };
  if (a.id === b.id) return [svg("circle", { cx: a.x + a.size, cy: a.y - a.size, r: 12 + 6 * edge.loop, ...look })];
  const turn = Math.atan2(a.y - b.y, b.x - a.x) + (edge.bend * 0.5 + 0.5) * Math.PI, reach = (Math.abs(edge.bend) * 0.5 + 0.5) * Math.hypot(b.x - a.x, a.y - b.y);
  const via = edge.bend ? { x: a.x + reach * Math.sin(turn), y: a.y + reach * Math.cos(turn) } : { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
  const angle = Math.atan2(b.y - via.y, b.x - via.x), [dx, dy] = [Math.cos(angle), Math.sin(angle)];
  const end = { x: b.x - (b.size + 1) * dx, y: b.y - (b.size + 1) * dy };
  return [svg("path", { d: `M${a.x} ${a.y}Q${via.x} ${via.y} ${end.x - 8 * s * dx} ${end.y - 8 * s * dy}`, ...look }), headOf(edge.manner, end.x, end.y, angle, s, color)];
}
function saveSvg() {
  const all = [...shown.nodes].map(placed), margin = 120;
  if (!all.length) return;
  const [left, top] = ["x", "y"].map((axis) => Math.min(...all.map((node) => node[axis])) - margin);
  const [width, height] = ["x", "y"].map((axis, i) => Math.max(...all.map((node) => node[axis])) + margin - [left, top][i]);
  const made = svg("svg", { viewBox: `${left} ${top} ${width} ${height}`, width, height, "font-family": "sans-serif", "text-anchor": "middle" });
  made.append(svg("title", {}, PAGE.title), svg("rect", { x: left, y: top, width, height, fill: color("paper") }), ...shown.edges.flatMap(pathOf));
  made.append(...all.map((node) => shapeOf(node.kind, node.x, node.y, node.size, color)));
  for (const { lines, x, y, px, line } of labels) {
    const at = (i) => y + (i - (lines.length - 1) / 2) * line + px * 0.35;
    made.append(...lines.map((text, i) => svg("text", { x, y: at(i), "font-size": px, fill: color("ink"), stroke: color("paper"), "stroke-width": px / 4, "paint-order": "stroke" }, text)));
  }
  download(new Blob([new XMLSerializer().serializeToString(made)], { type: "image/svg+xml" }), "svg");
}
