import { assert, describe, it } from "@effect/vitest"
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { dirname, join } from "node:path"
import { fileURLToPath } from "node:url"
import packageJson from "../package.json" with { type: "json" }
import { environment } from "../src/platform/Config/environment.ts"

const root = fileURLToPath(new URL("..", import.meta.url))
const read = (path: string) => readFileSync(join(root, path), "utf8")

const documents = [
  "README.md",
  "AGENTS.md",
  "CHANGELOG.md",
  "CONTRIBUTING.md",
  "SECURITY.md",
  "web/README.md",
  ...readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path}`)
]

const link = /\]\(([^()\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g

const withoutCode = (text: string) => text.replaceAll(/^```.*?^```/gms, "")

/** The name that GitHub gives a heading in an address. */
const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replaceAll(" ", "-")

const headings = (text: string) =>
  [...withoutCode(text).matchAll(/^#{1,6} (.+)$/gm)].map(([, heading = ""]) => slug(heading))

/** Relative links of a document that lead to no file, or to no heading of it. */
const brokenLinks = (document: string, text: string) =>
  [...withoutCode(text).matchAll(link)]
    .map(([, inText, inTag]) => inText ?? inTag ?? "")
    .filter((target) => !/^[a-z]+:/.test(target))
    .filter((target) => {
      const [path = "", heading] = target.split("#")
      const file = path === "" ? document : join(dirname(document), path)
      if (!existsSync(join(root, file))) return true
      return heading !== undefined && !headings(read(file)).includes(heading)
    })

const mention = /`((?:docs|migrations|scripts|src|test|web)\/[\w./-]+)`/g

/** Paths of the project that a document names and that do not exist. */
const missingPaths = (text: string) =>
  [...withoutCode(text).matchAll(mention)]
    .map(([, path = ""]) => path)
    .filter((path) => !existsSync(join(root, path)))

const settings = Object.keys(environment.fields)

/** Settings that no table row begins with. */
const missingRows = (text: string) => settings.filter((name) => !text.includes(`\n| \`${name}\``))

/** Settings without a commented line. */
const missingLines = (text: string) => settings.filter((name) => !new RegExp(`^# ${name}=`, "m").test(text))

const { dependencies, devDependencies, optionalDependencies } = packageJson

const packages = Object.keys({ ...dependencies, ...devDependencies, ...optionalDependencies })

/** Dependencies without a reason. */
const missingReasons = (text: string) =>
  packages.filter((name) => !text.includes(`\`${name}\``) && !text.includes(`\`${dirname(name)}/*\``))

describe("the documents", () => {
  it.each(documents)("every relative link of %s leads to a file", (document) => {
    assert.deepStrictEqual(brokenLinks(document, read(document)), [])
  })

  it.each(documents)("every path that %s names exists", (document) => {
    assert.deepStrictEqual(missingPaths(read(document)), [])
  })

  it("a path that does not exist is found", () => {
    assert.deepStrictEqual(missingPaths("see `src/missing.ts`"), ["src/missing.ts"])
  })

  it.each([
    ["a missing file", "[a](docs/missing.md)", "docs/missing.md"],
    ["a missing heading", "[a](docs/style.md#missing)", "docs/style.md#missing"],
    ["a missing picture", '<img src=".github/missing.png">', ".github/missing.png"]
  ])("a link to %s is found", (_, text, target) => {
    assert.deepStrictEqual(brokenLinks("README.md", text), [target])
  })

  it("the configuration page has a row for every setting", () => {
    assert.deepStrictEqual(missingRows(read("docs/configuration.md")), [])
  })

  it(".env.example has a commented line for every setting", () => {
    assert.deepStrictEqual(missingLines(read(".env.example")), [])
  })

  it("every dependency has a reason", () => {
    assert.deepStrictEqual(missingReasons(read("docs/dependencies.md")), [])
  })

  it("a dependency without a reason is found", () => {
    assert.deepStrictEqual(missingReasons(read("docs/dependencies.md").replace("`jose`", "")), ["jose"])
  })

  it("a setting that is not documented is found", () => {
    assert.deepStrictEqual(missingRows(read("docs/configuration.md").replace("| `PORT`", "| `PORTS`")), [
      "PORT"
    ])
    assert.deepStrictEqual(missingLines(read(".env.example").replace("# PORT=", "# PORTS=")), ["PORT"])
  })
})
