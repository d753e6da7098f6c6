// The search of a static copy, where no server answers. What can be found comes as scripts: from a disk a browser reads no data.
"use strict";

const offline = (() => {
  const home = new URL(document.body.dataset.root, location.href);
  const WORD = /[\p{L}\p{N}\p{M}]+/gu;
  const MOST = 100; // hits of a kind that are shown
  const AROUND = 90; // characters of a passage before and after the first word that was found
  const BOOST = { names: { name: 10, aliases: 8, text: 3 }, statements: { name: 3, quote: 2, text: 1, speaker: 0.5 } };
  const entries = {};
  const indexes = {};

  const fold = (word) => word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
  const words = (text) => text.match(WORD) || [];
  const folded = (text) => ` ${words(text).map(fold).join(" ")} `;
  const there = (href) => new URL(href, home).href;

  function run(path) {
    return new Promise((resolve, reject) => {
      const script = document.createElement("script");
      script.src = there(path);
      script.addEventListener("load", resolve);
      script.addEventListener("error", () => reject(new Error(`${path} cannot be read`)));
      document.head.append(script);
    });
  }

  async function made(name) {
    await Promise.all([window.MiniSearch || run("assets/vendor/minisearch/minisearch.js"), run(`assets/offline/${name}.js`)]);
    const index = new MiniSearch({ idField: "href", fields: Object.keys(BOOST[name]), storeFields: Object.keys(entries[name][0] || {}), tokenize: words, processTerm: fold });
    await index.addAllAsync(entries[name]);
    return index;
  }

  // As on the server: every word, the last may be a beginning; else the nearest words; else any of them.
  async function find(name, asked) {
    indexes[name] ??= made(name);
    const index = await indexes[name];
    const text = asked.replace(/[“”„«»]/g, '"');
    const phrases = [...text.matchAll(/"([^"]*)"/g)].map((match) => folded(match[1]));
    const options = {
      boost: BOOST[name],
      boostDocument: (id, term, entry) => (entry.repeats ? 0.1 : 1 + Math.log(1 + (entry.count || 0)) / 4),
      combineWith: "AND",
      filter: (hit) => phrases.every((phrase) => Object.keys(BOOST[name]).some((field) => folded(hit[field]).includes(phrase))),
      prefix: (term, place, terms) => place === terms.length - 1 && !/"\s*$/.test(text),
    };
    const near = { ...options, fuzzy: (term) => (term.length < 4 ? false : term.length < 6 ? 1 : 2) };
    for (const [how, way] of [["", options], ["near", near], ["any", { ...near, combineWith: "OR" }]]) {
      const hits = words(text).length ? index.search(text, way) : [];
      if (hits.length || how === "any") return { hits, how };
    }
  }

  // The names that a text may mean, for the field that suggests them.
  async function names(text) {
    const { hits, how } = await find("names", text);
    return how === "any" ? [] : hits.slice(0, 8).map((hit) => ({ label: hit.name, kind: hit.kind, href: there(hit.href) }));
  }

  function make(name, className, ...inside) {
    const element = document.createElement(name);
    if (className) element.className = className;
    element.append(...inside); // strings become text
    return element;
  }

  function link(href, className, ...inside) {
    const element = make("a", className, ...inside);
    element.href = there(href);
    return element;
  }

  // The text with the words that were found marked.
  function marked(text, hit) {
    const terms = new Set(hit.terms);
    const bdi = make("bdi");
    let end = 0;
    for (const match of text.matchAll(WORD)) {
      if (!terms.has(fold(match[0]))) continue;
      bdi.append(text.slice(end, match.index), make("mark", "", match[0]));
      end = match.index + match[0].length;
    }
    bdi.append(text.slice(end));
    return bdi;
  }

  function passage(hit) {
    const terms = new Set(hit.terms);
    const first = [...hit.text.matchAll(WORD)].find((match) => terms.has(fold(match[0])));
    if (!first) return "";
    const start = hit.text.indexOf(" ", Math.max(0, first.index - AROUND)) + 1;
    const end = hit.text.lastIndexOf(" ", first.index + AROUND);
    const from = first.index <= AROUND ? 0 : Math.min(start, first.index);
    const to = end > first.index ? end : hit.text.length;
    return `${from ? "…" : ""}${hit.text.slice(from, to)}${to < hit.text.length ? "…" : ""}`;
  }

  function named(hit) {
    const item = make("li", "", link(hit.href, hit.kind, marked(hit.name, hit)), " ", make("span", "quiet small", hit.kind));
    const fields = new Set(Object.values(hit.match).flat());
    const more = fields.has("aliases") && !fields.has("name") ? hit.aliases : hit.text;
    if (more) item.append(make("br"), make("span", "small", marked(more, hit)));
    return item;
  }

  function stated(hit) {
    const acts = hit.acts.flatMap(([act, manner]) => [make("span", `act ${manner}`, act), " "]);
    const article = make("article", hit.repeats ? "said again" : "said", make("p", "line", ...acts, make("bdi", "", hit.speaker)));
    article.append(make("p", "summary", link(hit.href, "", hit.name ? marked(hit.name, hit) : hit.quote ? marked(hit.quote, hit) : "Statement")));
    if (hit.quote) article.append(make("p", "quote", "“", marked(hit.quote, hit), "”"));
    const fields = new Set(Object.values(hit.match).flat());
    const extract = fields.has("text") && !fields.has("name") && !fields.has("quote") ? passage(hit) : "";
    if (extract) article.append(make("p", "small", make("span", "quiet", "In its passage: "), marked(extract, hit)));
    article.append(make("p", "line quiet", make("bdi", "", hit.told), hit.repeats ? " · told again" : ""));
    return article;
  }

  function section(title, { hits, how }, list, each) {
    if (!hits.length) return [];
    const heading = make("h2", "", `${title} `, make("span", "quiet", hits.length.toLocaleString("en")));
    const told = { near: "Nothing is written so. Shown is what is nearest.", any: "Nothing holds all of these words. Shown is what holds some of them." };
    const note = how ? [make("p", "small", told[how])] : [];
    list.append(...hits.slice(0, MOST).map(each));
    const rest = hits.length > MOST ? [make("p", "small quiet", `The best ${MOST}.`)] : [];
    return [heading, ...note, list, ...rest];
  }

  async function answer(text, place) {
    document.title = document.title.replace("Search", `Search: ${text}`);
    document.querySelector("h1").replaceChildren("Search: ", make("bdi", "", text));
    for (const field of document.querySelectorAll("form.search input[name=q]")) field.value = text;
    const status = make("p", "quiet", "Searching…");
    status.setAttribute("role", "status");
    place.replaceChildren(status);
    try {
      const [called, said] = await Promise.all([find("names", text), find("statements", text)]);
      if (called.how === "any" && said.how !== "any") called.hits = [];
      if (said.how && !called.how && called.hits.length) said.hits = [];
      const [n, m] = [called.hits.length, said.hits.length];
      status.textContent = n + m ? `${n} ${n === 1 ? "name" : "names"}, ${m} ${m === 1 ? "statement" : "statements"}` : "Nothing is found. Try fewer words, or another form of the word.";
      place.append(...section("Names", called, make("ul", "plain hits"), named), ...section("Statements", said, make("div"), stated));
    } catch (error) {
      status.textContent = `This copy cannot be searched: ${error.message}.`;
    }
  }

  const place = document.querySelector("[data-offline]");
  const asked = new URLSearchParams(location.search).get("q")?.trim();
  if (place && asked) answer(asked, place);

  return { names, take: (name, list) => (entries[name] = list) };
})();
