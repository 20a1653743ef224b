// The search of the site: entities by name and text by words, read from the static
// files that pkg/search writes. Nothing typed leaves the page.
//
//	const hits = await search("payments owner:payments", { limit: 8, signal });
//	const texts = await searchDocuments("card refund stuck", { limit: 6, signal });
//	if (hits.length + texts.length === 0) await nearest("paymnets");
//
// Every hit's url is relative to the site's root (`base` in load.ts).

import { type Columns, columns, details, entry, fetchShard, open, shard } from "./columns";
import { kept } from "./kept";
import { Text } from "./search-documents";
import { type Scored, scoreEntities, top, Vocabulary } from "./search-entities";
import { type Keys, parse, type Query } from "./search-query";
import { fold, squash, stem, words } from "./search-words";

export type { Filter, Query } from "./search-query";
export { columns, details } from "./columns";

export interface Hit {
  source: "entity" | "document";
  row: number; // of the entity that it is or is about; -1 for none
  kind: string;
  kindTitle: string;
  title: string;
  name: string; // of the entity; empty for a document
  url: string;
  owner: string; // name of the team
  ownerTitle: string;
  oncall: string; // rotation
  channel: string;
  tier: string;
  lifecycle: string;
  heading?: string; // of the section that matched best
  excerpt?: string; // beginning of that section, or the entity's description
  score: number;
}

export interface Options {
  limit?: number;
  signal?: AbortSignal;
  // partial is called with the hits so far while more columns are loaded. It is never
  // called where the catalog fits one column file.
  partial?: (hits: Hit[]) => void;
}

interface Names {
  columns: Keys;
  kinds: Keys;
}

// names is what may stand before a colon beside the built-in keys.
function names(): Promise<Names> {
  return kept("names", async () => {
    const e = await entry();
    return {
      columns: new Map(e.fields.map((f): [string, string] => [squash(f), "." + f])),
      kinds: new Map(e.kinds.map((k): [string, string] => [squash(k.name), k.name])),
    };
  });
}

// parseQuery takes a query apart into words and filters.
export async function parseQuery(query: string): Promise<Query> {
  const n = await names();
  return parse(query, n.columns, n.kinds);
}

// Shards whose files have come are read one after the other: side by side, each would be
// ready as late as the last. Those in which the query is likely to be found come first.
const unread: { n: number; read: () => Promise<void> }[] = [];
let reading = false;
let urgent: readonly number[] = [];

async function readAll(): Promise<void> {
  if (reading) return;
  reading = true;
  while (unread.length > 0) {
    const at = unread.findIndex(({ n }) => urgent.includes(n));
    await unread.splice(Math.max(0, at), 1)[0]!.read();
  }
  reading = false;
}

function vocabulary(c: Columns, n: number): Promise<Vocabulary> {
  return kept(`words ${n}`, async () => {
    await fetchShard(c, n);
    return new Promise((done, fail) => {
      unread.push({ n, read: () => shard(c, n).then(() => Vocabulary.of(c, n)).then(done, fail) });
      void readAll();
    });
  });
}

function allVocabularies(c: Columns): Promise<Vocabulary[]> {
  return Promise.all(c.entry.shards.map((_, n) => vocabulary(c, n)));
}

// likely lists the shards with a name that begins like the query.
function likely(c: Columns, q: Query): number[] {
  const whole = q.words.join("");
  return c.entry.shards.flatMap((s, n) => (s.kinds.some(([, first, last]) => first.slice(0, whole.length) <= whole && whole <= last) ? [n] : []));
}

// prepare loads what a first key press needs. The palette calls it when it opens.
export async function prepare(): Promise<void> {
  await allVocabularies(await open());
}

// search returns the entities that match a query, best first. Every word must match
// some field, and every filter too; a query of filters alone lists what they leave.
export async function search(query: string, options: Options = {}): Promise<Hit[]> {
  const { limit = 20, signal, partial } = options;
  const c = await open();
  const q = await parseQuery(query);
  if (q.words.length === 0 && q.filters.length === 0) return [];
  const answer = async (vs: readonly Vocabulary[]): Promise<Hit[]> => {
    const best = top(await scoreEntities(c, vs, q, signal), limit);
    signal?.throwIfAborted();
    return best.map(({ row, score }) => entityHit(c, row, score));
  };
  if (partial && c.loaded.size < c.entry.shards.length && q.filters.length === 0) {
    urgent = likely(c, q);
    const some = await Promise.all(urgent.map((n) => vocabulary(c, n)));
    signal?.throwIfAborted();
    if (some.length > 0 && some.length < c.entry.shards.length) partial(await answer(some));
  }
  const all = await allVocabularies(c);
  signal?.throwIfAborted();
  return answer(all);
}

