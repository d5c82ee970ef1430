import { plural } from "./plural.ts"

const some = (all: ReadonlyArray<string>) =>
  all.length <= 8 ? all.join(", ") : `${all.slice(0, 8).join(", ")} and ${all.length - 8} more`

export const words = {
  cancelTitle: (identifier: string) => `Cancel the dispatch of ${identifier}?`,
  cancelBody: (repository: string) =>
    `The run in ${repository} is asked to stop; when it has ended, its labels are removed from the issue, and no pass dispatches it until you release it. A pull request that already exists stays.`,
  cancelDo: "Cancel the dispatch",
  cancelled: (identifier: string) => `${identifier} is asked to stop.`,
  cancelManyTitle: (count: number) => `Cancel ${plural(count, "dispatch", "dispatches")}?`,
  cancelManyBody: (identifiers: ReadonlyArray<string>) =>
    `${identifiers.length === 1 ? "The run" : "The runs"} of ${some(identifiers)} ${identifiers.length === 1 ? "is" : "are"} asked to stop; when one has ended, its labels are removed from its issue, and no pass dispatches that until you release it. Pull requests that already exist stay.`,
  cancelledMany: (count: number) => `${plural(count, "dispatch is", "dispatches are")} asked to stop.`,
  cancelledSome: (done: number, refused: number, why: string) =>
    `${done} asked to stop, ${refused} refused: ${why}`,
  retryTitle: (identifier: string) => `Dispatch ${identifier} again?`,
  retryBody: (phase: string) =>
    `A new dispatch of the same phase (${phase.toLowerCase()}) starts now. Dedup, backoff, parking and hold of the issue are cleared.`,
  retryDo: "Dispatch again",
  retried: (identifier: string) => `${identifier} is dispatched again.`
} as const
