import type { Readiness } from "../../../domain/Readiness.ts"
import { type Checks, done, note, todo } from "../checks.ts"
import type { SetupFacts } from "../facts.ts"

const isSecret = ({ name }: Readiness["checks"][number]) => name === "Secrets"

export const credential = ({ delivered, githubWeb, machines, mappings }: SetupFacts): Checks => {
  const secrets = mappings.flatMap(({ owner, readiness, repo }): Checks => {
    if (typeof readiness === "string") return []
    const found = readiness.checks.find(isSecret)
    if (found === undefined) return []
    const where = `${owner}/${repo}`
    const link = {
      text: `Secrets of ${where}`,
      url: `${githubWeb}/${where}/settings/secrets/actions`
    }
    return found.ok
      ? [done(`${where}: ${found.message}`, { link })]
      : [(delivered === null ? todo : note)(`${where}: ${found.message}`, { fix: found.fix, link })]
  })
  const ofMachines =
    machines === null
      ? []
      : [
          ...machines.missing.map(({ message, setting }) =>
            todo(`${setting} is not set, which session machines need.`, { fix: message })
          ),
          ...(machines.fly === null ? [] : [(machines.fly.ok ? done : todo)(machines.fly.message)])
        ]
  const checks = [...secrets, ...ofMachines]
  return checks.length > 0 || mappings.length > 0
    ? checks
    : [note("The secret of the model is looked for in each repository that a team is mapped to.")]
}

export const mapped = ({ mappings, pickupLabel, workspace }: SetupFacts): Checks => {
  if (mappings.length === 0)
    return [
      todo("No team of Linear is mapped to a repository.", {
        fix: "Choose both; the rest has defaults.",
        command: "mappings set TEAM owner/repo"
      })
    ]
  return mappings.map(({ owner, repo, teamKey }) => {
    const where = `${teamKey} → ${owner}/${repo}`
    if (workspace._tag !== "Known") return done(`${where}.`)
    const { labelled, teams } = workspace.value
    if (!teams.some(({ key }) => key === teamKey))
      return todo(`${where}: Linear has no team ${teamKey}, or the key may not see it.`, {
        fix: "Correct the mapping.",
        command: `mappings delete ${teamKey}`
      })
    return labelled === null || labelled.includes(teamKey)
      ? done(`${where}, with the label ${pickupLabel}.`)
      : todo(`${where}: the team has no label ${pickupLabel}.`, {
          fix: "Create it in Linear, or on the page Set-up of the admin.",
          command: `setup label ${teamKey}`
        })
  })
}

export const workflows = ({ mappings }: SetupFacts): Checks => {
  if (mappings.length === 0)
    return [todo("The files that a repository needs are known when a team is mapped.")]
  return mappings.flatMap(({ owner, proposal, readiness, repo, teamKey }): Checks => {
    const where = `${owner}/${repo}`
    if (typeof readiness === "string") return [todo(`${where}: ${readiness}`)]
    const wrong = readiness.checks.filter((each) => !each.ok && !isSecret(each))
    const link = proposal === null ? null : { text: `Pull request #${proposal.number}`, url: proposal.url }
    if (readiness.ready)
      return [
        done(`${where} has what a dispatch needs.`, { link: wrong.length === 0 ? null : link }),
        ...wrong.map(({ fix, message }) => note(`${where}: ${message}`, { fix }))
      ]
    const lacksFiles = readiness.templates.some(
      ({ seeded, state }) => state === "missing" || (!seeded && state !== "current")
    )
    const problems = wrong.map(({ fix, message }) =>
      (lacksFiles ? note : todo)(`${where}: ${message}`, { fix })
    )
    if (!lacksFiles) return problems
    return [
      proposal === null
        ? todo(`${where} lacks the workflow files.`, {
            fix: "Open the pull request with them, and merge it.",
            command: `mappings sync ${teamKey}`
          })
        : todo(`The pull request with the workflow files of ${where} waits for its merge.`, {
            fix: "Review and merge it.",
            link
          }),
      ...problems
    ]
  })
}
