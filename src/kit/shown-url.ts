/** A URL as it may be shown: user and password in front of its host are left out. */
export function shownUrl(url: string): string {
  return url.replace(/^([a-z][\w+.-]*:\/\/)[^/?#]*@/i, "$1");
}
