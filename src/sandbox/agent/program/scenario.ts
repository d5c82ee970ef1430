import { type Behaviour, durationOf, type Job, questionOf, spentOn, testsFailed } from "../behaviour.ts"
import { planOf } from "../plan.ts"

/** What the stub agent does; it reads this from the file beside it. */
export interface Scenario {
  readonly says: string
  readonly pause: number
  readonly ask?: { readonly question: string; readonly options: ReadonlyArray<string> }
  readonly writes?: Readonly<Record<string, string>>
  readonly hangs?: boolean
  readonly isError?: boolean
  readonly text: string
  readonly spent: { readonly costUsd: number; readonly tokens: number; readonly turns: number }
}

/** Endings that the program has no part in: what happens at the vendor, or a run that says nothing. */
export const isBeyondProgram = ({ ending }: Behaviour) => ending === "silent" || ending === "cancelled"

/** The check of the demo's repositories: every note under `changes` begins with a heading. */
export const repositoryFiles: Readonly<Record<string, string>> = {
  "README.md": "# Northwind\n\nEach change has a note under `changes`. `node check.mjs` checks them.\n",
  "WORKFLOW.md":
    "---\nverify: node check.mjs\n---\n\nRead README.md first. Write a note under `changes` for each change.\n",
  "changes/README.md": "# Changes\n",
  "check.mjs": `import { readdirSync, readFileSync } from "node:fs"

const notes = readdirSync("changes").filter((name) => name.endsWith(".md"))
const wrong = notes.filter((name) => !readFileSync(\`changes/\${name}\`, "utf8").startsWith("# "))
for (const name of wrong) console.log(\`FAIL changes/\${name}: it does not begin with a heading\`)
console.log(\`\${wrong.length} failed, \${notes.length - wrong.length} passed\`)
process.exitCode = wrong.length === 0 ? 0 : 1
`
}

const planText = (job: Job) =>
  planOf(job)
    .map(({ markdown, title }) => `# ${title}\n\n${markdown}`)
    .join("\n\n")

const done = ({ title }: Job, path: string) =>
  [
    `## What was done\n\n${title}: \`${path}\` describes it.`,
    "## How it was verified\n\nThe note was read once more.",
    "## Gaps\n\nNone"
  ].join("\n\n")

/** What the agent of a job does, of which the program knows nothing before it happens. */
export const scenarioOf = (job: Job, { asks, ending }: Behaviour, speed: number): Scenario => {
  const { identifier, phase, title } = job
  const base = {
    says: `${identifier}: ${title}`,
    pause: Math.round(durationOf(job) / 2 / speed),
    spent: spentOn(job)
  }
  if (ending === "failed") {
    return { ...base, isError: true, text: [testsFailed.message, ...testsFailed.lines].join("\n") }
  }
  if (phase === "planning") return { ...base, hangs: ending === "hangs", text: planText(job) }
  if (ending === "no_change") {
    const text = "## What was done\n\nNothing: the default branch does this already, and a test covers it."
    return { ...base, text }
  }
  const { options, text: question } = questionOf(job)
  const path = `changes/${identifier.toLowerCase()}.md`
  const heading = ending === "verification_failed" ? "" : "# "
  return {
    ...base,
    ...(asks && { ask: { question, options } }),
    writes: { [path]: `${heading}${identifier}: ${title}\n` },
    hangs: ending === "hangs",
    text: done(job, path)
  }
}
