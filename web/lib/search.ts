/** Whether every word of the query is in one of the texts. */
export const matches = (query: string, texts: ReadonlyArray<string>) => {
  const all = texts.join("\n").toLowerCase()
  return query
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word))
}
