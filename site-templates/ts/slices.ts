// Divides long work into slices, so that keys and pictures wait 16 ms at most.
//
// Slices and not a worker: a worker cannot be loaded from a file: URL, so that this code
// would be needed all the same; and it would need a copy of every column, since what a
// hit shows and what the lists count are read on the page itself.

const slice = 8; // ms of work in one task of the browser

let began = 0; // when the present task began to work here; 0 if it has not
const waiting: (() => void)[] = [];
const { port1, port2 } = new MessageChannel(); // timers would wait 4 ms each

port1.onmessage = () => {
  began = 0; // each message is a task of its own
  waiting.shift()?.();
};

function nextTask(work: () => void): void {
  waiting.push(work);
  port2.postMessage(0);
}

// pause lets the browser take input and draw. It throws if signal says that nobody waits
// for the work any more.
export function pause(signal?: AbortSignal): Promise<void> {
  return new Promise<void>(nextTask).then(() => signal?.throwIfAborted());
}

// breathe is awaited between the steps of long work, which take a millisecond or two. It
// pauses when the present task has worked long enough, whoever did the work in it.
export function breathe(signal?: AbortSignal): Promise<void> | undefined {
  const now = performance.now();
  if (began === 0) {
    began = now;
    nextTask(() => undefined); // sets began back when this task is over
  }
  return now - began < slice ? undefined : pause(signal);
}

const step = 256; // of a list, between two breaths

// sorted returns a list in order, as toSorted would.
export async function sorted<T>(list: readonly T[], compare: (a: T, b: T) => number): Promise<T[]> {
  await breathe();
  if (list.length <= step) return list.slice().sort(compare);
  const half = list.length >> 1;
  const a = await sorted(list.slice(0, half), compare);
  const b = await sorted(list.slice(half), compare);
  if (compare(a[half - 1]!, b[0]!) <= 0) return a.concat(b); // many lists come nearly in order
  const out: T[] = [];
  for (let i = 0, j = 0; out.length < list.length; ) {
    out.push(j === b.length || (i < half && compare(a[i]!, b[j]!) <= 0) ? a[i++]! : b[j++]!);
    if (out.length % step === 0) await breathe();
  }
  return out;
}
