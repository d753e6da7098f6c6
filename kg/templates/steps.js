// One thing after another: what is missing is asked for, where there is a server to ask; then the page begins.
const missingNeighbours = (wanted, id) => {
  const before = state, here = NODE.has(id);
  state = wanted;
  const { nodes, hosts } = choose(), near = here ? neighbours(id, EDGES) : [];
  state = before;
  const drawn = near.filter((other) => nodes.has(other) && hosts.get(other) !== id).length;
  const most = Math.min(drawn + STEP * wanted.also.filter((one) => one === id).length, MOST - 1);
  return here && near.length < Math.min(most, NODE.get(id).near) ? most : 0;
};
function lacksScene(wanted) {
  const known = SCENES.get(sceneOf(wanted));
  return !known || (known.cut && (wanted.limit || MOST) > known.limit);
}
const lacks = (wanted) => Boolean(SOURCE) && (lacksScene(wanted) || wanted.also.some((id) => missingNeighbours(wanted, id)));

async function ask(asked) {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  const answer = await fetch(`${SOURCE}?${query}`, { headers: { Accept: "application/json" } });
  const found = await answer.json();
  if (!answer.ok) throw new Error(found.message || [found.error, found.remedy].filter(Boolean).join(" - "));
  return found;
}
function learn(found, isScene) {
  take(found, isScene);
  buildFields();
  buildLegend();
}
async function fetchFor(wanted) {
  const [between, and] = wanted.between.map(short);
  if (lacksScene(wanted)) learn(await ask(between ? { between, and } : { focus: short(wanted.focus), depth: wanted.focus && wanted.depth, limit: wanted.limit || MOST }), true);
  for (const id of new Set(wanted.also)) {
    const most = missingNeighbours(wanted, id);
    if (most) learn(await ask({ focus: short(id), limit: most + 1 }), false);
  }
}
async function waiting(act) {
  $("shown").textContent = "One moment …";
  $("message").hidden = true;
  try {
    await act();
  } catch (error) {
    tell();
    controls();
    $("message").textContent = error.message || "That could not be fetched.";
    $("message").hidden = false;
  }
}
// The statements of one line, as many as the server gives at once.
function fetchLine(edge) {
  waiting(async () => { learn(await ask({ between: short(edge.from), and: short(edge.to) }), false); controls(); draw(false); toHeading(); });
}
// What is typed as a name may mean somebody who is not here yet: the server knows them all.
function named(asked) {
  waiting(async () => {
    const found = await ask(asked), { start } = found;
    learn(found, true);
    go({ focus: start.focus, between: start.between, also: [], select: start.focus && "n" + start.focus }, toHeading);
  });
}
function around() {
  const focus = $("focus").value.trim();
  if (focus) named({ focus, depth: state.depth, limit: state.limit || MOST }); else reset(false);
}
function way() {
  const [between, and] = [$("between").value.trim(), $("and").value.trim()];
  if (between && and) named({ between, and }); else $(between ? "and" : "between").focus();
}
let typed = 0;
async function suggest(event) {
  const words = event.target.value.trim(), turn = ++typed;
  if (words.length < 2 || event.inputType === "insertReplacementText") return;
  const answer = await fetch(`${$("explorer").dataset.suggest}?q=${encodeURIComponent(words)}`).catch(() => null);
  if (!answer?.ok || turn !== typed) return;
  fill($("known"), ...unique((await answer.json()).map(({ label }) => label)).map((value) => el("option", { value })));
}

// The address in the words of the page: the server understood the names in it.
function spell() {
  const query = new URLSearchParams(location.search), [between = "", and = ""] = START.between;
  for (const [name, id] of Object.entries({ focus: START.focus, between, and })) if (id) query.set(name, short(id)); else query.delete(name);
  history.replaceState(null, "", location.pathname + (String(query) && "?" + query));
}

if (NARROW && START.limit > 24) for (const one of SOURCE ? [START, USUAL] : [START]) one.limit = 24;
if (!SOURCE && START.limit >= PAGE.nodes.length) START.limit = 0;
take(PAGE, Boolean(SOURCE));
$("explorer").classList.add("live");
for (const part of document.querySelectorAll("#explorer .scripted")) part.hidden = false;
$("filters").open = !NARROW;
$("lines").open = !STATEMENTS.length;
if (SOURCE) for (const name of ["focus", "between", "and"]) $(name).addEventListener("input", suggest);
buildFields();
buildLegend();
listen();
if (SOURCE) spell();
restore();