// nearest returns entities whose names are spelt like the query, for one that found
// nothing.
export async function nearest(query: string, options: Options = {}): Promise<Hit[]> {
  const c = await open();
  const q = await parseQuery(query);
  const whole = q.words.join("");
  if (whole === "") return [];
  const far = Math.max(2, Math.floor(whole.length / 3));
  const all: Scored[] = [];
  for (const v of await allVocabularies(c)) {
    const scores = new Int32Array(v.to - v.from);
    await v.near(whole, far, scores);
    all.push({ from: v.from, scores });
  }
  options.signal?.throwIfAborted();
  return top(all, options.limit ?? 5).map(({ row, score }) => entityHit(c, row, score));
}

// searchDocuments returns the documents, and the entities by their descriptions, whose
// text matches a query, best first. Filters apply to the entity that a document is
// about, `kind` to the document and `owner` to the document's own owner if it has one.
export async function searchDocuments(query: string, options: Options = {}): Promise<Hit[]> {
  const { limit = 8, signal } = options;
  const c = await columns();
  const text = await kept("text", () => Text.of(c));
  const q = await parseQuery(query);
  signal?.throwIfAborted();
  if (!text) return [];
  const found = await text.search(q, limit, signal);
  const hits = found.map((d): Hit => {
    const hit = d.row >= 0 ? entityHit(c, d.row, d.score) : unowned(d.score);
    if (d.url === "") return hit;
    showOwner(c, hit, d.owner);
    hit.source = "document";
    hit.kind = d.kind;
    hit.kindTitle = d.kindTitle;
    hit.name = "";
    hit.title = d.title;
    hit.url = d.url;
    hit.heading = d.heading;
    hit.excerpt = d.excerpt;
    return hit;
  });
  const described = hits.filter((h) => h.source === "entity");
  const more = await details(described.map((h) => h.row));
  described.forEach((h, i) => (h.excerpt = more[i]!.description));
  signal?.throwIfAborted();
  return hits;
}

// showOwner says whose a document is: its own owner's, its entity's owner's, or that of
// the team which it is about. The hit is still that of the entity.
function showOwner(c: Columns, hit: Hit, own: string): void {
  const namespace = hit.row >= 0 ? c.value("namespace", hit.row) : "";
  const team = hit.kind === "team" ? (namespace ? `${namespace}/` : "") + hit.name.toLowerCase() : "";
  if (team && (own === team || (!own && !hit.owner))) [hit.owner, hit.ownerTitle] = [team, hit.title];
  else if (own) [hit.owner, hit.ownerTitle] = [own, c.ownerTitles.get(own) ?? ""];
}

function entityHit(c: Columns, row: number, score: number): Hit {
  const kind = c.value("kind", row);
  const owner = c.value("owner", row);
  return {
    source: "entity",
    row,
    kind,
    kindTitle: c.kindTitles.get(kind) || kind,
    title: c.title(row),
    name: c.names[row]!,
    url: c.url(row),
    owner,
    ownerTitle: c.ownerTitles.get(owner) ?? "",
    oncall: c.value("oncall", row),
    channel: c.value("channel", row),
    tier: c.value("tier", row),
    lifecycle: c.value("lifecycle", row),
    score,
  };
}

function unowned(score: number): Hit {
  const none = { kind: "", kindTitle: "", title: "", name: "", url: "", owner: "", ownerTitle: "", oncall: "", channel: "", tier: "", lifecycle: "" };
  return { source: "document", row: -1, score, ...none };
}

// mark cuts a text where the query's words stand in it: every second piece, beginning
// with the second, is to be marked.
export function mark(text: string, q: Query): string[] {
  const pieces = [""];
  for (const run of text.match(/[\p{L}\p{N}\p{M}]+|[^\p{L}\p{N}\p{M}]+/gu) ?? []) {
    const w = fold(run);
    const hit = words(run).length > 0 && q.words.some((asked) => stem(w) === stem(asked) || (asked.length >= 3 && w.startsWith(asked)));
    // Pieces alternate: even ones are plain, odd ones marked.
    if (hit === (pieces.length % 2 === 1)) pieces.push("");
    pieces[pieces.length - 1] += run;
  }
  return pieces;
}
