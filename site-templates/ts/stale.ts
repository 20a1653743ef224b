// Facts of live systems that are too old to be relied upon.

import unknown from "../icons/unknown.svg";
import warning from "../icons/warning.svg";
import { all, el, icon } from "./dom";

// Words that take the place of what is out of date, or stand before it. They are made when
// they are first needed: most facts are never too old.
function old(...words: (Node | string)[]): HTMLElement {
  return el("span", { class: "old" }, ...words);
}

function say(fact: HTMLElement): void {
  const state = (text: string): HTMLElement => el("span", { class: "st unknown" }, icon(unknown), text);
  for (const fresh of all(".fresh", fact)) {
    if (fresh.nextElementSibling?.matches(".old")) continue;
    const was = fresh.textContent?.trim() ?? "";
    fresh.after(old(state("Unknown"), " ", el("span", { class: "quiet small" }, `was ${was.charAt(0).toLowerCase()}${was.slice(1)}`)));
  }
  const before = (place: HTMLElement, ...words: (Node | string)[]): void => {
    if (!place.previousElementSibling?.matches(".old")) place.before(old(...words));
  };
  for (const version of all("[data-was]", fact)) before(version, state("Unknown,"), " was ");
  for (const told of all("[data-asof]", fact)) before(told, el("span", { class: "st warning" }, icon(warning), "out of date,"), " ");
}

// expire marks what was told too long ago.
export function expire(now: number): void {
  for (const fact of all("[data-stale]")) {
    const late = Date.parse(fact.dataset.stale!) <= now;
    if (late) say(fact);
    fact.classList.toggle("stale", late);
  }
}
