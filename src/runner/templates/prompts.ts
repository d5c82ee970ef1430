const settings = (
  commands: string
) => `# Settings of AI-Implement for this repository. Remove the # before a line to use it.
# model: opus
# effort: high
# max_turns: 200
# max_budget_usd: 20
${commands}`

const hooks = `# setup: npm ci
# verify: npm test
# teardown: docker compose down
# Paths that a change may not touch, besides .github/workflows/** and .github/ai-implement/**:
# protected: ["infrastructure/**", "migrations/**"]
`

const planningHooks = `# setup: npm ci
`

/** The prompt of an implementation. The runner appends the task, the form of the answer, the issue and its plan. */
export const implementationPrompt = `---
${settings(hooks)}---

# Implement an issue

You work alone in a checkout of this repository. Implement the issue below, completely and with as little change as it needs.

1. Read the instructions of the repository first (CLAUDE.md, CONTRIBUTING.md, README.md), then the code that the issue concerns.
2. Where a plan is given, carry it out. Where it turns out to be wrong, do what the issue needs and say why.
3. Follow the style, structure and libraries of the code around your change.
4. Add or adapt tests that fail without your change. Run the tests and checks that concern it.
5. Do not change workflow files, credentials, or anything that the issue does not concern.

Where nothing has to change, change nothing and say why.
`

/** The prompt of a plan. */
export const planningPrompt = `---
${settings(planningHooks)}---

# Plan an issue

Write a plan for the issue below. Read the code; change no file, since changes are dropped.

1. Read the instructions of the repository first (CLAUDE.md, CONTRIBUTING.md, README.md), then the code that the issue concerns.
2. Where feedback on an earlier plan is given, answer each point of it.
3. Name the files and functions that change, and how each requirement of the issue is met.
4. Name the tests that prove it, the risks, and what you leave out.
5. Name what is unclear, and what you assume instead.

Write for the person who approves the plan: short sentences, no code beyond names and signatures.
`
