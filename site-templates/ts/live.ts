// What live systems say, after the page was built. Pages hold what is the case; how old that
// is, and figures, come from build.js and from a file that tells of the page's entity. A page
// that stays open looks once a minute whether the site has newer facts.

import { all, el, one } from "./dom";
import { type Build, load, reload } from "./load";
import { absolute, ago } from "./times";

interface Part {
  [entity: string]: { d: string; f: Record<string, [read: number, stale: number]>; g?: Record<string, string[]> };
}

const every = 60_000;
let shown = ""; // digest of the facts that the page shows
let enhance: () => void = () => undefined;

// place says where the file about the page's entity is, what it calls it, and by which digest
// it names what the page says.
function place(): [path: string, entity: string, digest: string] | null {
  const text = one("main[data-live]")?.dataset.live?.split(" ");
  return text?.length === 3 ? [text[0]!, text[1]!, text[2]!] : null;
}

// expiring are the facts that are as old as the last reading of their provider, with that and
// their key: the page says both where others say until when they are to be relied upon.
const known = new WeakMap<HTMLElement, [provider: string, key: string]>();

function expiring(within: ParentNode): [HTMLElement, [provider: string, key: string]][] {
  for (const fact of all("[data-stale]", within)) {
    const [key, ...provider] = fact.dataset.stale!.split(" ");
    if (provider.length) known.set(fact, [provider.join(" "), key!]);
  }
  return all("[data-stale]", within).flatMap((fact) => (known.has(fact) ? [[fact, known.get(fact)!]] : []));
}

function mark(fact: HTMLElement, read: number, stale: number): void {
  fact.dataset.stale = new Date(stale * 1000).toISOString();
  const when = new Date(read * 1000).toISOString();
  for (const asOf of all("[data-asof]", fact)) asOf.replaceChildren("as of ", el("time", { datetime: when, "data-ago": true }, when));
}

// fill puts times and figures into what the page shows.
function fill(build: Build, found: Part[string] | undefined, within: ParentNode = document): void {
  for (const [fact, [provider, key]] of expiring(within)) {
    const read = build.read?.[provider];
    const own = found?.f[key];
    if (own) mark(fact, ...own);
    else if (read) mark(fact, read[0], read[0] + read[1]);
  }
  for (const figure of all("[data-figure]", within)) {
    const [key, i] = figure.dataset.figure!.split(".");
    const text = found?.g?.[key!]?.[Number(i)];
    if (text !== undefined) figure.textContent = text;
  }
}

// page fetches the page again, as the site has it now.
function page(): Promise<Document> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", location.href.replace(/#.*/, ""));
    request.setRequestHeader("Cache-Control", "no-cache");
    request.responseType = "document";
    request.onerror = () => reject(new Error("the page cannot be fetched"));
    request.onload = () => (request.status === 200 && request.responseXML ? resolve(request.responseXML) : request.onerror!(new ProgressEvent("error")));
    request.send();
  });
}

// inUse reports whether the reader is at a part of the page: it must not change under
// their hands.
function inUse(part: Element): boolean {
  const selection = getSelection();
  return part.contains(document.activeElement) || (!!selection && !selection.isCollapsed && selection.containsNode(part, true));
}

// swap puts the parts that tell of facts in place of those of the page, and returns them.
function swap(from: Document): HTMLElement[] | null {
  const pairs: [HTMLElement, HTMLElement][] = [];
  for (const old of all("[data-part]")) {
    const fresh = one(`[data-part="${old.dataset.part}"]`, from);
    if (fresh) pairs.push([old, fresh]);
  }
  if (pairs.some(([old]) => inUse(old))) return null;
  for (const [old, fresh] of pairs) {
    const open = new Set(all("details[open] > summary", old).map((summary) => summary.textContent));
    for (const summary of all("details > summary", fresh)) if (open.has(summary.textContent)) summary.parentElement!.setAttribute("open", "");
    old.replaceWith(document.adoptNode(fresh));
  }
  return pairs.map(([, fresh]) => fresh);
}

// refresh brings the page to what the site says now. It reports false if it could not yet.
async function refresh(build: Build): Promise<boolean> {
  const at = place();
  const found = at ? (await reload<Part>(at[0], `${at[0]}.js`))[at[1]] : undefined;
  if (at && !found) return true; // nothing is said of it any more: the page stays as old as it is
  if (found?.d === shown) {
    fill(build, found);
    enhance();
    return true;
  }
  const from = await page();
  const fresh = swap(from);
  if (!fresh) return false;
  shown = one("main", from)?.dataset.live?.split(" ")[2] ?? "";
  if (found && shown !== found.d) return false; // a cache between has an older page
  for (const part of fresh) fill(build, found, part);
  if (found) fill(build, found);
  enhance();
  return true;
}

// outdated says at the top of the page that nothing is known of the present: every live
// system was read too long ago.
function outdated(build: Build, now: number): void {
  const all = Object.values(build.read ?? {});
  const late = all.length > 0 && all.every(([read, limit]) => (read + limit) * 1000 <= now);
  const before = one("[data-outdated]");
  if (!late) return before?.remove();
  const last = Math.max(...all.map(([read]) => read)) * 1000;
  const when = el("time", { datetime: new Date(last).toISOString(), "data-ago": true }, ago(last, now));
  if (before) return;
  const text = el("p", {}, el("b", {}, "Live status is out of date: "), "nothing has been read since ", absolute(last), ", ", when, ". What has changed since then is not known here.");
  one("main")?.before(el("div", { class: "outdated", role: "status", "data-outdated": true }, text));
}

// live begins. enhanced is called when the page has changed.
export async function live(first: Build, enhanced: () => void): Promise<void> {
  if (!first.read) return;
  enhance = enhanced;
  outdated(first, Date.now());
  const at = place();
  shown = at?.[2] ?? "";
  let told = first.live;
  const part = at && (await load<Part>(at[0], `${at[0]}.js`).catch(() => null));
  const found = at ? part?.[at[1]] : undefined;
  if (part && found?.d !== shown) told = ""; // the page is of another build than the file
  else fill(first, found);
  enhance();
  if (!at && !expiring(document).length) return; // the page tells of no facts
  if (!location.protocol.startsWith("http")) return; // a folder does not change, and cannot be asked
  const look = async (): Promise<void> => {
    if (document.hidden) return;
    const now = await reload<Build>("build", "build.js").catch(() => null);
    if (!now) return; // no network: the page says itself how old it is
    outdated(now, Date.now());
    if (now.live !== told && (await refresh(now).catch(() => false))) told = now.live;
  };
  setInterval(() => void look(), every);
  document.addEventListener("visibilitychange", () => void look());
  if (!told) void look();
}
