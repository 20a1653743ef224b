// Finds documents by their text, as pkg/search/findtext.go does: change both together.

import { type CodedColumn, type Columns, decode, Numbers, type Ranking, unfrontCode } from "./columns";
import { kept } from "./kept";
import { load } from "./load";
import { allowedTeams, lowest, rowFilter, top, typos } from "./search-entities";
import { allowedValues, type Filter, type Query } from "./search-query";
import { distance, stem } from "./search-words";
import { breathe, pause } from "./slices";

interface TextFile {
  documents: number;
  chunkRows: number;
  chunks: string[];
  metaRows: number;
  meta: string[];
  kinds: string[];
  kindNames: string[];
  first: string;
  shards: string[];
}

interface TermFile {
  t: string;
  i: string;
  p: string;
}

interface MetaFile {
  k: string;
  e: string;
  o: CodedColumn;
}

interface ChunkFile extends MetaFile {
  u: string[];
  t: string[];
  a: string[][];
  h: string[][];
  x: string[][];
}

interface Meta {
  kinds: string[];
  rows: number[]; // of the entity that the document is about; -1 for none
  owners: string[];
}

interface Term {
  text: string;
  rarity: number;
  postings: string;
}

// Found is what one word of a query found: for each document the score and the section.
interface Found {
  scores: Int32Array;
  sections: Uint8Array;
  any: boolean;
}

// Shown is what a hit shows of a document. A document without a URL is the description
// of the entity in the row.
export interface Shown {
  score: number;
  row: number;
  kind: string;
  kindTitle: string;
  owner: string;
  title: string;
  url: string;
  heading: string;
  excerpt: string;
}

// Text is the full-text half of the index.
export class Text {
  private readonly first: string[];

  private constructor(
    private readonly c: Columns,
    private readonly dir: TextFile,
  ) {
    this.first = unfrontCode(dir.first);
  }

  // of returns undefined if there is no text.
  static async of(c: Columns): Promise<Text | undefined> {
    if (c.entry.text === "") return undefined;
    return new Text(c, await load<TextFile>("search/text", `search/text-${c.entry.text}.js`));
  }

  // search returns what to show of the best documents. Not every word need match, but
  // one with half of the words counts a quarter of what it would with all.
  async search(q: Query, limit: number, signal?: AbortSignal): Promise<Shown[]> {
    const terms = q.words.map((word, n) => ({ word, typing: q.typing && n === q.words.length - 1 })).filter(({ word }) => !this.c.entry.ranking.stop.includes(word));
    // Loaded side by side, then scored in order and in slices.
    await Promise.all(terms.flatMap(({ word, typing }) => this.shards(word, typing).map((n) => this.shard(n))));
    const found: Found[] = [];
    for (const { word, typing } of terms) {
      signal?.throwIfAborted();
      found.push(await this.find(word, typing));
    }
    if (found.length === 0) return [];
    const scores = await combine(found);
    for (const f of q.filters) await this.filter(f, scores);
    signal?.throwIfAborted();
    return Promise.all(top([{ from: 0, scores }], limit).map(({ row, score }) => this.show(row, score, found)));
  }

  // shards lists the shards that a word may need.
  private shards(word: string, typing: boolean): number[] {
    const list = [this.shardOf(stem(word))];
    if (typing && word.length >= this.c.entry.ranking.prefixLetters) list.push(...this.prefixShards(word));
    return list;
  }

  // prefixShards lists the shards in which longer terms are looked for: two at most,
  // which bounds what a short word costs.
  private prefixShards(word: string): number[] {
    const from = this.shardOf(word);
    return this.first[from + 1]?.startsWith(word) ? [from, from + 1] : [from];
  }

  // shardOf returns the number of the shard that would hold a term.
  private shardOf(term: string): number {
    return Math.max(0, lowest(this.first.length, (n) => this.first[n]! > term) - 1);
  }

  private shard(n: number): Promise<Term[]> {
    const hash = this.dir.shards[n];
    if (hash === undefined) return Promise.resolve([]);
    return kept(`terms ${n}`, async () => {
      const f = await load<TermFile>(`search/t/${n}`, `search/t/${n}-${hash}.js`);
      await pause();
      return readTerms(f);
    });
  }

  // find scores the documents with a word: by its term; by terms that go on from it,
  // for a word that is being typed; and if there is none of either, by the nearest
  // terms in the alphabet's neighbourhood.
  private async find(word: string, typing: boolean): Promise<Found> {
    const r = this.c.entry.ranking;
    const size = this.dir.documents + this.c.rows;
    const found: Found = { scores: new Int32Array(size), sections: new Uint8Array(size), any: false };
    const root = stem(word);
    const shard = await this.shard(this.shardOf(root));
    for (const t of shard) if (t.text === root) credit(found, t, 100);
    if (typing && word.length >= r.prefixLetters) {
      const longer: Term[] = [];
      for (const n of this.prefixShards(word)) {
        for (const t of await this.shard(n)) if (t.text.startsWith(word) && t.text !== root) longer.push(t);
      }
      for (const t of longer.sort(byFrequency).slice(0, r.prefixTerms)) {
        credit(found, t, r.prefixShare);
        await breathe();
      }
    }
    await breathe();
    if (!found.any) for (const t of nearestTerms(shard, root, r)) credit(found, t, r.typoShare);
    return found;
  }

