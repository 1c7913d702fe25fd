/**
 * A waiting time drawn from an exponential distribution, bounded so that its mean stays near `averageSeconds`: at most
 * `1 + clamp` times it, and as far below as leaves equal probability on both sides of the median.
 *
 * @param random uniform in [0, 1)
 */
export function clampedPoissonInterval(averageSeconds: number, random: number, clamp = 0.3): number {
  if (averageSeconds <= 0) return 0;
  const upperMultiple = 1 + clamp;
  const upper = 1 - Math.exp(-upperMultiple);
  const lower = 1 - Math.exp(-lowerMultiple(upperMultiple));
  const drawn = lower + (upper - lower) * random;
  return -Math.log(Math.max(1 - drawn, 1e-10)) * averageSeconds;
}

/** To the nearest integer, exact halves to the even one. */
export function roundHalfEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  if (rest !== 0.5) return Math.round(value);
  return floor % 2 === 0 ? floor : floor + 1;
}

function lowerMultiple(upperMultiple: number): number {
  if (upperMultiple >= 50) return 0;
  const power = 2 ** upperMultiple;
  return Math.max(0, Math.log2(power / (power - 1)));
}
