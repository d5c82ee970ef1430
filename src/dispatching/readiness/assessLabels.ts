import { hasLabel, labels } from "../../domain/Labels.ts"
import type { Mapping } from "../../domain/Mapping.ts"
import type { TeamLabel } from "../../upstreams/Tracker.ts"
import { type Finding, failed, passed } from "./finding.ts"

const name = "Labels"

const concerned = ({ planningEnabled }: Pick<Mapping, "planningEnabled">, pickupLabel: string) => [
  pickupLabel,
  labels.working,
  labels.readyForReview,
  ...(planningEnabled ? [labels.planning, labels.planComplete, labels.planApproved] : [])
]

// The pickup label stays on an issue beside every other, and `Plan-Complete` beside all but `AI-Planning`.
const together = (pickupLabel: string, group: ReadonlyArray<string>) =>
  group.length > 1 &&
  (hasLabel(group, pickupLabel) ||
    (hasLabel(group, labels.planComplete) && !group.every((label) => hasLabel(planned, label))))

const planned = [labels.planComplete, labels.planning]

const sentence = (names: ReadonlyArray<string>) => `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`

/** Whether an issue of the team can have all of our labels that it needs at the same time. */
export const assessLabels = (
  mapping: Pick<Mapping, "planningEnabled">,
  pickupLabel: string,
  found: ReadonlyArray<TeamLabel>
): ReadonlyArray<Finding> => {
  const wanted = concerned(mapping, pickupLabel)
  const ours = found.filter((label) => hasLabel(wanted, label.name))
  const problem = (tag: string) => ({ of: "tracker" as const, phase: null, _tag: tag })
  const groups = Map.groupBy(ours, ({ exclusiveGroup }) => exclusiveGroup)
  const findings = [
    ...ours.flatMap((label): ReadonlyArray<Finding> => {
      if (label.isGroup) {
        return [
          failed(
            name,
            `${label.name} is a group of labels in Linear, so no issue can have it.`,
            "Rename the group.",
            problem("label_is_group")
          )
        ]
      }
      if (!label.retired) return []
      return [
        failed(name, `The label ${label.name} is retired in Linear.`, "Restore it.", problem("label_retired"))
      ]
    }),
    ...[...groups].flatMap(([group, members]): ReadonlyArray<Finding> => {
      const names = members.map((member) => member.name)
      if (group === null || !together(pickupLabel, names)) return []
      return [
        failed(
          name,
          `The labels ${sentence(names)} are in the group ${group} of Linear, of which an issue can have one.`,
          "Move them out of the group.",
          problem("labels_exclusive")
        )
      ]
    })
  ]
  return findings.length > 0 ? findings : [passed(name, "Issues can have all the labels that runs set.")]
}
