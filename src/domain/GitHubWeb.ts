/** The address of GitHub's pages by that of its API: github.com, an Enterprise Server, or a data residency. */
export const githubWeb = (apiUrl: string): string => {
  const { host, origin, protocol } = new URL(apiUrl)
  return host.startsWith("api.") ? `${protocol}//${host.slice("api.".length)}` : origin
}
