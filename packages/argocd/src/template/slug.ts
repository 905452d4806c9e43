/**
 * gosimple/slug 1.15.0 `Make` for ASCII text (everything that SanitizeName lets through): at most `maximum` bytes, cut after a
 * whole word when `wholeWords`.
 */
export function makeSlug(text: string, maximum: number, wholeWords: boolean): string {
  let slug = text.trim().replaceAll("&", "and").replaceAll("@", "at").toLowerCase();
  if (!wholeWords && slug.length >= maximum) slug = slug.slice(0, Math.max(maximum, 0));
  slug = slug
    .replace(/[^a-zA-Z0-9\-_]/g, "-")
    .replace(/-+/g, "-")
    .replace(/^[-_]+|[-_]+$/g, "");
  return maximum > 0 && wholeWords ? truncate(slug, maximum) : slug;
}

function truncate(slug: string, maximum: number): string {
  if (slug.length <= maximum) return slug;
  const dash = slug.lastIndexOf("-", maximum);
  return slug.slice(0, dash >= 0 ? dash : maximum);
}
