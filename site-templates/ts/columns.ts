// Reads the columns of all entities and the details of some: what the palette finds
// entities in and what the lists show. pkg/search/columns.go writes them.
//
//	const c = await open();
//	await withKinds(c, ["service"]);
//	const [from, to] = c.range("service");
//	for (let row = from; row < to; row++) c.title(row), c.value("owner", row), c.values("tag", row);
//	const [first] = await details([from]);
//
// Columns with one value per row: kind namespace owner oncall channel system domain
// tier lifecycle type language. With several: tag, gap and the organisation's own
// fields as "." and their name.

import { kept } from "./kept";
import { load } from "./load";
import { breathe, pause } from "./slices";

// A column's values, the empty one among them, and for each row the place of its value.
export interface Column {
  readonly values: string[];
  readonly codes: Int32Array;
}

export interface SetColumn {
  readonly values: string[];
  readonly codes: ReadonlyArray<readonly number[]>;
}

export interface Details {
  description: string;
  channel: string;
  channelURL: string;
  runbook: string; // URL, absolute or relative to the site's root
  oncall: string; // rotation
}

export interface Ranking {
  fields: number[];
  exact: number;
  prefix: number;
  prefixSpan: number;
  infix: number;
  typo: [number, number];
  typoPrefix: number;
  typoLetters: [number, number];
  prefixTypo: number;
  infixLetters: number;
  whole: [number, number, number];
  wholePrefix: [number, number, number];
  wholeSpan: number;
  tier: Record<string, number>;
  lifecycle: Record<string, number>;
  kind: Record<string, number>;
  otherKind: number;
  team: number;
  prefixLetters: number;
  prefixTerms: number;
  prefixShare: number;
  typoTerms: number;
  typoShare: number;
  stop: string[];
}

export interface Kind {
  name: string;
  title: string;
  folder: string;
  rows: number;
  places?: string; // hash of the file that says which values stand in which shards
}

export interface Entry {
  version: number;
  ranking: Ranking;
  kinds: Kind[];
  fields: string[];
  rows: number;
  shardRows: number;
  shards: { hash: string; kinds: [string, string, string][] }[];
  detailRows: number;
  details: string[];
  text: string;
}

export interface CodedColumn {
  v: string[];
  w: number;
  c: string;
  g?: string;
  u?: string;
}

interface CodedSet {
  v?: string[];
  c?: string;
  o?: CodedColumn; // instead, where no row has more than one value
}

interface Sparse {
  r: string;
  v: string[];
}

interface ColumnFile {
  n: number;
  names: string;
  titles: CodedColumn;
  ownTitles: Sparse;
  aliases: Sparse;
  urls: Sparse;
  columns: Record<string, CodedColumn>;
  sets: Record<string, CodedSet>;
  ownerTitles: string[];
}

interface DetailFile {
  d: string[];
  c: string[];
  r: string[];
}

const formatVersion = 2;

// Columns in the order in which one may decide another.
const single = ["kind", "namespace", "system", "domain", "owner", "oncall", "channel", "tier", "lifecycle", "type", "language"];

const none: readonly never[] = [];

const digits = new Int8Array(128).fill(-1);
Array.from("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz-_").forEach((d, i) => (digits[d.charCodeAt(0)] = i));

function damaged(): Error {
  return new Error("the search index is damaged: load the page again");
}

// Numbers reads numbers written in groups of five bits, lowest first.
export class Numbers {
  private at = 0;
  constructor(private readonly text: string) {}

  more(): boolean {
    return this.at < this.text.length;
  }

  next(): number {
    for (let n = 0, shift = 0; shift < 30; shift += 5) {
      const d = this.digit();
      n |= (d & 31) << shift;
      if (d < 32) return n;
    }
    throw damaged();
  }

  // digit reads one character.
  digit(): number {
    const d = digits[this.text.charCodeAt(this.at++)] ?? -1;
    if (d < 0) throw damaged();
    return d;
  }
}

function unfixed(text: string, width: number): Int32Array {
  const codes = new Int32Array(text.length / width);
  for (let i = 0, at = 0; i < codes.length; i++) {
    let n = 0;
    for (let k = 0; k < width; k++) n = (n << 6) | digits[text.charCodeAt(at++)]!;
    codes[i] = n;
  }
  return codes;
}

// decode returns the code of each row of a column; given are those of the column that
// decides it.
export function decode(c: CodedColumn, given?: Int32Array): Int32Array {
  const codes = unfixed(c.c, c.w);
  if (c.g && given) {
    const usual = unfixed(c.u ?? "", c.w);
    for (let i = 0; i < codes.length; i++) codes[i] = codes[i]! > 0 ? codes[i]! - 1 : usual[given[i]!]!;
  }
  return codes;
}

