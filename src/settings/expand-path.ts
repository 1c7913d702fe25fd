/** Puts directories in for `$PREFECT_HOME` and for a leading `~`. */
export function expandPath(path: string, places: { readonly home?: string; readonly homeDir: string }): string {
  const placed = places.home === undefined ? path : path.replaceAll("$PREFECT_HOME", places.home);
  return /^~(?=\/|$)/.test(placed) ? `${places.homeDir}${placed.slice(1)}` : placed;
}
