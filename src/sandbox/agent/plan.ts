import type { Plan } from "../../domain/Plan.ts"
import type { Job } from "./behaviour.ts"

export const planOf = ({ identifier, planFeedback, repo, title }: Job): Plan => [
  {
    title: "Architecture Analysis",
    markdown: [
      `**${identifier}** touches one module of \`${repo}\` and its tests.`,
      "",
      `1. Find where the behaviour lives that "${title}" is about.`,
      "2. Change it behind the existing interface, so that no caller changes.",
      "3. Say it in the changelog."
    ].join("\n")
  },
  {
    title: "Test Plan",
    markdown: [
      "- a table test of the rule itself",
      "- one test through the public interface that fails before the change",
      "- the existing suite, unchanged"
    ].join("\n")
  },
  {
    title: "Cross-Story Context",
    markdown: [
      "No open pull request touches the same files.",
      ...(planFeedback === null ? [] : ["", `Changed after what was said of the last plan: ${planFeedback}`])
    ].join("\n")
  }
]