export function unfrontCode(text: string): string[] {
  if (text === "") return [];
  let last = "";
  return text.split(" ").map((w) => (last = last.slice(0, digits[w.charCodeAt(0)]) + w.slice(1)));
}

function unsparse(s: Sparse, each: (row: number, texts: string[]) => void): void {
  const r = new Numbers(s.r);
  for (let row = 0, at = 0; r.more(); ) {
    row += r.next();
    const n = r.next();
    each(row, s.v.slice(at, (at += n)));
  }
}

// patternTitle writes a name's words as a title: c is a capital first, u all capitals.
function patternTitle(name: string, pattern: string): string {
  if (pattern === "") return "";
  return name
    .toLowerCase()
    .split(/[-_.]+/)
    .map((part, i) => (pattern[i] === "u" ? part.toUpperCase() : pattern[i] === "c" ? part[0]!.toUpperCase() + part.slice(1) : part))
    .join(" ");
}

// entry returns the index's entry, which says what else there is.
export function entry(): Promise<Entry> {
  return kept("entry", async () => {
    const e = await load<Entry>("search/index", "search/index.js");
    if (e.version !== formatVersion) throw new Error("the search index is of another version: load the page again");
    return e;
  });
}

// Columns of the entities whose shards were loaded. Rows are numbered through all
// shards and sorted by kind, namespace and name.
export class Columns {
  readonly rows: number;
  readonly loaded = new Set<number>(); // shards
  readonly names: string[];
  readonly ownerTitles = new Map<string, string>(); // by owner
  readonly kindTitles: Map<string, string>;
  private readonly titles: string[];
  private readonly aliasLists = new Map<number, string[]>();
  private readonly urls = new Map<number, string>();
  private readonly columns = new Map<string, { values: string[]; codes: Int32Array; places: Map<string, number> }>();
  private readonly sets = new Map<string, { values: string[]; codes: (readonly number[])[]; places: Map<string, number> }>();
  private readonly folders: Map<string, string>;

  constructor(readonly entry: Entry) {
    this.rows = entry.rows;
    this.names = new Array<string>(entry.rows).fill("");
    this.titles = new Array<string>(entry.rows).fill("");
    this.kindTitles = new Map(entry.kinds.map((k) => [k.name, k.title]));
    this.folders = new Map(entry.kinds.map((k) => [k.name, k.folder]));
    for (const name of single) this.columns.set(name, { values: [], codes: new Int32Array(entry.rows), places: new Map() });
    for (const name of ["tag", "gap", ...entry.fields.map((f) => "." + f)]) {
      this.sets.set(name, { values: [], codes: new Array<readonly number[]>(entry.rows).fill(none), places: new Map() });
    }
  }

  // range returns the first row of a kind and the one after the last, loaded or not.
  range(kind: string): [number, number] {
    let from = 0;
    for (const k of this.entry.kinds) {
      if (k.name === kind) return [from, from + k.rows];
      from += k.rows;
    }
    return [0, 0];
  }

  // title returns a row's title, or its name if it has none.
  title(row: number): string {
    return this.titles[row] || this.names[row]!;
  }

  // ownTitle is empty for an entity without a title.
  ownTitle(row: number): string {
    return this.titles[row]!;
  }

  aliases(row: number): readonly string[] {
    return this.aliasLists.get(row) ?? none;
  }

  // url returns the address of a row's page, relative to the site's root.
  url(row: number): string {
    const own = this.urls.get(row);
    if (own !== undefined) return own;
    const namespace = this.value("namespace", row);
    return `${this.folders.get(this.value("kind", row)) ?? ""}/${namespace ? namespace + "/" : ""}${this.names[row]!.toLowerCase()}.html`;
  }

  value(column: string, row: number): string {
    const c = this.columns.get(column);
    return c?.values[c.codes[row]!] ?? "";
  }

  values(column: string, row: number): string[] {
    const c = this.sets.get(column);
    return c ? c.codes[row]!.map((code) => c.values[code]!) : [];
  }

  column(name: string): Column {
    const c = this.columns.get(name);
    if (!c) throw new Error(`no column ${name}`);
    return c;
  }

  set(name: string): SetColumn | undefined {
    return this.sets.get(name);
  }

  // setNames lists the columns with several values.
  setNames(): string[] {
    return Array.from(this.sets.keys());
  }

