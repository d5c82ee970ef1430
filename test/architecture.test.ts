import { assert, describe, it } from "@effect/vitest"
import {
  arrowsAcross,
  arrowsUp,
  fileCircles,
  foreignWrites,
  readSources,
  type Sources,
  strangers,
  subjectCircles,
  unownedTables
} from "./support/architecture.ts"
import { docstringShare, identifiersOf, oldNames } from "./support/naming.ts"

const sources = readSources("src")
const migrations = readSources("migrations")

/** The real sources with one more line in one file. */
const planted = (path: string, line: string): Sources =>
  new Map([...sources, [path, `${line}\n${sources.get(path) ?? ""}`]])

describe("the storeys", () => {
  it("no file imports from a storey above its own", () => {
    assert.deepStrictEqual(arrowsUp(sources), [])
  })

  it("no subjects import each other in a loop", () => {
    assert.deepStrictEqual(subjectCircles(sources), [])
  })

  it("no files import each other in a loop", () => {
    assert.deepStrictEqual(fileCircles(sources), [])
  })

  it("nothing stands outside the tree", () => {
    assert.deepStrictEqual(strangers(sources), [])
  })

  it.each([
    ["a value", `import { Http } from "../../http/layer.ts"`],
    ["a type", `import type { Http } from "../../http/layer.ts"`],
    ["a type in place", `type Http = typeof import("../../http/layer.ts")`],
    ["a lazy import", `const http = () => import("../../http/layer.ts")`],
    ["a subject above in its storey", `import { Poller } from "../poller/Poller.ts"`],
    ["its storey's own layer", `import { layer } from "../layer.ts"`]
  ])("an arrow up by %s is found", (_, line) => {
    const from = "src/dispatching/admission/AdmissionRepo.ts"
    assert.deepStrictEqual(
      arrowsUp(planted(from, line)).map((arrow) => arrow.from),
      [from]
    )
  })

  it.each([
    ["src/dispatching/readiness/templates.ts", `import { run } from "../../runner/main.ts"`],
    ["src/http/Server.ts", `import { render } from "../runner/templates/render.ts"`],
    ["src/runner/templates/render.ts", `import { AppConfig } from "../../platform/Config.ts"`]
  ])("%s does not import across the edge of the runner", (from, line) => {
    assert.deepStrictEqual(
      arrowsUp(planted(from, line)).map((arrow) => arrow.from),
      [from]
    )
  })

  it("the admin is not imported by the service", () => {
    assert.lengthOf(arrowsUp(planted("src/http/Server.ts", `import "../../web/main.ts"`)), 1)
  })

  it("a circle of subjects by types alone is found", () => {
    const circle = subjectCircles(
      planted("src/admin/Audit.ts", `import type { Mappings } from "./Mappings.ts"`)
    )
    assert.lengthOf(circle, 1)
    assert.includeMembers([...(circle[0] ?? [])], ["admin/Audit", "admin/Mappings"])
  })

  it("a circle of two files of one subject is found", () => {
    const path = "src/admin/Audit/AuditRepo.ts"
    assert.deepStrictEqual(fileCircles(planted(path, `import type { Actor } from "../Audit.ts"`)), [
      ["src/admin/Audit.ts", path]
    ])
  })

  it.each(["src/Helpers.ts", "src/helpers/text.ts", "src/admin/Helpers.ts", "src/dispatching/text.ts"])(
    "%s has no place in the tree",
    (path) => {
      assert.deepStrictEqual(strangers(planted(path, "export const text = 1")), [path])
    }
  )
})

describe("the rooms of the admin", () => {
  const admin: Sources = new Map([...readSources("web")].filter(([path]) => path !== "web/vite.config.ts"))
  const withLine = (path: string, line: string): Sources =>
    new Map([...admin, [path, `${line}\n${admin.get(path) ?? ""}`]])

  it("no room imports one that it does not know", () => {
    assert.deepStrictEqual(arrowsAcross(admin), [])
  })

  it("no files import each other in a loop", () => {
    assert.deepStrictEqual(fileCircles(admin), [])
  })

  it.each([
    ["an element that loads data", "web/elements/data-table.ts", `import { Live } from "../data/Live.ts"`],
    [
      "an element that knows routes",
      "web/elements/data-table.ts",
      `import { href } from "../router/navigation.ts"`
    ],
    [
      "an element that imports a feature",
      "web/elements/data-table.ts",
      `import "../features/actions/ask.ts"`
    ],
    [
      "a page imported by a feature",
      "web/features/actions/ask.ts",
      `import type { IssuesPage } from "../../pages/issues-page.ts"`
    ],
    ["a page imported by the shell", "web/app/app-shell.ts", `import "../pages/issues-page.ts"`],
    ["the service's insides", "web/pages/issues-page.ts", `import { Audit } from "../../src/admin/Audit.ts"`],
    ["a room without a plan", "web/helpers/text.ts", `import "../lib/time.ts"`]
  ])("%s is found", (_, path, line) => {
    assert.deepStrictEqual(
      arrowsAcross(withLine(path, line)).map(({ from }) => from),
      [path]
    )
  })
})

