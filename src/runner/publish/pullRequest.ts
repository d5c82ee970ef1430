import type { RunContext } from "../../domain/RunnerMessages.ts"
import type { StageResult } from "../result.ts"
import { harmless, line, quoted } from "./markdown.ts"
import { saidOf } from "./sections.ts"

const begin = "<!-- ai-implement:begin -->"
const end = "<!-- ai-implement:end -->"

export const titleOf = ({ identifier, title }: Pick<RunContext, "identifier" | "title">) =>
  `${identifier}: ${line(title, 200 - identifier.length)}`

export interface Facts {
  readonly context: RunContext
  readonly result: StageResult
  readonly gaps: ReadonlyArray<string>
  readonly dispatchUrl: string | null
  readonly runUrl: string | null
}

interface Section {
  readonly title: string
  /** Headings of a repository's template that ask for the same. */
  readonly asked: RegExp
  readonly text: string
}

const verificationOf = ({ text, verify }: StageResult) => {
  const { verified } = saidOf(text)
  const ran =
    verify === null
      ? "The repository names no verify command."
      : `\`${verify.command.replace(/[`\n]/g, " ")}\`: ${verify.passed ? "passed" : harmless(verify.message)}`
  const log =
    verify === null || verify.passed || verify.lines.length === 0
      ? []
      : ["", quoted(verify.lines.slice(-20).join("\n"), 6000)]
  return [ran, ...log, ...(verified === "" ? [] : ["", quoted(verified, 6000)])].join("\n")
}

const usd = (amount: number) => `$${amount.toFixed(2)}`

const costOf = ({ usage }: StageResult) =>
  [
    usage.model === null ? null : `Model ${harmless(usage.model)}`,
    usage.costUsd === null ? null : usd(usage.costUsd),
    `${usage.tokens} tokens`,
    `${usage.turns} turns`
  ]
    .filter((part) => part !== null)
    .join(", ")

const sectionsOf = ({ context, dispatchUrl, gaps, result, runUrl }: Facts): ReadonlyArray<Section> => {
  const { done } = saidOf(result.text)
  const links = [
    dispatchUrl === null ? null : `[dispatch](${dispatchUrl})`,
    runUrl === null ? null : `[run](${runUrl})`
  ].filter((link) => link !== null)
  return [
    {
      title: "Issue",
      asked: /\b(issue|ticket|related|linear|reference)/i,
      text: `Fixes ${context.identifier} (${context.url})`
    },
    {
      title: "What was done",
      asked: /\b(description|summary|what|changes?|overview|motivation)\b/i,
      text: done === "" ? "The agent left no summary." : quoted(done)
    },
    {
      title: "How it was verified",
      asked: /\b(test|tests|testing|tested|verif\w*|how has|qa)\b/i,
      text: verificationOf(result)
    },
    {
      title: "Gaps",
      asked: /\b(gaps?|limitations?|follow-?ups?|known issues)\b/i,
      text:
        gaps.length === 0
          ? "None that the agent or this program sees."
          : gaps.map((gap) => `- ${harmless(gap, 4000).replaceAll("\n", "\n  ")}`).join("\n")
    },
    ...(result.answers.length === 0
      ? []
      : [
          {
            title: "Answers",
            asked: /(?!)/,
            text: result.answers
              .map(
                ({ answer, question }) =>
                  `${quoted(`Question: ${question}`, 2000)}\n>\n${quoted(answer === null ? "No one answered." : `Answer: ${answer}`, 4000)}`
              )
              .join("\n\n")
          }
        ]),
    {
      title: "Run",
      asked: /(?!)/,
      text: [costOf(result), ...links].join(" · ")
    }
  ]
}

const headingLine = /^(#{1,6})\s+(.+?)\s*#*$/

const written = (sections: ReadonlyArray<Section>) =>
  sections.map(({ text, title }) => `## ${title}\n\n${text}`).join("\n\n")

/** Fills the headings of a template that ask for what we know; the rest follows it. */
const filled = (template: string, sections: ReadonlyArray<Section>) => {
  const left = [...sections]
  const lines = template.split("\n").flatMap((text) => {
    const heading = headingLine.exec(text)?.[2]
    const index = heading === undefined ? -1 : left.findIndex(({ asked }) => asked.test(heading))
    const [section] = index === -1 ? [] : left.splice(index, 1)
    return section === undefined ? [text] : [text, "", section.text, ""]
  })
  return `${lines.join("\n").trimEnd()}\n\n${written(left)}`
}

/** The body of a new pull request. */
export const bodyOf = (facts: Facts, template: string | null) => {
  const sections = sectionsOf(facts)
  return template === null || template.trim() === ""
    ? `${begin}\n${written(sections)}\n${end}\n`
    : `${begin}\n${filled(template, sections)}\n${end}\n`
}

/** The body after another run: our part is replaced, what people wrote around it stays. */
export const updatedBody = (existing: string, facts: Facts) => {
  const ours = `${begin}\n${written(sectionsOf(facts))}\n${end}`
  const from = existing.indexOf(begin)
  const to = existing.indexOf(end, from)
  return from === -1 || to === -1
    ? `${existing.trimEnd()}\n\n${ours}\n`.trimStart()
    : `${existing.slice(0, from)}${ours}${existing.slice(to + end.length)}`
}

export const templatePaths = [
  ".github/pull_request_template.md",
  ".github/PULL_REQUEST_TEMPLATE.md",
  "pull_request_template.md",
  "PULL_REQUEST_TEMPLATE.md",
  "docs/pull_request_template.md",
  "docs/PULL_REQUEST_TEMPLATE.md"
]
