import { assert, describe, it } from "@effect/vitest"
import * as Schema from "effect/Schema"
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { parse } from "yaml"
import dashboard from "../../docs/grafana-dashboard.json" with { type: "json" }
import { reasonAppearances } from "../../web/features/issues/reason-appearances.ts"

const root = fileURLToPath(new URL("../..", import.meta.url))
const read = (path: string) => readFileSync(join(root, path), "utf8")

/** Each metric of the source with its help text and the ends of the names of its series. */
const metrics = new Map<string, { readonly help: string; readonly series: ReadonlyArray<string> }>(
  ["src/platform/Metrics.ts", "src/operations/Gauges.ts"].flatMap((path) =>
    [...read(path).matchAll(/\b(counter|seconds|gauge)\(\s*"([a-z_]+)",\s*"([^"]+)"/g)].map(
      ([, kind, name = "", help = ""]) => [
        `ai_implement_${name}${kind === "seconds" ? "_seconds" : ""}`,
        { help, series: kind === "seconds" ? ["_bucket", "_count", "_sum"] : [""] }
      ]
    )
  )
)
const series = [...metrics].flatMap(([name, { series }]) => series.map((suffix) => name + suffix))

const unknownSeries = (expression: string) =>
  [...expression.matchAll(/ai_implement_\w+/g)].flatMap(([name]) => (series.includes(name) ? [] : name))

const { groups } = Schema.decodeUnknownSync(
  Schema.Struct({
    groups: Schema.Array(
      Schema.Struct({
        rules: Schema.Array(
          Schema.Struct({
            alert: Schema.String,
            expr: Schema.String,
            for: Schema.optional(Schema.String),
            labels: Schema.Struct({ severity: Schema.Literals(["critical", "warning", "info"]) }),
            annotations: Schema.Struct({ summary: Schema.String, action: Schema.String })
          })
        )
      })
    )
  })
)(parse(read("docs/alerts.yaml")))
const rules = groups.flatMap(({ rules }) => rules)

describe("the metrics", () => {
  it("are found in the source, each with a help text of its own", () => {
    assert.isAtLeast(metrics.size, 11)
    const helps = [...metrics.values()].map(({ help }) => help)
    assert.strictEqual(new Set(helps).size, helps.length)
  })

  it("are all declared where these tests look", () => {
    const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" })
    const declare = files.filter(
      (path) => path.endsWith(".ts") && /\bMetric\.(counter|gauge|histogram)\(/.test(read(`src/${path}`))
    )
    assert.sameMembers(declare, ["operations/Gauges.ts", "platform/Metrics.ts"])
  })

  it.each([...metrics.keys()])("%s has a row in docs/operations.md", (name) => {
    assert.include(read("docs/operations.md"), `\n| \`${name}\``)
  })

  it.each([...metrics.keys()])("%s is on the dashboard", (name) => {
    assert.include(JSON.stringify(dashboard), name)
  })
})

describe("the alert rules", () => {
  it("use only series that exist", () => {
    assert.deepStrictEqual(
      rules.flatMap(({ expr }) => unknownSeries(expr)),
      []
    )
  })

  it("cover what stops the work or waits for a person", () => {
    assert.includeMembers(
      rules.map(({ alert }) => alert),
      [
        "PollerStuck",
        "UpstreamDown",
        "LaunchUnconfirmed",
        "SettlementPending",
        "RateLimitLow",
        "InboxFull"
      ].map((name) => `AiImplement${name}`)
    )
  })

  it("count as waiting for a person what the admin counts so", () => {
    const [, reasons = ""] =
      /reason=~"([^"]+)"/.exec(rules.find(({ alert }) => alert.endsWith("InboxFull"))?.expr ?? "") ?? []
    const person = Object.entries(reasonAppearances).flatMap(([tag, { ends }]) =>
      ends === "person" ? tag : []
    )
    assert.sameMembers(reasons.split("|"), person)
  })

  it("do not use a series that is gone", () => {
    assert.deepStrictEqual(unknownSeries("max(ai_implement_gone) > 0"), ["ai_implement_gone"])
  })
})

describe("the dashboard", () => {
  it("uses only series that exist, by the one data source that it asks for", () => {
    const expressions = dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))
    assert.deepStrictEqual(expressions.flatMap(unknownSeries), [])
    assert.deepStrictEqual(
      new Set(dashboard.panels.map(({ datasource }) => datasource.uid)),
      new Set(dashboard.templating.list.map(({ name }) => `\${${name}}`))
    )
  })
})
