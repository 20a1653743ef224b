// What a search result says, in the palette and on the page of search.

import { el } from "./dom";
import { load } from "./load";
import { says } from "./oncall";
import { mark, type Hit, type Query } from "./search";

export interface Group {
  title: string;
  hits: Hit[];
}

// group puts hits under the titles of their kinds, the kind of the best hit first.
export function group(hits: Hit[], more: Hit[]): Group[] {
  const groups: Group[] = [];
  const add = (title: string, hit: Hit): void => {
    const known = groups.find((g) => g.title === title);
    if (known) known.hits.push(hit);
    else groups.push({ title, hits: [hit] });
  };
  for (const hit of hits) add(hit.kindTitle, hit);
  const seen = new Set(hits.map((hit) => hit.url));
  for (const hit of more) if (!seen.has(hit.url)) add("In the text", hit);
  return groups;
}

// countOf returns how many hits the groups hold.
export function countOf(groups: Group[]): number {
  return groups.reduce((n, g) => n + g.hits.length, 0);
}

type Rotations = Record<string, Parameters<typeof says>[0]>;

// Who is on call in each rotation; nothing if the catalog has none.
let rotations: Rotations = {};

// learnRotations loads the shifts of all rotations, for the rows of results.
export async function learnRotations(path: string): Promise<void> {
  if (!path) return;
  try {
    rotations = await load<Rotations>("oncall", path);
  } catch {
    // Rows then say nothing of who is on call, which is in doubt anyway.
  }
}

// whose says whom a hit leads to: its owner and who is on call now.
function whose(hit: Hit, now: number): (Node | string)[] {
  const said: (Node | string)[] = [];
  const owner = hit.ownerTitle || hit.owner;
  if (owner) said.push(el("bdi", {}, owner));
  const plan = hit.oncall ? rotations[hit.oncall] : undefined;
  const who = plan ? says(plan, now) : "";
  if (who) said.push(owner ? " · on call: " : "on call: ", el("b", {}, el("bdi", {}, who)));
  else if (hit.channel) said.push(owner ? " · " : "", el("bdi", {}, hit.channel));
  return said;
}

function marked(text: string, q: Query): (Node | string)[] {
  return mark(text, q).map((piece, i) => (i % 2 ? el("mark", {}, piece) : piece));
}

// face fills the row of a hit: what it is, unless the title of its group says so,
// whose, and where the words stand.
export function face(hit: Hit, group: string, q: Query, now: number): Node[] {
  const facts = [hit.kindTitle === group ? "" : hit.kindTitle, hit.source === "entity" && hit.tier ? `tier ${hit.tier}` : ""];
  const kind = ` ${facts.filter(Boolean).join(" · ")}`;
  const parts: Node[] = [
    el("span", { class: "what" }, el("bdi", {}, ...marked(hit.title, q)), el("span", { class: "quiet small" }, kind)),
    el("span", { class: "whose" }, ...whose(hit, now)),
  ];
  if (hit.excerpt) {
    const where = hit.heading ? [el("b", {}, ...marked(hit.heading, q)), ": "] : [];
    parts.push(el("span", { class: "sub" }, ...where, ...marked(hit.excerpt, q)));
  }
  return parts;
}
