// Finds entities by name, alias, title and what else the columns hold, as
// pkg/search/find.go does: change both together. Scores are whole numbers.

import { type Columns, type Ranking } from "./columns";
import { allowedValues, type Filter, type Query } from "./search-query";
import { breathe, sorted } from "./slices";
import { couldBe, distance, letterBits, stem, words } from "./search-words";

// Fields in the order of the weights in Ranking.fields.
const enum Field {
  Name,
  Alias,
  Title,
  Owner,
  Tag,
  System,
  Domain,
  Type,
  Language,
  Own,
  Kind,
  Channel,
  WholeName,
  WholeAlias,
  WholeTitle,
}

const step = 256; // words between two breaths
const shift = 4; // bits of a place that hold the field

// Vocabulary is the words of one shard, sorted, with the places of each: its rows and
// fields. Rows are numbered through all shards.
export class Vocabulary {
  private readonly words: string[] = [];
  private readonly letters: number[] = []; // a bit for each of the stem's
  private readonly places: number[][] = [];
  readonly standing: Int32Array;

  private constructor(
    readonly from: number,
    readonly to: number,
    private readonly ranking: Ranking,
  ) {
    this.standing = new Int32Array(to - from);
  }

  static async of(c: Columns, n: number): Promise<Vocabulary> {
    const from = n * c.entry.shardRows;
    const v = new Vocabulary(from, Math.min(c.rows, from + c.entry.shardRows), c.entry.ranking);
    const places = new Map<string, number[]>();
    for (let row = v.from; row < v.to; row++) {
      addRow(c, row, places);
      v.standing[row - v.from] = standing(c, row);
      if (row % 64 === 0) await breathe();
    }
    for (const w of await sorted(Array.from(places.keys()), (a, b) => (a < b ? -1 : 1))) {
      v.words.push(w);
      v.letters.push(letterBits(stem(w)));
      v.places.push(places.get(w)!);
      if (v.words.length % step === 0) await breathe();
    }
    return v;
  }

  // matchStrictly scores the rows with a word that is the query's word, the other
  // number of it, or goes on from it. It reports whether there are any.
  matchStrictly(word: string, scores: Int32Array): boolean {
    const root = stem(word);
    let found = false;
    this.startingWith(root.endsWith("y") ? root.slice(0, -1) : root, (i, w) => {
      let share: number;
      if (w === word || stem(w) === root) share = this.ranking.exact;
      else if (w.startsWith(word)) share = this.ranking.prefix + Math.floor((this.ranking.prefixSpan * word.length) / w.length);
      else return;
      found = true;
      this.credit(i, share, scores);
    });
    return found;
  }

  // matchLoosely scores the rows with a word that holds the query's word inside or is
  // nearly it.
  async matchLoosely(word: string, typing: boolean, scores: Int32Array, signal?: AbortSignal): Promise<void> {
    const r = this.ranking;
    const root = stem(word);
    const set = letterBits(word);
    const rootSet = letterBits(root);
    const limit = typos(r, word.length);
    for (let i = 0; i < this.words.length; i++) {
      if (i % step === 0) await breathe(signal);
      const w = this.words[i]!;
      let share = word.length >= r.infixLetters && w.includes(word) ? r.infix : 0;
      if (limit > 0 && couldBe(rootSet, this.letters[i]!, limit, false)) {
        const d = distance(root, stem(w), limit, false);
        if (d <= limit) share = Math.max(share, r.typo[Math.max(d, 1) - 1]!);
      }
      if (share === 0 && typing && word.length >= r.prefixTypo && couldBe(set, this.letters[i]!, 1, true)) {
        if (distance(word, w, 1, true) <= 1) share = r.typoPrefix;
      }
      if (share > 0) this.credit(i, share, scores);
    }
  }

  // matchWhole scores the rows whose whole name, alias or title is the query or goes on
  // from it.
  matchWhole(whole: string, scores: Int32Array): void {
    const r = this.ranking;
    this.startingWith(whole, (i, w) => {
      for (const place of this.places[i]!) {
        const which = (place & 15) - Field.WholeName;
        if (which < 0) continue;
        const score = w === whole ? r.whole[which]! : r.wholePrefix[which]! + Math.floor((r.wholeSpan * whole.length) / w.length);
        const at = (place >> shift) - this.from;
        if (score > scores[at]!) scores[at] = score;
      }
    });
  }

