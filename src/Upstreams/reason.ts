const credential =
  /\b(?:bearer|basic|FlyV1)\s+[^\s"']+|\b(?:gh[a-z]_|github_pat_|lin_(?:api|oauth|wh)_|sk-ant-|fm\d[a-z]?_|fo1_|eyJ)[\w.+/=-]+/gi

/** The first line of the reason that an upstream gives, without credentials and without what it was `given` in trust. */
export const reasonGiven = (said: string, given: ReadonlyArray<string> = []) => {
  const known = given.filter(({ length }) => length >= 8).toSorted((a, b) => b.length - a.length)
  const line = known
    .reduce((text, value) => text.replaceAll(value, "…"), said)
    .replaceAll(credential, "…")
    .split("\n")[0]
    ?.slice(0, 200)
    .toWellFormed()
    .replaceAll("\0", "")
    .trim()
    .replace(/\.$/, "")
  return line === undefined || line === "" ? "it gave no reason" : line
}
