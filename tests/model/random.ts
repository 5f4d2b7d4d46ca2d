// Choices that follow from a seed.

export interface Random {
  /** A whole number from 0 up to and without `below`. */
  below(below: number): number;
  /** True so often, of 1. */
  chance(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  /** Some of them, in their order; at least one. */
  some<T>(list: readonly T[]): T[];
  /** `make` so many times: from `least` to `most`. */
  many<T>(least: number, most: number, make: () => T): T[];
}

/** Mulberry32. */
export function random(seed: number): Random {
  let state = seed | 0;

  const next = () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  const pick = <T>(list: readonly T[]) => {
    const found = list[below(list.length)];
    if (found === undefined) throw new Error("nothing to choose from");
    return found;
  };
  return {
    below,
    chance: (share) => next() < share,
    pick,
    some(list) {
      const chosen = list.filter(() => next() < 0.5);
      return chosen.length ? chosen : [pick(list)];
    },
    many: (least, most, make) =>
      Array.from({ length: least + below(most - least + 1) }, make),
  };
}
