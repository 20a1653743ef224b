// Who is on call now. A page holds the shifts of the days to come; the present one
// is picked by this computer's clock, so that the answer stays right between builds.

import { all, el, one, safeHref } from "./dom";
import { absolute, clock } from "./times";

interface Rotation {
  p: [name: string, href: string][];
  s: [from: number, to: number, person: number][];
  a?: boolean; // one person takes every turn
}

export interface Duty {
  who: string;
  href: string;
  until: number; // milliseconds; infinite if nobody else takes turns
  next: string; // empty if nobody is known to follow
}

// read parses the shifts that an element carries. One that carries none is about the
// rotation of the page's blade.
function read(text: string | undefined): Rotation | null {
  if (!text) return null;
  const found = JSON.parse(text) as Rotation;
  return found.s.length ? found : null;
}

// duty returns who is on call at a moment; null before the first shift, in a gap and
// after the last. Shifts of one person in a row count as one.
export function duty(rotation: Rotation, now: number): Duty | null {
  const at = rotation.s.findIndex(([from, to]) => from * 1000 <= now && now < to * 1000);
  const shift = rotation.s[at];
  if (!shift) return null;
  const [who, href] = rotation.p[shift[2]] ?? ["", ""];
  let until = shift[1];
  for (const [from, to, person] of rotation.s.slice(at + 1)) {
    if (from !== until) return { who, href, until: until * 1000, next: "" };
    if (person !== shift[2]) return { who, href, until: until * 1000, next: rotation.p[person]?.[0] ?? "" };
    until = to;
  }
  return { who, href, until: rotation.a ? Infinity : until * 1000, next: "" };
}

function until(found: Duty, now: number): (Node | string)[] {
  if (found.until === Infinity) return ["with nobody else in the rotation"];
  const time = el("time", { datetime: new Date(found.until).toISOString(), title: absolute(found.until) }, clock(found.until, now));
  return found.next ? ["until ", time, ", then ", el("bdi", {}, found.next)] : ["until ", time];
}

// absence says why nobody is on call.
function absence(rotation: Rotation, now: number): [string, string] {
  const next = rotation.s.find(([from]) => from * 1000 > now);
  if (!next) return ["Unknown", "the last known shift is over: rebuild the site"];
  return ["Nobody", `until ${clock(next[0] * 1000, now)}, then ${rotation.p[next[2]]?.[0] ?? ""}`];
}

function showBlade(face: HTMLElement, rotation: Rotation, now: number): void {
  const name = one("b", face);
  const note = one("small", face);
  if (!name || !note) return;
  const found = duty(rotation, now);
  face.parentElement?.classList.toggle("missing", !found);
  if (!found) {
    const [who, why] = absence(rotation, now);
    name.textContent = who;
    note.textContent = why;
    return;
  }
  name.replaceChildren(el("bdi", {}, found.who));
  note.replaceChildren(...until(found, now));
  const href = safeHref(found.href);
  if (href && face instanceof HTMLAnchorElement) face.href = href;
}

function showLine(line: HTMLElement, rotation: Rotation, now: number): void {
  const found = duty(rotation, now);
  if (!found && line.dataset.personal !== undefined) {
    const next = rotation.s.find(([from]) => from * 1000 > now);
    line.textContent = next ? `Not on call now; next from ${clock(next[0] * 1000, now)}.` : "Not on call any more.";
    return;
  }
  if (!found) {
    line.textContent = absence(rotation, now).join(": ");
    return;
  }
  line.replaceChildren(el("b", {}, found.who), " is on call ", ...until(found, now), ".");
}

function showStrip(now: number): void {
  for (const shift of document.querySelectorAll<SVGElement>(".strip [data-from]")) {
    const from = Date.parse(shift.dataset.from ?? "");
    const to = Date.parse(shift.dataset.to ?? "");
    shift.classList.toggle("now", from <= now && now < to);
  }
}

// show brings everything on the page that says who is on call up to date.
export function show(now: number): void {
  for (const place of all("[data-shifts]")) {
    const rotation = read(place.dataset.shifts || one(".blade [data-shifts]")?.dataset.shifts);
    if (!rotation) continue;
    if (place.tagName === "P") showLine(place, rotation, now);
    else showBlade(place, rotation, now);
  }
  showStrip(now);
}

// says returns the one on call in a few words, for a row of search results.
export function says(rotation: Rotation, now: number): string {
  return duty(rotation, now)?.who ?? "";
}
