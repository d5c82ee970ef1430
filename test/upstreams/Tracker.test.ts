import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import { issuesContract, People } from "./Tracker.contract.ts"
import { IssuesDouble, issuesDouble } from "../support/trackerDouble.ts"

const pickup = "AI-Implement"

const people = Layer.effect(
  People,
  Effect.map(IssuesDouble, ({ create, discard, find, reply, setState }) =>
    People.of({
      pickup,
      create,
      setState,
      discard,
      labels: (identifier) => find(identifier)?.labels ?? [],
      stateType: (identifier) => find(identifier)?.state ?? "",
      comments: (identifier) => [...(find(identifier)?.comments.values() ?? [])].map(({ body }) => body),
      reply,
      violations: () => []
    })
  )
)

issuesContract("The double of the tracker", () => Layer.provideMerge(people, issuesDouble(pickup)))
