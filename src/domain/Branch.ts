const slug = (title: string) =>
  title
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 48)
    .replace(/^-+|-+$/g, "")

/** The branch of an issue's `nth` try (from 1): `ai-implement/ENG-42-add-login`, then `…-2`. */
export const branchName = (identifier: string, title: string, nth: number) => {
  const words = slug(title)
  const base = `ai-implement/${identifier}${words === "" ? "" : `-${words}`}`
  return nth > 1 ? `${base}-${nth}` : base
}