describe("the tables", () => {
  const repo = "src/dispatching/issues/DedupRepo.ts"

  it("each table is written by one module", () => {
    assert.deepStrictEqual(foreignWrites(sources), [])
  })

  it("each table of the migrations has an owner that writes it", () => {
    assert.deepStrictEqual(unownedTables(sources, migrations), [])
  })

  it.each([
    ["an insert", repo, "sql`insert into dispatch_events (id) values (1)`", "insert dispatch_events"],
    ["an update", repo, "sql`update issues i set labels = '{}'`", "update issues"],
    ["a delete", repo, "sql`with gone as (DELETE\n FROM machines) select 1`", "delete machines"],
    ["a table without an owner", repo, "sql`insert into budgets (id) values (1)`", "insert budgets"],
    ["a table that is not named", repo, "sql`insert into ${table} (id) values (1)`", "insert ${table}"],
    [
      "an update by retention, which only deletes",
      "src/operations/Retention/RetentionRepo.ts",
      "sql`update dispatches set workflow_cleared_at = now()`",
      "update dispatches"
    ],
    [
      "an update of a column outside the prefix",
      "src/dispatching/poller/PassesRepo.ts",
      "sql`update instance set poller_epoch = 1, paused_at = now() where true`",
      "update instance"
    ]
  ])("a second writer is found: %s", (_, file, statement, found) => {
    assert.deepStrictEqual(foreignWrites(planted(file, `const planted = ${statement}`)), [
      `${file}: ${found}`
    ])
  })

  it("a new table without an owner is found", () => {
    const added = new Map([...migrations, ["migrations/9999_budgets.ts", "create table budgets ("]])
    assert.deepStrictEqual(unownedTables(sources, added), ["budgets"])
  })
})

describe("the words", () => {
  it("docstrings are at most 2.5 % of the lines", () => {
    assert.isAtMost(docstringShare(readSources("src", "web")), 0.025)
  })

  it("every line of a docstring counts, and other comments do not", () => {
    const text = [
      "/** One. */",
      "// Two.",
      "const a = 1",
      "  /**",
      "   * Three.",
      "   */",
      "/* Four. */",
      "a()"
    ]
    assert.strictEqual(docstringShare(new Map([["src/a.ts", text.join("\n")]])), 4 / 8)
  })

  it("old words are no identifier and no file name", () => {
    assert.deepStrictEqual(oldNames(readSources("src", "web", "scripts", "test")), [])
  })

  it("strings, comments and regular expressions hold no identifiers", () => {
    const text = 'const a = `b ${c({ d: `${e}` })} f` + "g" // h\n/* i */ j(/`k"/, l)'
    assert.deepStrictEqual([...identifiersOf(text)], ["const", "a", "c", "d", "e", "j", "l"])
  })

  it.each(["judge", "RunVerdict", "trialsLeft", "isKept", "Told", "maxDoors", "Admins", "#rung"])(
    "%s is found as an identifier",
    (name) => {
      const found = oldNames(new Map([["src/a.ts", `const x = { ${name}: 1 }`]]))
      assert.deepStrictEqual(found, [`src/a.ts: ${name.replace("#", "")}`])
    }
  )

  it.each(["src/doors.ts", "test/situation.test.ts", "web/elements/door-bell.ts"])(
    "%s is found as a file name",
    (path) => {
      assert.deepStrictEqual(oldNames(new Map([[path, ""]])), [path])
    }
  )

  it.each(["indoor", "adminPage", "skept", "PlanVerdict", "verdictAt", "wearable"])(
    "%s is no old word",
    (name) => {
      assert.deepStrictEqual(oldNames(new Map([[`src/${name}.ts`, `const ${name} = "judge"`]])), [])
    }
  )
})