  // near scores the rows whose whole names are spelt like the query.
  async near(whole: string, far: number, scores: Int32Array): Promise<void> {
    for (let i = 0; i < this.words.length; i++) {
      if (i % step === 0) await breathe();
      const d = distance(whole, this.words[i]!, far, false);
      if (d > far) continue;
      for (const place of this.places[i]!) {
        const at = (place >> shift) - this.from;
        if ((place & 15) >= Field.WholeName) scores[at] = Math.max(scores[at]!, far + 1 - d);
      }
    }
  }

  private startingWith(prefix: string, each: (i: number, word: string) => void): void {
    const all = this.words;
    for (let i = lowest(all.length, (n) => all[n]! >= prefix); i < all.length && all[i]!.startsWith(prefix); i++) each(i, all[i]!);
  }

  private credit(i: number, share: number, scores: Int32Array): void {
    for (const place of this.places[i]!) {
      const score = this.ranking.fields[place & 15]! * share;
      const at = (place >> shift) - this.from;
      if (score > scores[at]!) scores[at] = score;
    }
  }
}

// lowest returns the first of the numbers below n that is high enough, or n.
export function lowest(n: number, enough: (i: number) => boolean): number {
  let low = 0;
  while (low < n) {
    const mid = (low + n) >> 1;
    if (enough(mid)) n = mid;
    else low = mid + 1;
  }
  return low;
}

export function typos(r: Ranking, letters: number): number {
  return letters >= r.typoLetters[1] ? 2 : letters >= r.typoLetters[0] ? 1 : 0;
}

// split keeps the words of values that many rows share.
const splits = new Map<string, string[]>();

function split(value: string): string[] {
  let ws = splits.get(value);
  if (!ws) splits.set(value, (ws = words(value)));
  return ws;
}

// addRow notes the places of every word by which a row can be found.
function addRow(c: Columns, row: number, places: Map<string, number[]>): void {
  const note = (field: Field, w: string): void => {
    const list = places.get(w);
    const place = (row << shift) | field;
    if (list) list.push(place);
    else places.set(w, [place]);
  };
  const addWords = (field: Field, ws: readonly string[]): void => {
    for (const w of ws) note(field, w);
  };
  const addText = (field: Field, whole: Field, text: string): void => {
    const ws = words(text);
    addWords(field, ws);
    addWords(whole, words(ws.join("")));
  };
  addText(Field.Name, Field.WholeName, c.names[row]!);
  addText(Field.Title, Field.WholeTitle, c.ownTitle(row));
  for (const alias of c.aliases(row)) addText(Field.Alias, Field.WholeAlias, alias);
  const namespace = c.value("namespace", row);
  if (namespace) {
    addWords(Field.System, split(namespace));
    addWords(Field.WholeName, words(words(namespace + " " + c.names[row]!).join("")));
  }
  const owner = c.value("owner", row);
  addWords(Field.Owner, split(owner));
  addWords(Field.Owner, split(c.ownerTitles.get(owner) ?? ""));
  addWords(Field.System, split(c.value("system", row)));
  addWords(Field.Domain, split(c.value("domain", row)));
  addWords(Field.Type, split(c.value("type", row)));
  addWords(Field.Language, split(c.value("language", row)));
  addWords(Field.Kind, split(c.value("kind", row)));
  addWords(Field.Channel, split(c.value("channel", row)));
  for (const name of c.setNames()) {
    if (name === "gap") continue;
    const set = c.set(name)!;
    for (const code of set.codes[row]!) addWords(name === "tag" ? Field.Tag : Field.Own, split(set.values[code]!));
  }
}

// standing is what an entity counts before any query.
function standing(c: Columns, row: number): number {
  const r = c.entry.ranking;
  return (r.kind[c.value("kind", row)] ?? r.otherKind) + (r.tier[c.value("tier", row)] ?? 0) + (r.lifecycle[c.value("lifecycle", row)] ?? 0);
}

// Scored is the rows of a shard with their scores; zero is no match.
export interface Scored {
  readonly from: number;
  readonly scores: Int32Array;
}

// Scoring is the work on one shard for one query.
interface Scoring extends Scored {
  readonly v: Vocabulary;
  readonly matched: Uint8Array; // how many words of the query match in each row
  readonly word: Int32Array; // what the present word gives each row
}

