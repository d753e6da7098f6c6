// On the page of a report: what one points at in the list is lit in the text, and the other way round; what one goes to comes into view in both.
"use strict";

const listed = new Map([...document.querySelectorAll("[data-statement]")].map((entry) => [entry.dataset.statement, entry]));
const marked = new Map([...listed.keys()].map((name) => [name, []]));
for (const mark of document.querySelectorAll("[data-statements]")) {
  for (const name of mark.dataset.statements.split(" ")) marked.get(name)?.push(mark);
}

// What stands on the other side for an entry of the list, or for a mark in the text.
function beside(element) {
  if (element.dataset.statement) return marked.get(element.dataset.statement);
  return element.dataset.statements.split(" ").map((name) => listed.get(name)).filter(Boolean);
}

for (const element of [...listed.values(), ...new Set([...marked.values()].flat())]) {
  for (const [event, on] of [["mouseenter", true], ["focusin", true], ["mouseleave", false], ["focusout", false]]) {
    element.addEventListener(event, () => beside(element).forEach((other) => other.classList.toggle("lit", on)));
  }
}

function follow() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target && (target.dataset.statement || target.dataset.statements)) {
    document.querySelectorAll(".lit").forEach((element) => element.classList.remove("lit"));
    const others = beside(target);
    others.forEach((other) => other.classList.add("lit"));
    if (matchMedia("(min-width: 801px)").matches) others[0]?.scrollIntoView({ block: "nearest" });
  }
}

addEventListener("hashchange", follow);
follow();
