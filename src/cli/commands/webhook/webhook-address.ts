/** Where a webhook is called. */
export function webhookAddress(apiUrl: string, { slug }: { readonly slug: string }): string {
  return `${apiUrl}/hooks/${slug}`;
}