// scoreEntities scores the rows of some shards. Whether a word is taken for a mistyped
// one depends on all of them.
export async function scoreEntities(c: Columns, shards: readonly Vocabulary[], q: Query, signal?: AbortSignal): Promise<Scored[]> {
  const out = shards.map((v): Scoring => {
    const rows = v.to - v.from;
    return { v, from: v.from, scores: new Int32Array(rows), matched: new Uint8Array(rows), word: new Int32Array(rows) };
  });
  if (q.words.length === 0) out.forEach((s) => s.scores.fill(1000));
  else await scoreWords(out, q, signal);
  const passes: Pass[] = [];
  for (const f of q.filters) passes.push(await rowFilter(c, f));
  await filter(out, passes);
  const whole = q.words.join("");
  if (q.words.length > 1 && whole.length >= c.entry.ranking.typoLetters[0] && !out.some((s) => s.scores.some((n) => n > 0))) {
    for (const s of out) await s.v.matchLoosely(whole, true, s.scores, signal);
    await filter(out, passes);
  }
  const team = q.filters.some((f) => f.key === "team");
  for (const s of out) addStanding(c, s, team);
  return out;
}

function addStanding(c: Columns, { v, scores }: Scoring, team: boolean): void {
  for (let i = 0; i < scores.length; i++) {
    if (scores[i]! <= 0) continue;
    const bonus = team && c.value("kind", v.from + i) === "team" ? c.entry.ranking.team : 0;
    scores[i] = Math.max(1, scores[i]! + v.standing[i]! + bonus);
  }
}

async function filter(out: readonly Scored[], passes: readonly Pass[]): Promise<void> {
  for (const { from, scores } of passes.length > 0 ? out : []) {
    for (let i = 0; i < scores.length; i++) {
      if (scores[i]! > 0 && !passes.every((pass) => pass(from + i))) scores[i] = 0;
      if (i % 2048 === 0) await breathe();
    }
  }
}

// scoreWords scores the rows in which every word matches, or the whole query.
async function scoreWords(out: readonly Scoring[], q: Query, signal?: AbortSignal): Promise<void> {
  for (const [n, word] of q.words.entries()) {
    let any = false;
    for (const s of out) {
      s.word.fill(0);
      any = s.v.matchStrictly(word, s.word) || any;
      await breathe(signal);
    }
    if (!any) for (const s of out) await s.v.matchLoosely(word, q.typing && n === q.words.length - 1, s.word, signal);
    out.forEach(addWord);
  }
  for (const { v, scores, matched, word } of out) {
    word.fill(0);
    v.matchWhole(q.words.join(""), word);
    for (let i = 0; i < scores.length; i++) {
      scores[i] = matched[i]! === q.words.length || word[i]! > 0 ? Math.floor(scores[i]! / q.words.length) + word[i]! : 0;
    }
    await breathe(signal);
  }
}

function addWord({ word, scores, matched }: Scoring): void {
  for (let i = 0; i < scores.length; i++) {
    if (word[i]! === 0) continue;
    scores[i]! += word[i]!;
    matched[i]!++;
  }
}

export type Pass = (row: number) => boolean;

// rowFilter returns a filter's test of a row.
export async function rowFilter(c: Columns, f: Filter): Promise<Pass> {
  const set = c.set(f.key);
  if (set) {
    const allowed = await allowedValues(set.values, f.values);
    return (row) => set.codes[row]!.some((code) => allowed.has(set.values[code]!));
  }
  if (f.key === "team" || f.key === "owner") {
    const allowed = await allowedTeams(c, f);
    return (row) => (f.key === "team" && c.value("kind", row) === "team" && allowed.has(c.names[row]!)) || allowed.has(c.value("owner", row));
  }
  const column = c.column(f.key);
  const allowed = await allowedValues(column.values, f.values);
  return (row) => allowed.has(column.values[column.codes[row]!]!);
}

// allowedTeams returns the owners that a filter means, by name or by title.
export async function allowedTeams(c: Columns, f: Filter): Promise<Set<string>> {
  const titles = new Map(c.ownerTitles);
  titles.delete("");
  if (f.key === "team") {
    const [from, to] = c.range("team");
    for (let row = from; row < to; row++) titles.set(c.names[row]!, c.ownTitle(row));
  }
  const allowed = await allowedValues(Array.from(titles).flat(), f.values);
  for (const [name, title] of titles) if (allowed.has(title)) allowed.add(name);
  return allowed;
}

// top returns the rows with the highest scores, the first of equals first.
export function top(all: readonly Scored[], limit: number): { row: number; score: number }[] {
  const best: { row: number; score: number }[] = [];
  if (limit < 1) return best;
  for (const { from, scores } of all) {
    for (let i = 0; i < scores.length; i++) {
      const score = scores[i]!;
      if (score <= 0 || (best.length === limit && score <= best[limit - 1]!.score)) continue;
      let at = best.length;
      while (at > 0 && best[at - 1]!.score < score) at--;
      best.splice(at, 0, { row: from + i, score });
      if (best.length > limit) best.pop();
    }
  }
  return best;
}
