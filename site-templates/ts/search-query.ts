// Takes a query apart, as pkg/search/query.go does: change both together.

import { squash, words } from "./search-words";
import { breathe } from "./slices";

// Filter restricts results to entities that have one of the values, as typed, in a
// column. The key "team" stands for the owner and the team itself.
export interface Filter {
  key: string;
  values: string[];
}

export interface Query {
  filters: Filter[];
  words: string[]; // folded, in order, without the filters
  typing: boolean; // the last word may be unfinished
}

// Keys maps squashed names to what they mean.
export type Keys = Map<string, string>;

const maxQueryRunes = 256;
const maxQueryWords = 12;

const filterKeys: Keys = new Map([
  ..."kind namespace owner team tier lifecycle system domain type language tag channel oncall gap".split(" ").map((k): [string, string] => [k, k]),
  ["lang", "language"],
  ["tags", "tag"],
]);

const sigils: Keys = new Map([
  ["@", "team"],
  ["#", "channel"],
  [":", "tag"],
]);

// parse takes a query apart. columns maps the organisation's own fields to their
// columns; kinds are those of the catalog, so that `service:payments-api` is a kind
// and a word.
export function parse(text: string, columns: Keys, kinds: Keys): Query {
  const q: Query = { filters: [], words: [], typing: false };
  const query = clip(text);
  for (const token of tokens(query)) {
    const [key, value] = splitToken(token, columns, kinds);
    q.typing = key === "";
    if (key === "") {
      addWords(q, value);
    } else if (kinds.has(key) && !filterKeys.has(key)) {
      addFilter(q, "kind", [kinds.get(key)!]);
      addWords(q, value);
    } else {
      addFilter(q, key, value.split(","));
    }
  }
  q.typing = q.typing && q.words.length > 0 && !/[ "]$/.test(query);
  return q;
}

function clip(query: string): string {
  return Array.from(query)
    .slice(0, maxQueryRunes)
    .join("")
    .replace(/[ \t\n\r\u00a0\u3000]/g, " ")
    .replace(/[“”„]/g, '"');
}

// tokens splits at spaces outside quotation marks.
function tokens(query: string): string[] {
  return query.match(/(?:[^ "]|"[^"]*(?:"|$))+/g) ?? [];
}

function splitToken(token: string, columns: Keys, kinds: Keys): [string, string] {
  const sigil = sigils.get(token[0]!);
  if (sigil) return [sigil, unquote(token.slice(1))];
  const colon = token.indexOf(":");
  const before = token.slice(0, Math.max(colon, 0));
  if (colon >= 0 && !before.includes('"')) {
    const name = squash(before);
    const key = filterKeys.get(name) ?? columns.get(name) ?? (kinds.has(name) ? name : undefined);
    if (key !== undefined) return [key, unquote(token.slice(colon + 1))];
  }
  return ["", unquote(token)];
}

function unquote(s: string): string {
  return s.replace(/"/g, "");
}

function addWords(q: Query, s: string): void {
  q.words = q.words.concat(words(s)).slice(0, maxQueryWords);
}

function addFilter(q: Query, key: string, values: string[]): void {
  values = values.filter((v) => squash(v) !== "");
  if (values.length === 0) return;
  const same = q.filters.find((f) => f.key === key);
  if (same) same.values.push(...values);
  else q.filters.push({ key, values });
}

const squashed = new Map<string, string>();
const split = new Map<string, string[]>();

// once keeps what make returned for a text: filters ask for the same values at every
// key press.
function once<T>(known: Map<string, T>, make: (s: string) => T, text: string): T {
  let made = known.get(text);
  if (made === undefined) known.set(text, (made = make(text)));
  return made;
}

// allowedValues returns which values of a column a filter means: for each of the
// wanted ones those that equal it or, if none does, those that begin with it or have a
// word that does.
export async function allowedValues(values: Iterable<string>, wanted: string[]): Promise<Set<string>> {
  const allowed = new Set<string>();
  const all = Array.from(values);
  for (const value of wanted) {
    const want = squash(value);
    let found = await matching(all, (v) => once(squashed, squash, v) === want);
    if (found.length === 0) {
      found = await matching(all, (v) => once(squashed, squash, v).startsWith(want) || once(split, words, v).some((w) => w.startsWith(want)));
    }
    for (const v of found) allowed.add(v);
  }
  allowed.delete("");
  return allowed;
}

async function matching(all: readonly string[], matches: (v: string) => boolean): Promise<string[]> {
  const found: string[] = [];
  for (const [i, v] of all.entries()) {
    if (matches(v)) found.push(v);
    if (i % 256 === 0) await breathe();
  }
  return found;
}