  // filter clears the score of each document that a filter keeps out.
  private async filter(f: Filter, scores: Int32Array): Promise<void> {
    const passes = await rowFilter(this.c, f);
    const kinds = await allowedValues(this.dir.kinds, f.values);
    const teams = f.key === "owner" || f.key === "team" ? await allowedTeams(this.c, f) : undefined;
    for (let n = 0; n < this.dir.meta.length; n++) {
      const m = await this.readMeta(await load<MetaFile>(`search/m/${n}`, `search/m/${n}-${this.dir.meta[n]!}.js`));
      for (let i = 0; i < m.kinds.length; i++) {
        let pass: boolean;
        if (f.key === "kind") pass = kinds.has(m.kinds[i]!);
        else if (teams && m.owners[i]) pass = teams.has(m.owners[i]!);
        else pass = m.rows[i]! >= 0 && passes(m.rows[i]!);
        if (!pass) scores[n * this.dir.metaRows + i] = 0;
        if (i % 2048 === 0) await breathe();
      }
    }
    for (let row = 0; row < this.c.rows; row++) {
      if (!passes(row)) scores[this.dir.documents + row] = 0;
      if (row % 2048 === 0) await breathe();
    }
  }

  private async readMeta(f: MetaFile): Promise<Meta> {
    const kinds = new Numbers(f.k);
    const rows = new Numbers(f.e);
    const m: Meta = { kinds: [], rows: [], owners: [] };
    let last = 0;
    for (const owner of decode(f.o)) {
      const n = rows.next();
      last += n & 1 ? -(n + 1) / 2 : n / 2;
      m.kinds.push(this.dir.kinds[kinds.next()]!);
      m.rows.push(last - 1);
      if (m.owners.push(f.o.v[owner]!) % 2048 === 0) await breathe();
    }
    return m;
  }

  private async show(n: number, score: number, found: readonly Found[]): Promise<Shown> {
    const shown: Shown = { score, row: n - this.dir.documents, kind: "", kindTitle: "", owner: "", title: "", url: "", heading: "", excerpt: "" };
    if (n >= this.dir.documents) return shown;
    const chunk = Math.floor(n / this.dir.chunkRows);
    const i = n % this.dir.chunkRows;
    const f = await load<ChunkFile>(`search/p/${chunk}`, `search/p/${chunk}-${this.dir.chunks[chunk]!}.js`);
    const m = await this.readMeta(f);
    shown.row = m.rows[i]!;
    shown.kind = m.kinds[i]!;
    shown.kindTitle = this.dir.kindNames[this.dir.kinds.indexOf(shown.kind)] || shown.kind;
    shown.owner = m.owners[i]!;
    shown.title = f.t[i]!;
    shown.url = f.u[i]!;
    const section = bestSection(n, found);
    const heading = f.h[i]![section - 1];
    if (heading !== undefined) {
      shown.heading = heading;
      const anchor = f.a[i]![section - 1] === "=" ? usualAnchor(heading) : f.a[i]![section - 1];
      if (anchor) shown.url += "#" + anchor;
    }
    shown.excerpt = f.x[i]![section - 1] || f.x[i]![0] || "";
    return shown;
  }
}

function readTerms(f: TermFile): Term[] {
  const idf = new Numbers(f.i);
  const postings = f.p.split(" ");
  return unfrontCode(f.t).map((text, i) => ({ text, rarity: idf.next(), postings: postings[i]! }));
}

function byFrequency(a: Term, b: Term): number {
  return b.postings.length - a.postings.length || (a.text < b.text ? -1 : a.text > b.text ? 1 : 0);
}

// nearestTerms returns the terms of a shard with the fewest edits from a word.
function nearestTerms(shard: readonly Term[], word: string, r: Ranking): Term[] {
  let limit = typos(r, word.length);
  let near: Term[] = [];
  for (const t of limit > 0 ? shard : []) {
    const d = distance(word, t.text, limit, false);
    if (d > limit) continue;
    if (d < limit) {
      near = [];
      limit = d;
    }
    near.push(t);
  }
  return near.sort(byFrequency).slice(0, r.typoTerms);
}

// credit scores the documents of a term at a share of percent; the best score of a
// document stays.
function credit(found: Found, t: Term, percent: number): void {
  const r = new Numbers(t.postings);
  for (let document = 0; r.more(); ) {
    document += r.next();
    const level = r.digit();
    const section = r.next();
    const score = Math.floor((t.rarity * level * percent) / 100);
    if (score > found.scores[document]!) {
      found.scores[document] = score;
      found.sections[document] = section;
      found.any = true;
    }
  }
}

async function combine(found: readonly Found[]): Promise<Int32Array> {
  const total = new Int32Array(found[0]!.scores.length);
  for (let n = 0; n < total.length; n++) {
    if (n % 8192 === 0) await breathe();
    let sum = 0;
    let matched = 0;
    for (const f of found) {
      const score = f.scores[n]!;
      if (score === 0) continue;
      sum += score;
      matched++;
    }
    if (matched > 0) total[n] = Math.floor((sum * matched * matched) / (found.length * found.length));
  }
  return total;
}

// bestSection is the section to which the words of the query give most together, the
// first of equals; 0, the document itself, if all of them are found only in its title.
function bestSection(document: number, found: readonly Found[]): number {
  const votes = new Map<number, number>();
  for (const f of found) {
    const score = f.scores[document]!;
    const section = f.sections[document]!;
    if (section > 0) votes.set(section, (votes.get(section) ?? 0) + score);
  }
  let best = 0;
  for (const [section, n] of votes) {
    const most = votes.get(best) ?? 0;
    if (n > most || (n === most && section < best)) best = section;
  }
  return best;
}

// usualAnchor is the anchor that a plain English heading has.
function usualAnchor(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^a-z0-9_ -]/g, "")
    .replace(/ /g, "-");
}
