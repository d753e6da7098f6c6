// Suggestions below the search fields: a combobox after the ARIA Authoring Practices. Without this script a field is a plain form.
"use strict";

const root = document.body.dataset.root;
const live = document.body.dataset.live;

// What a text may mean: [{label, kind, href}]. A static copy has no server to ask, and finds it in its own index.
async function suggestions(text) {
  if (!live) return offline.names(text);
  const answer = await fetch(`${root}suggest.json?q=${encodeURIComponent(text)}`);
  return answer.ok ? answer.json() : [];
}

function combobox(input, number) {
  const list = document.createElement("ul");
  list.id = `suggestions-${number}`;
  list.className = "suggestions";
  list.hidden = true;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Names");
  input.form.append(list);
  for (const [name, value] of [["role", "combobox"], ["aria-autocomplete", "list"], ["aria-expanded", "false"], ["aria-controls", list.id]]) {
    input.setAttribute(name, value);
  }
  let chosen = -1;
  let asked = 0;
  let waiting;

  function close() {
    asked += 1; // what is still on its way comes too late
    clearTimeout(waiting);
    list.hidden = true;
    list.replaceChildren();
    choose(-1);
    input.setAttribute("aria-expanded", "false");
  }

  function choose(index) {
    chosen = index;
    [...list.children].forEach((option, place) => option.setAttribute("aria-selected", String(place === index)));
    if (index < 0) input.removeAttribute("aria-activedescendant");
    else {
      input.setAttribute("aria-activedescendant", list.children[index].id);
      list.children[index].scrollIntoView({ block: "nearest" });
    }
  }

  function show(found) {
    list.replaceChildren(...found.map(option));
    list.hidden = !found.length;
    input.setAttribute("aria-expanded", String(Boolean(found.length)));
    choose(-1);
  }

  function option(one, place) {
    const item = document.createElement("li");
    const name = document.createElement("bdi");
    const kind = document.createElement("span");
    item.id = `${list.id}-${place}`;
    item.dataset.href = one.href;
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    name.textContent = one.label;
    kind.textContent = ` ${one.kind}`;
    kind.className = "quiet small";
    item.append(name, kind);
    item.addEventListener("mousedown", (event) => event.preventDefault()); // the field keeps the focus
    item.addEventListener("click", () => location.assign(item.dataset.href));
    return item;
  }

  input.addEventListener("input", () => {
    clearTimeout(waiting);
    const text = input.value.trim();
    if (text.length < 2) return close();
    const turn = (asked += 1);
    waiting = setTimeout(async () => {
      try {
        const found = await suggestions(text);
        if (turn === asked) show(found);
      } catch {
        if (turn === asked) close(); // without suggestions the form still works
      }
    }, 120);
  });

  input.addEventListener("keydown", (event) => {
    const count = list.children.length;
    if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : -1;
      choose(chosen < 0 && step < 0 ? count - 1 : chosen + step >= count ? -1 : chosen + step);
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      location.assign(list.children[chosen].dataset.href);
    }
  });
  input.addEventListener("blur", close);
}

document.querySelectorAll("form.search input[name=q]").forEach(combobox);
