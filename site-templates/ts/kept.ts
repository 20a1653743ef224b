// Keeps what was promised under a name, so that it is loaded or worked out once. What
// failed is forgotten: the next who asks tries again.

const promises = new Map<string, Promise<unknown>>();

export function kept<T>(name: string, make: () => Promise<T>): Promise<T> {
  let promise = promises.get(name);
  if (!promise) {
    promise = make();
    promise.catch(() => promises.delete(name));
    promises.set(name, promise);
  }
  return promise as Promise<T>;
}
