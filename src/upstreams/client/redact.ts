const credential =
  /\b(?:bearer|basic|FlyV1)\s+[^\s"']+|\b(?:gh[a-z]_|github_pat_|lin_(?:api|oauth|wh)_|sk-ant-|fm\d[a-z]?_|fo1_|eyJ)[\w.+/=-]+/gi

const word = /[^\s"'`()[\]{}<>,;=]{8,}/g

/** What names and prose are made of: numbers, and letters of one case or in humps with a few digits at an end. */
const shapes = [
  /^\d{1,20}$/,
  /^\d{1,4}\p{L}{1,3}$/u,
  /^(?:\p{Lu}{1,20}|\p{Ll}{1,20})\d{0,4}$/u,
  /^(?=\p{L}{1,20}\d{0,4}$)(?:\p{Lu}?\p{Ll}{2,}|\p{Lu}{1,5}){1,5}\d*$/u
]
const unspeakable = /[bcdfghjklmnpqrstvwxz]{7}/i

const isPlain = (part: string) =>
  part.length < 4 || (shapes.some((shape) => shape.test(part)) && !unspeakable.test(part))

/** A word of which a part is nobody's word may be a credential of a shape that is not known. */
const redacted = (text: string) => (text.split(/[^\p{L}\p{N}]+/u).every(isPlain) ? text : "…")

/** The first line of the reason that an upstream gives, without what may be a credential and what it was `given` in trust. */
export const redactVendorMessage = (said: unknown, given: ReadonlyArray<string> = []) => {
  const known = given.filter(({ length }) => length >= 8).toSorted((a, b) => b.length - a.length)
  const [first = ""] = known
    .reduce((text, value) => text.replaceAll(value, "…"), typeof said === "string" ? said : "")
    .replaceAll(credential, "…")
    .split("\n")
  const line = first
    .replaceAll(word, redacted)
    .slice(0, 200)
    .toWellFormed()
    .replaceAll("\0", "")
    .trim()
    .replace(/\.$/, "")
  return line === "" ? "it gave no reason" : line
}
