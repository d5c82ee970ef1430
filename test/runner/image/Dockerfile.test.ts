import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { agentPackage } from "../../../src/runner/templates/actions.ts"

interface Instruction {
  readonly name: string
  readonly text: string
}

/** The instructions of a Dockerfile, continued lines joined. */
const instructionsOf = (text: string): ReadonlyArray<Instruction> =>
  text
    .replaceAll(/^#.*\n/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .flatMap((line) => {
      const [, name, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
      return name === undefined || rest === undefined ? [] : [{ name, text: rest }]
    })

const instructions = instructionsOf(
  readFileSync(new URL("../../../src/runner/image/Dockerfile", import.meta.url), "utf8")
)

const textsOf = (name: string) => instructions.flatMap((each) => (each.name === name ? [each.text] : []))

const environment = new Map(
  textsOf("ENV").flatMap((text) => text.split(" ").map((pair) => pair.split("=", 2) as [string, string]))
)

describe("the image of a session machine", () => {
  it("takes its base from an argument and carries no digest that no one resolved", () => {
    assert.deepStrictEqual(instructions.slice(0, 2), [
      { name: "ARG", text: "BASE=node:24-slim" },
      { name: "FROM", text: "${BASE}" }
    ])
    assert.lengthOf(textsOf("FROM"), 1)
    assert.notMatch(instructions.map(({ text }) => text).join("\n"), /sha256/)
  })

  it.each(["bubblewrap", "ca-certificates", "git", "ripgrep", "socat"])("installs %s", (name) => {
    const [install = ""] = textsOf("RUN").filter((text) => text.includes("apt-get install"))
    assert.include(install.split(" "), name)
  })

  it("installs the agent that the workflows install", () => {
    assert.match(agentPackage, /^@anthropic-ai\/claude-code@\d+\.\d+\.\d+$/)
    assert.lengthOf(
      textsOf("RUN").filter((text) => text.split(" ").includes(agentPackage)),
      1
    )
  })

  it("starts the program as `machine`, so that signals reach it", () => {
    assert.deepStrictEqual(
      textsOf("ENTRYPOINT").map((text) => JSON.parse(text)),
      [["node", "/opt/ai-implement/runner.mjs", "machine"]]
    )
    assert.deepStrictEqual(textsOf("CMD"), [])
    assert.deepStrictEqual(textsOf("STOPSIGNAL"), ["SIGTERM"])
  })

  it("gives the agent a user of its own, which owns none of the program's folders", () => {
    const [users = ""] = textsOf("RUN").filter((text) => text.includes("useradd"))
    const uid = environment.get("AI_IMPLEMENT_AGENT_UID")
    assert.match(users, new RegExp(`useradd --uid ${uid} .*\\bagent\\b`))
    assert.strictEqual(environment.get("AI_IMPLEMENT_AGENT_GID"), uid)
    assert.include(users, `--mode 0700 ${environment.get("AI_IMPLEMENT_FILES")}`)
    assert.include(users, "-perm /6000 -exec chmod a-s {} +")
    assert.deepStrictEqual(textsOf("USER"), [])
  })

  it("carries no credential and takes none at its build", () => {
    const named = [...environment.keys(), ...textsOf("ARG"), ...textsOf("COPY")].join("\n")
    assert.notMatch(named, /token|secret|key|password/i)
    assert.deepStrictEqual(textsOf("ADD"), [])
  })
})
