import type { Sources } from "./architecture.ts"

const linesOf = (text: string) => text.split("\n").length

/** The share of lines that belong to docstrings. */
export const docstringShare = (sources: Sources): number => {
  const texts = [...sources.values()]
  const docstrings = texts.flatMap((text) => text.match(/^[ \t]*\/\*\*[\s\S]*?\*\//gm) ?? [])
  const count = (all: ReadonlyArray<string>) => all.reduce((sum, text) => sum + linesOf(text), 0)
  return count(docstrings) / count(texts)
}

const comment = String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`
const quoted = String.raw`"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'`
const regex = String.raw`(?<=(?:^|[(,=:[!&|?{};>]|return)\s*)\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n[])+\/`
const code = () => new RegExp([comment, quoted, regex, "[`{}]", String.raw`[A-Za-z_$][\w$]*`].join("|"), "gm")
const template = () => /\\[\s\S]|`|\$\{/g

/** The identifiers and keywords of a file, without its strings and comments. */
export const identifiersOf = (text: string): ReadonlySet<string> => {
  const found = new Set<string>()
  const open: Array<string> = []
  const [inCode, inTemplate] = [code(), template()]
  for (let at = 0; ;) {
    const isTemplate = open.at(-1) === "`"
    const pattern = isTemplate ? inTemplate : inCode
    pattern.lastIndex = at
    const token = pattern.exec(text)?.[0]
    if (token === undefined) return found
    at = pattern.lastIndex
    if (token === "}" || (isTemplate && token === "`")) open.pop()
    else if (token === "`" || token === "{") open.push(token)
    else if (token === "${") open.push("{")
    else if (/^[\w$]/.test(token)) found.add(token)
  }
}

const oldWords = new Set([
  "judge",
  "verdict",
  "situation",
  "door",
  "brake",
  "rouse",
  "sleeper",
  "doubt",
  "manner",
  "diligent",
  "trial",
  "told",
  "kept",
  "rung",
  "wears"
])

/** A plan has a verdict; nothing else does. */
const ofPlans = new Set(["PlanVerdict", "verdict", "verdictAt", "verdictBy", "verdictVia"])

const isOld = (name: string) =>
  !ofPlans.has(name) &&
  (name.match(/[A-Z]?[a-z]+|[A-Z]+/g) ?? [])
    .map((word) => word.toLowerCase())
    .some((word) => word === "admins" || oldWords.has(word) || oldWords.has(word.replace(/s$/, "")))

/** Identifiers and file names that use a word the glossary has replaced. */
export const oldNames = (sources: Sources): ReadonlyArray<string> =>
  [...sources].flatMap(([path, text]) => [
    ...(isOld(path.slice(path.lastIndexOf("/") + 1).replace(/\..*$/, "")) ? [path] : []),
    ...[...identifiersOf(text)].filter(isOld).map((name) => `${path}: ${name}`)
  ])
