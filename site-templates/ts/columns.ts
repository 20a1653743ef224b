// Reads the columns of all entities and the details of some: what the palette finds
// entities in and what the lists show. pkg/search/columns.go writes them.
//
//	const c = await columns(["service"]);
//	const [from, to] = c.range("service");
//	for (let row = from; row < to; row++) c.title(row), c.value("owner", row), c.values("tag", row);
//	const [first] = await details([from]);
//
// Columns with one value per row: kind namespace owner oncall channel system domain
// tier lifecycle type language. With several: tag, gap and the organisation's own
// fields as "." and their name.

import { load } from "./load";

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

export interface Entry {
  version: number;
  ranking: Ranking;
  kinds: { name: string; title: string; folder: string }[];
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

const formatVersion = 1;

// Columns in the order in which one may decide another.
const single = ["kind", "namespace", "system", "domain", "owner", "oncall", "channel", "tier", "lifecycle", "type", "language"];

const none: readonly never[] = [];

// pause lets the browser draw and take input. Timers would wait 4 ms each.
export function pause(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}

// slicer returns a function to await between steps: it pauses after 8 ms of work.
export function slicer(): () => Promise<void> | undefined {
  let since = performance.now();
  return () => {
    if (performance.now() - since < 8) return undefined;
    return pause().then(() => {
      since = performance.now();
    });
  };
}

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

let entryPromise: Promise<Entry> | undefined;

// entry returns the index's entry, which says what else there is.
export function entry(): Promise<Entry> {
  entryPromise ??= load<Entry>("search/index", "search/index.js").then(
    (e) => {
      if (e.version !== formatVersion) throw new Error("the search index is of another version: load the page again");
      return e;
    },
    (reason) => {
      entryPromise = undefined;
      throw reason;
    },
  );
  return entryPromise;
}

// Columns of the entities whose shards were loaded. Rows are numbered through all
// shards and sorted by kind, namespace and name.
export class Columns {
  readonly rows: number;
  readonly loaded: boolean[] = [];
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

  // range returns the first row of a kind and the one after the last.
  range(kind: string): [number, number] {
    const kinds = this.column("kind");
    const code = kinds.values.indexOf(kind);
    let from = 0;
    while (from < this.rows && !(this.has(from) && kinds.codes[from] === code)) from++;
    let to = from;
    while (to < this.rows && this.has(to) && kinds.codes[to] === code) to++;
    return [from, to];
  }

  // has reports whether a row's shard was loaded.
  has(row: number): boolean {
    return this.loaded[Math.floor(row / this.entry.shardRows)] === true;
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
    const breathe = slicer();
    const from = n * this.entry.shardRows;
    this.addNames(f, from);
    await breathe();
    const codes = new Map<string, Int32Array>();
    for (const name of single) {
      const file = f.columns[name]!;
      const decoded = decode(file, codes.get(file.g ?? ""));
      codes.set(name, decoded);
      const c = this.columns.get(name)!;
      const places = renumber(c, file.v);
      for (let i = 0; i < f.n; i++) c.codes[from + i] = places[decoded[i]!]!;
      await breathe();
    }
    f.ownerTitles.forEach((title, i) => this.ownerTitles.set(f.columns["owner"]!.v[i]!, title));
    for (const [name, file] of Object.entries(f.sets)) {
      this.addSet(name, file, from, f.n, codes);
      await breathe();
    }
    this.loaded[n] = true;
  }

  private addNames(f: ColumnFile, from: number): void {
    const names = unfrontCode(f.names);
    if (names.length !== f.n) throw damaged();
    const patterns = decode(f.titles);
    for (let i = 0; i < f.n; i++) {
      this.names[from + i] = names[i]!;
      this.titles[from + i] = patternTitle(names[i]!, f.titles.v[patterns[i]!]!);
    }
    unsparse(f.ownTitles, (row, texts) => (this.titles[from + row] = texts[0]!));
    unsparse(f.aliases, (row, texts) => this.aliasLists.set(from + row, texts));
    unsparse(f.urls, (row, texts) => this.urls.set(from + row, texts[0]!));
  }

  private addSet(name: string, file: CodedSet, from: number, rows: number, given: Map<string, Int32Array>): void {
    const c = this.sets.get(name);
    if (!c) throw damaged();
    const places = renumber(c, file.o?.v ?? file.v ?? []);
    if (file.o) {
      const sets = places.map((place, i) => (i === 0 ? none : [place])); // shared by the rows that have it
      decode(file.o, given.get(file.o.g ?? "")).forEach((code, i) => (c.codes[from + i] = sets[code]!));
      return;
    }
    const r = new Numbers(file.c ?? "");
    for (let i = 0; i < rows; i++) {
      const n = r.next();
      if (n === 0) continue;
      const set: number[] = [];
      for (let k = 0; k < n; k++) set.push(places[r.next()]!);
      c.codes[from + i] = set;
    }
  }
}

// renumber adds to a column the values that it lacks and returns the place of each.
function renumber(c: { values: string[]; places: Map<string, number> }, values: string[]): number[] {
  return values.map((v) => {
    let at = c.places.get(v);
    if (at === undefined) {
      at = c.values.push(v) - 1;
      c.places.set(v, at);
    }
    return at;
  });
}

let columnsPromise: Promise<Columns> | undefined;
const shardPromises = new Map<number, Promise<void>>();

// shard loads one shard of the columns, once.
export function shard(c: Columns, n: number): Promise<void> {
  let promise = shardPromises.get(n);
  if (!promise) {
    const name = `search/c/${n}`;
    promise = load<ColumnFile>(name, `${name}-${c.entry.shards[n]!.hash}.js`).then((f) => c.add(n, f));
    promise.catch(() => shardPromises.delete(n));
    shardPromises.set(n, promise);
  }
  return promise;
}

// open returns the columns as far as they were loaded.
export function open(): Promise<Columns> {
  columnsPromise ??= entry().then(
    (e) => new Columns(e),
    (reason) => {
      columnsPromise = undefined;
      throw reason;
    },
  );
  return columnsPromise;
}

// columns returns the columns with the shards that hold entities of some kinds loaded,
// or all shards.
export async function columns(kinds?: readonly string[]): Promise<Columns> {
  const c = await open();
  const wanted = c.entry.shards.map((s, n) => (!kinds || s.kinds.some(([kind]) => kinds.includes(kind)) ? n : -1));
  await Promise.all(wanted.filter((n) => n >= 0).map((n) => shard(c, n)));
  return c;
}

// details returns what the columns do not hold of some rows, in their order.
export async function details(rows: readonly number[]): Promise<Details[]> {
  const c = await columns();
  return Promise.all(
    rows.map(async (row) => {
      const n = Math.floor(row / c.entry.detailRows);
      const name = `search/d/${n}`;
      const f = await load<DetailFile>(name, `${name}-${c.entry.details[n]!}.js`);
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
