// Works out which entities of a kind a choice leaves, and how many each further choice
// would leave. Of a kind that lies in several shards only those are loaded that may hold
// what was chosen; pkg/search/places.go says which.

import { type Columns, Numbers, shard, shardsOf } from "./columns";
import { load } from "./load";
import { breathe } from "./slices";

// Chosen are the values that the reader chose, by facet. A row has to have one of the
// values of each facet.
export type Chosen = ReadonlyMap<string, ReadonlySet<string>>;

export interface Left {
  rows: number[];
  // For each facet how many rows each of its values would leave. The only facet that is
  // chosen has none: it would leave what the whole list has, which the page says.
  counts: Map<string, Map<string, number>>;
  without: Map<string, number>; // how many rows taking back the choice in a facet would leave
}

type PlacesFile = Record<string, { v: string[]; p: string } | undefined>;

// columnOf is the column of a facet: the organisation's own fields have a full stop
// before their names.
function columnOf(c: Columns, facet: string): string {
  return c.set(`.${facet}`) && facet !== "gap" && facet !== "tag" ? `.${facet}` : facet;
}

// valuesOf returns a row's values of a facet.
export function valuesOf(c: Columns, facet: string, row: number): string[] {
  const column = columnOf(c, facet);
  if (c.set(column)) return c.values(column, row);
  const value = c.value(column, row);
  return value ? [value] : [];
}

// Facet counts the values of one facet in the rows that it is given.
class Facet {
  private readonly values: readonly string[];
  private readonly counts: Int32Array;
  private readonly codes: (row: number) => readonly number[];
  private readonly allowed: Uint8Array; // by value
  private alone = 0; // rows to which nothing but this facet's choice is in the way

  constructor(
    c: Columns,
    readonly name: string,
    chosen: ReadonlySet<string>,
  ) {
    const set = c.set(columnOf(c, name));
    const column = set ?? c.column(name);
    this.values = column.values;
    this.counts = new Int32Array(column.values.length);
    this.allowed = Uint8Array.from(column.values, (v) => Number(chosen.has(v)));
    const one = [0]; // made once: this runs for every row
    this.codes = set ? (row) => set.codes[row]! : (row) => ((one[0] = column.codes[row] as number), one);
  }

  matches(row: number): boolean {
    for (const code of this.codes(row)) if (this.allowed[code]) return true;
    return false;
  }

  count(row: number): void {
    for (const code of this.codes(row)) this.counts[code]!++;
  }

  miss(row: number): void {
    this.alone++;
    this.count(row);
  }

  left(): Map<string, number> {
    return new Map(this.values.flatMap((v, code): [string, number][] => (v && this.counts[code] ? [[v, this.counts[code]]] : [])));
  }

  without(matching: number): number {
    return matching + this.alone;
  }
}

// narrow loads what it needs and says how far it is if that is more than one shard.
export async function narrow(c: Columns, kind: string, facets: readonly string[], chosen: Chosen, signal?: AbortSignal, progress?: (done: number, of: number) => void): Promise<Left> {
  const shards = await needed(c, kind, chosen);
  let done = 0;
  const tell = (): void => {
    if (progress && shards.length > 1 && !signal?.aborted) progress(done++, shards.length);
  };
  if (!shards.every((n) => c.loaded.has(n))) tell();
  await Promise.all(shards.map(async (n) => (c.loaded.has(n) ? done++ : shard(c, n).then(tell))));
  const all = [...new Set([...facets, ...chosen.keys()])].map((name) => new Facet(c, name, chosen.get(name) ?? new Set()));
  const rows = await pass(c, kind, shards, all, all.filter((f) => chosen.has(f.name)), signal);
  const left: Left = { rows, counts: new Map(all.map((f) => [f.name, f.left()])), without: new Map(all.map((f) => [f.name, f.without(rows.length)])) };
  if (chosen.size === 1) {
    const [from, to] = c.range(kind);
    const [only] = chosen.keys();
    left.counts.delete(only!);
    left.without.set(only!, to - from);
  }
  return left;
}

// pass goes through the rows once. One that fails a single choice is what taking this
// choice back would leave.
async function pass(c: Columns, kind: string, shards: readonly number[], all: readonly Facet[], asked: readonly Facet[], signal?: AbortSignal): Promise<number[]> {
  const [from, to] = c.range(kind);
  const size = c.entry.shardRows;
  const rows: number[] = [];
  for (const n of shards) {
    const last = Math.min(to, (n + 1) * size);
    for (let row = Math.max(from, n * size); row < last; row++) {
      if (row % 256 === 0) await breathe(signal);
      let failed: Facet | undefined;
      let fails = 0;
      for (const f of asked) {
        if (!f.matches(row)) [failed, fails] = [f, fails + 1];
      }
      if (fails === 1) failed!.miss(row);
      if (fails > 0) continue;
      rows.push(row);
      for (const f of all) f.count(row);
    }
  }
  signal?.throwIfAborted();
  return rows;
}

// needed lists the shards that a choice depends on: those that may hold what it leaves
// and, with choices in several facets, those that may hold what it would leave without
// one of them, since that is counted too.
async function needed(c: Columns, kind: string, chosen: Chosen): Promise<number[]> {
  const shards = shardsOf(c, kind);
  const n = c.entry.kinds.findIndex(({ name }) => name === kind);
  const hash = c.entry.kinds[n]?.places;
  if (!hash || chosen.size === 0) return shards;
  const file = await load<PlacesFile>(`search/f/${n}`, `search/f/${n}-${hash}.js`);
  const places = [...chosen].map(([facet, values]) => placesOf(file[columnOf(c, facet)], values));
  return shards.filter((_, i) => places.filter((known) => known && !known.has(i)).length <= (chosen.size > 1 ? 1 : 0));
}

// placesOf returns which of a kind's shards hold one of the values, or undefined if any
// may.
function placesOf(f: { v: string[]; p: string } | undefined, values: ReadonlySet<string>): Set<number> | undefined {
  if (!f) return undefined;
  const places = new Set<number>();
  const r = new Numbers(f.p);
  let found = 0;
  for (const v of f.v) {
    const wanted = values.has(v);
    if (wanted) found++;
    for (let n = r.next(); n > 0; n--) {
      const at = r.next();
      if (wanted) places.add(at);
    }
  }
  return found === values.size ? places : undefined; // others stand in every shard, or in none
}
