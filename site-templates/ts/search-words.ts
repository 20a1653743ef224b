// Words and their likeness, as pkg/search/words.go has them: change both together.

const maxWord = 40;

// Folded words: a Chinese or Japanese character alone, or a run of letters, digits and
// marks. Characters beyond the basic plane separate words, so that lengths and order
// are the same in UTF-8 and in UTF-16.
const lone = "\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}";
const word = new RegExp(`(?![\\u{10000}-\\u{10FFFF}])(?:[${lone}]|(?:(?![${lone}\\u{10000}-\\u{10FFFF}])[\\p{L}\\p{N}\\p{M}]){1,${maxWord}})`, "gu");
const plain = /[a-z0-9]{1,40}/g;
const ascii = /^[\x00-\x7f]*$/;

export function fold(s: string): string {
  if (ascii.test(s)) return s.toLowerCase();
  return s.normalize("NFKD").replace(/\p{Mn}/gu, "").toLowerCase().replace(/ς/g, "σ");
}

export function words(s: string): string[] {
  s = fold(s);
  return s.match(ascii.test(s) ? plain : word) ?? [];
}

export function squash(s: string): string {
  return words(s).join("");
}

// stem drops the plural's ending of an English word.
export function stem(w: string): string {
  if (w.length < 4 || !w.endsWith("s")) return w;
  if (w.endsWith("ies") && w.length > 4) return w.slice(0, -3) + "y";
  if (/(?:sses|xes|tches|shes)$/.test(w)) return w.slice(0, -2);
  return /[sui]s$/.test(w) ? w : w.slice(0, -1);
}

// Rows of the table that distance fills, kept since it runs thousands of times a key.
let before = new Int32Array(128);
let last = new Int32Array(128);
let row = new Int32Array(128);

// distance is the number of edits from a to b, or limit+1 if there are more than
// limit. An edit inserts, drops or replaces a letter or swaps two neighbours. With
// prefix, b may go on after the match.
export function distance(a: string, b: string, limit: number, prefix: boolean): number {
  if (a.length - b.length > limit || (!prefix && b.length - a.length > limit)) return limit + 1;
  if (b.length + 2 > row.length) [before, last, row] = [0, 1, 2].map(() => new Int32Array(2 * b.length + 2)) as [Int32Array, Int32Array, Int32Array];
  const beyond = limit + 1;
  for (let j = 0; j <= b.length; j++) last[j] = Math.min(j, beyond);
  for (let i = 1; i <= a.length; i++) {
    // Cells further than limit from the diagonal cannot count: they stay beyond.
    const from = Math.max(1, i - limit);
    const to = Math.min(b.length, i + limit);
    row[from - 1] = from === 1 ? Math.min(i, beyond) : beyond;
    let least = row[from - 1]!;
    for (let j = from; j <= to; j++) {
      let d = last[j - 1]!;
      if (a[i - 1] !== b[j - 1]) {
        d = 1 + Math.min(d, last[j]!, row[j - 1]!);
        if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, 1 + before[j - 2]!);
      }
      row[j] = d;
      if (d < least) least = d;
    }
    row[to + 1] = beyond;
    if (least > limit) return beyond;
    [before, last, row] = [last, row, before];
  }
  if (!prefix) return Math.min(last[b.length]!, beyond);
  let d = beyond;
  for (let j = Math.max(0, a.length - limit); j <= Math.min(b.length, a.length + limit); j++) d = Math.min(d, last[j]!);
  return d;
}

// letterBits has a bit for each letter of an ASCII word and six for all other signs.
export function letterBits(w: string): number {
  let set = 0;
  for (let i = 0; i < w.length; i++) {
    const c = w.charCodeAt(i);
    set |= 1 << (c >= 97 && c <= 122 ? c - 97 : 26 + (c % 6));
  }
  return set;
}

// couldBe reports whether limit edits could turn one set of letters into the other.
export function couldBe(a: number, b: number, limit: number, prefix: boolean): boolean {
  return ones(a & ~b) <= limit && (prefix || ones(b & ~a) <= limit);
}

function ones(n: number): number {
  let count = 0;
  for (; n !== 0; n &= n - 1) count++;
  return count;
}
