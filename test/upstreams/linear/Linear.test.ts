import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { issuesContract, People } from "../Tracker.contract.ts"
import { automation, layer, LocalLinear, person, pickup } from "../../support/linearClient.ts"

const people = Layer.effect(
  People,
  Effect.map(LocalLinear, ({ control }) => {
    const of = (identifier: string) => control.issueByIdentifier(identifier)
    return People.of({
      pickup,
      create: (issue) => control.createIssue({ team: "ENG", ...issue }),
      setState: control.setState,
      discard: control.trashIssue,
      labels: (identifier) => of(identifier)?.labels ?? [],
      stateType: (identifier) => of(identifier)?.state.type ?? "",
      comments: (identifier) => of(identifier)?.comments.map(({ body }) => body) ?? [],
      reply: (identifier, parentId, body, by) =>
        void control.comment({
          issue: identifier,
          ...(parentId !== null && { parentId }),
          body,
          ...(by === "bot" ? { bot: "Relay" } : { user: by === "us" ? automation : person })
        }),
      violations: control.violations
    })
  })
)

issuesContract("Linear", () => Layer.provideMerge(people, layer()))