  // add takes a shard's rows in.
  async add(n: number, f: ColumnFile): Promise<void> {
    const from = n * this.entry.shardRows;
    await this.addNames(f, from);
    const codes = new Map<string, Int32Array>();
    for (const name of single) {
      const file = f.columns[name]!;
      const decoded = decode(file, codes.get(file.g ?? ""));
      codes.set(name, decoded);
      const c = this.columns.get(name)!;
      const places = await renumber(c, file.v);
      for (let i = 0; i < f.n; i++) c.codes[from + i] = places[decoded[i]!]!;
      await breathe();
    }
    f.ownerTitles.forEach((title, i) => this.ownerTitles.set(f.columns["owner"]!.v[i]!, title));
    for (const [name, file] of Object.entries(f.sets)) {
      await this.addSet(name, file, from, f.n, codes);
      await breathe();
    }
    this.loaded.add(n);
  }

  private async addNames(f: ColumnFile, from: number): Promise<void> {
    const names = unfrontCode(f.names);
    if (names.length !== f.n) throw damaged();
    const patterns = decode(f.titles);
    for (let i = 0; i < f.n; i++) {
      this.names[from + i] = names[i]!;
      this.titles[from + i] = patternTitle(names[i]!, f.titles.v[patterns[i]!]!);
      if (i % 256 === 0) await breathe();
    }
    unsparse(f.ownTitles, (row, texts) => (this.titles[from + row] = texts[0]!));
    unsparse(f.aliases, (row, texts) => this.aliasLists.set(from + row, texts));
    unsparse(f.urls, (row, texts) => this.urls.set(from + row, texts[0]!));
    await breathe();
  }

  private async addSet(name: string, file: CodedSet, from: number, rows: number, given: Map<string, Int32Array>): Promise<void> {
    const c = this.sets.get(name);
    if (!c) throw damaged();
    const places = await renumber(c, file.o?.v ?? file.v ?? []);
    if (file.o) {
      const sets = places.map((place, i) => (i === 0 ? none : [place])); // shared by the rows that have it
      decode(file.o, given.get(file.o.g ?? "")).forEach((code, i) => (c.codes[from + i] = sets[code]!));
      return;
    }
    const r = new Numbers(file.c ?? "");
    for (let i = 0; i < rows; i++) {
      const n = r.next();
      if (i % 256 === 0) await breathe();
      if (n === 0) continue;
      const set: number[] = [];
      for (let k = 0; k < n; k++) set.push(places[r.next()]!);
      c.codes[from + i] = set;
    }
  }
}

// renumber adds to a column the values that it lacks and returns the place of each.
async function renumber(c: { values: string[]; places: Map<string, number> }, values: string[]): Promise<number[]> {
  const known: number[] = [];
  for (const v of values) {
    let at = c.places.get(v);
    if (at === undefined) {
      at = c.values.push(v) - 1;
      c.places.set(v, at);
    }
    if (known.push(at) % 512 === 0) await breathe();
  }
  return known;
}

// fetchShard loads the file of a shard and leaves it as it is. The script that brings it
// has had its task, so what follows begins with another.
export async function fetchShard(c: Columns, n: number): Promise<ColumnFile> {
  const name = `search/c/${n}`;
  const f = await load<ColumnFile>(name, `${name}-${c.entry.shards[n]!.hash}.js`);
  await pause();
  return f;
}

// shard loads one shard of the columns, once.
export function shard(c: Columns, n: number): Promise<void> {
  return kept(`shard ${n}`, async () => c.add(n, await fetchShard(c, n)));
}

// open returns the columns as far as they were loaded.
export function open(): Promise<Columns> {
  return kept("columns", async () => new Columns(await entry()));
}

// shardsOf lists the shards that hold entities of a kind.
export function shardsOf(c: Columns, kind: string): number[] {
  return c.entry.shards.flatMap((s, n) => (s.kinds.some(([name]) => name === kind) ? [n] : []));
}

// withKinds loads the shards that hold entities of some kinds.
export async function withKinds(c: Columns, kinds: readonly string[]): Promise<void> {
  await Promise.all(kinds.flatMap((kind) => shardsOf(c, kind)).map((n) => shard(c, n)));
}

// columns returns the columns with all shards loaded.
export async function columns(): Promise<Columns> {
  const c = await open();
  await Promise.all(c.entry.shards.map((_, n) => shard(c, n)));
  return c;
}

// details returns what the columns do not hold of some rows, in their order.
export async function details(rows: readonly number[]): Promise<Details[]> {
  const c = await open();
  return Promise.all(
    rows.map(async (row) => {
      const n = Math.floor(row / c.entry.detailRows);
      const name = `search/d/${n}`;
      const [f] = await Promise.all([load<DetailFile>(name, `${name}-${c.entry.details[n]!}.js`), shard(c, Math.floor(row / c.entry.shardRows))]);
      const i = row % c.entry.detailRows;
      return {
        description: f.d[i] ?? "",
        channel: c.value("channel", row),
        channelURL: f.c[i] ?? "",
        runbook: f.r[i] ?? "",
        oncall: c.value("oncall", row),
      };
    }),
  );
}
