/* The SPARQL page: the form becomes an editor, answers come without a new page. Every text of an answer is set as text, never as markup. */
(() => {
  "use strict";

  const settings = JSON.parse(document.getElementById("settings").textContent);
  const form = document.getElementById("ask");
  const field = document.getElementById("query");
  const answer = document.getElementById("answer");
  const button = document.getElementById("run");
  const RESULTS = { CSV: "text/csv", TSV: "text/tab-separated-values", JSON: "application/sparql-results+json", XML: "application/sparql-results+xml" };
  const GRAPHS = { Turtle: "text/turtle", "N-Triples": "application/n-triples", "JSON-LD": "application/ld+json", "RDF/XML": "application/rdf+xml" };
  const SUFFIX = { CSV: "csv", TSV: "tsv", JSON: "srj", XML: "srx", Turtle: "ttl", "N-Triples": "nt", "JSON-LD": "jsonld", "RDF/XML": "rdf" };
  const NUMBER = /^http:\/\/www\.w3\.org\/2001\/XMLSchema#(integer|decimal|double|float)$/;
  const LONGEST_LINK = 6000;

  const make = (name, attributes = {}, ...inside) => {
    const element = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    element.append(...inside); // strings become text
    return element;
  };

  // ---------------------------------------------------------------- The editor

  const terms = []; // { text, label, definition } for completion
  let editor = null;
  let mark = null;

  const asked = () => (editor ? editor.getValue() : field.value);

  function edit() {
    if (!window.Yasqe) return;
    Yasqe.defaults.autocompleters = ["variables"]; // the others propose what other people's servers know
    Yasqe.forkAutocompleter("prefixes", { name: "our prefixes", persistenceId: null, get: () => Object.entries(settings.prefixes).map(([prefix, iri]) => `${prefix}: <${iri}>`) });
    Yasqe.registerAutocompleter({ name: "our terms", bulk: false, autoShow: true, isValidCompletionPosition: atTerm, get: matching, postprocessHints: explained });
    const place = document.getElementById("editor");
    editor = new Yasqe(place, {
      value: field.value,
      persistenceId: null,
      consumeShareLink: null,
      createShareableLink: null,
      showQueryButton: false,
      resizeable: false,
      editorHeight: "auto",
      viewportMargin: Infinity,
      screenReaderLabel: "SPARQL query",
      extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-S": false, "Ctrl-Enter": run, "Cmd-Enter": run, Esc: () => button.focus() },
    });
    // The tooltip of a syntax error has a style attribute, which our policy forbids; the line below the editor says the same.
    for (const name of ["mouseover", "mouseout"]) place.addEventListener(name, (event) => event.target.closest(".parseErrorIcon") && event.stopPropagation(), true);
    field.hidden = true;
    form.querySelector("label[for=query]").addEventListener("click", () => editor.focus());
    document.getElementById("keys").hidden = false;
    editor.on("change", checked);
    checked();
    fetch(settings.terms).then((response) => response.json()).then(learn).catch(() => {}); // without them nothing is completed
  }

  function learn(ontology) {
    const walk = (term) => {
      terms.push({ text: term.term, label: term.label, definition: term.definition });
      term.below.forEach(walk);
    };
    for (const section of ontology.sections) for (const group of section.groups) group.terms.forEach(walk);
    for (const scheme of ontology.schemes)
      for (const concept of scheme.concepts) terms.push({ text: `<${concept.id}>`, label: `${scheme.name}: ${concept.label}`, definition: concept.definition });
  }

  const typed = (yasqe) => yasqe.getCompleteToken().string.trim().toLowerCase();

  function atTerm(yasqe) {
    const text = typed(yasqe);
    const before = yasqe.getPreviousNonWsToken(yasqe.getDoc().getCursor().line, yasqe.getCompleteToken());
    return /^[a-z][\w-]*:?[\w-]*$/.test(text) && (!before || before.string.toUpperCase() !== "PREFIX");
  }

  /** The terms that what is typed may mean: a prefix and the beginning of a name, or words of a label. */
  function matching(yasqe, token) {
    const text = token.string.trim().toLowerCase();
    const [prefix, local] = text.includes(":") ? text.split(":") : ["", text];
    if (!prefix && local.length < 3) return [];
    const rank = (term) => {
      const name = term.text.toLowerCase();
      if (prefix && !name.startsWith(`${prefix}:`)) return -1;
      return [name.startsWith(`${prefix}:${local}`), term.label.startsWith(local), name.includes(local), term.label.includes(local)].indexOf(true);
    };
    const found = terms.map((term) => [rank(term), term.text]).filter(([place]) => place >= 0);
    return found.sort((one, two) => one[0] - two[0]).map(([, text]) => text).slice(0, 40);
  }

  function explained(yasqe, hints) {
    const known = new Map(terms.map((term) => [term.text, term]));
    return hints.map((hint) => ({
      ...hint,
      render: (element) => {
        const term = known.get(hint.text);
        element.append(hint.text.startsWith("<") ? term.label : hint.text, make("span", { class: "meaning" }, term.definition));
      },
    }));
  }

  /** Say which line is not SPARQL, and what could stand there. */
  function checked() {
    const doc = editor.getDoc();
    let said = "";
    for (let line = 0; line < doc.lineCount() && !said; line++) {
      const state = editor.getTokenAt({ line, ch: doc.getLine(line).length }, true).state;
      if (state.OK === false) said = `Line ${line + 1}: ` + (state.errorMsg || `expected ${(state.possibleCurrent || []).slice(0, 8).join(", ")}`);
    }
    document.getElementById("syntax").textContent = said;
    if (mark) mark.clear();
    mark = null;
  }

  // ---------------------------------------------------------------- Asking

  let running = null;

  async function run() {
    if (running) running.abort();
    const mine = (running = new AbortController());
    const query = asked();
    const began = performance.now();
    button.textContent = "Stop";
    answer.replaceChildren(make("p", { class: "quiet" }, "Asking …"));
    try {
      const response = await ask(query, `${RESULTS.JSON}, ${GRAPHS["N-Triples"]};q=0.9`, mine.signal);
      const graph = response.headers.get("Content-Type").startsWith(GRAPHS["N-Triples"]);
      const table = graph ? triples(await response.text()) : results(await response.json());
      show(query, table, graph, (performance.now() - began) / 1000);
    } catch (error) {
      if (mine === running) failed(error);
    } finally {
      if (mine === running) {
        running = null;
        button.textContent = "Run";
      }
    }
  }

  async function ask(query, accept, signal) {
    const response = await fetch(settings.endpoint, { method: "POST", headers: { Accept: accept }, body: new URLSearchParams({ query }), signal });
    if (response.ok) return response;
    const text = await response.text();
    let said = { error: text.trim() || `The server answered ${response.status}.` };
    try {
      said = JSON.parse(text);
    } catch {} // it is plain text
    throw Object.assign(new Error(said.error), { remedy: said.remedy || "" });
  }

  function failed(error) {
    if (error.name === "AbortError") return answer.replaceChildren(make("p", { class: "quiet" }, "Stopped."));
    const message = error instanceof TypeError ? "The server does not answer." : error.message;
    const place = message.match(/(?:line |at )(\d+)(?:, column |:)(\d+)/i);
    answer.replaceChildren(make("h2", {}, "Not answered"), make("p", { class: "lead", role: "alert" }, make("strong", {}, message)));
    if (error.remedy) answer.append(make("p", {}, error.remedy));
    if (place && editor) {
      const [line, ch] = [Number(place[1]) - 1, Math.max(Number(place[2]) - 1, 0)];
      mark = editor.getDoc().markText({ line, ch: Math.max(ch - 1, 0) }, { line, ch: ch + 1 }, { className: "wrong" });
      editor.getDoc().setCursor({ line, ch });
    }
  }

  // ---------------------------------------------------------------- Answers

  function results(answered) {
    if ("boolean" in answered) return { columns: ["answer"], rows: [[{ type: "literal", value: String(answered.boolean) }]] };
    const columns = answered.head.vars;
    return { columns, rows: answered.results.bindings.map((row) => columns.map((name) => row[name])) };
  }

  /** The triples of an answer in N-Triples. */
  function triples(text) {
    const lines = text.split("\n").filter((line) => line.trim() && !line.startsWith("#"));
    const rows = lines.map((line) => line.match(/^(\S+) (\S+) (.*) \.\s*$/)).filter(Boolean).map((match) => match.slice(1).map(term));
    return { columns: ["subject", "predicate", "object"], rows };
  }

  function term(text) {
    if (text.startsWith("<")) return { type: "uri", value: plain(text.slice(1, -1)) };
    if (text.startsWith("_:")) return { type: "bnode", value: text.slice(2) };
    const [, value, language, datatype] = text.match(/^"((?:[^"\\]|\\.)*)"(?:@([\w-]+)|\^\^<([^>]*)>)?$/) || [text, text];
    return { type: "literal", value: plain(value), "xml:lang": language, datatype };
  }

  const plain = (text) =>
    text.replace(/\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))/g, (_, four, eight, one) =>
      one ? { t: "\t", n: "\n", r: "\r", b: "\b", f: "\f" }[one] || one : String.fromCodePoint(parseInt(four || eight, 16)),
    );

  function show(query, table, graph, seconds) {
    const shown = table.rows.slice(0, settings.rows);
    const count = (number) => `${number.toLocaleString("en-GB")} ${number === 1 ? "row" : "rows"}`;
    const said = make("p", {}, shown.length < table.rows.length ? make("strong", {}, `The first ${shown.length.toLocaleString("en-GB")} of ${count(table.rows.length)} are shown`) : count(table.rows.length), `, in ${seconds.toFixed(2)} s.`);
    answer.replaceChildren(make("h2", {}, "Answer"), said);
    if (shown.length) answer.append(drawn(table.columns, shown));
    answer.append(links(query, graph ? GRAPHS : RESULTS));
  }

  function drawn(columns, rows) {
    const head = make("tr", {}, ...columns.map((name) => make("th", { scope: "col" }, name)));
    const body = make("tbody", {}, ...rows.map((row) => make("tr", {}, ...row.map(cell))));
    const table = make("table", {}, make("caption", { class: "unseen" }, "Rows of the answer"), make("thead", {}, head), body);
    return make("div", { class: "table answer", role: "region", "aria-label": "Rows of the answer", tabindex: "0" }, table);
  }

  function cell(value) {
    if (!value) return make("td");
    if (value.type !== "uri") {
      const language = value["xml:lang"];
      const text = value.type === "bnode" ? `_:${value.value}` : value.value ?? "«triple»";
      return make("td", NUMBER.test(value.datatype || "") ? { class: "number" } : {}, make("bdi", language ? { lang: language } : {}, text));
    }
    const name = make("bdi", {}, short(value.value));
    const href = address(value.value);
    return make("td", {}, href ? make("a", href === value.value ? { href, rel: "noreferrer" } : { href }, name) : name);
  }

  /** An IRI as a person reads it: of the case without its base, of a known vocabulary with its prefix. */
  function short(iri) {
    const base = Object.keys(settings.spaces)[0];
    if (iri.startsWith(base)) return iri.slice(base.length) || iri;
    for (const [prefix, space] of Object.entries(settings.prefixes)) if (iri.startsWith(space)) return `${prefix}:${iri.slice(space.length)}`;
    return iri;
  }

  /** Where an IRI leads: a page of this site, or itself if it is http or https; nowhere otherwise. */
  function address(iri) {
    for (const [space, path] of Object.entries(settings.spaces))
      if (iri.startsWith(space)) {
        const [page, ...fragment] = (path + iri.slice(space.length)).split("#");
        const hash = fragment.length ? "#" + encodeURIComponent(fragment.join("#")) : "";
        return settings.root + page.split("/").map(encodeURIComponent).join("/") + hash;
      }
    return /^https?:\/\/[^\s]+$/i.test(iri) ? iri : "";
  }

  // ---------------------------------------------------------------- To take away

  function links(query, formats) {
    const list = make("ul", { class: "row" });
    for (const [name, type] of Object.entries(formats)) {
      const fetched = make("button", { type: "button" }, name);
      fetched.addEventListener("click", () => download(query, name, type));
      list.append(make("li", {}, fetched));
    }
    list.append(make("li", {}, make("a", { href: shared(query) }, "Link to this query")));
    return list;
  }

  async function download(query, name, type) {
    try {
      const blob = await (await ask(query, type)).blob();
      const link = make("a", { href: URL.createObjectURL(blob), download: `answer.${SUFFIX[name]}` });
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 1000);
    } catch (error) {
      failed(error);
    }
  }

  /** The address that asks the query again; a long query stands behind #, where no server has to read it. */
  function shared(query) {
    const text = new URLSearchParams({ query }).toString();
    return text.length < LONGEST_LINK ? `${form.action}?${text}` : `${form.action}#${text}`;
  }

  const given = new URLSearchParams(location.hash.slice(1)).get("query");
  if (given) field.value = given;
  edit();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (running) running.abort();
    else run();
  });
})();
