import type { Question } from "../../../../src/domain/Question.ts"
import type { Session } from "../../../../src/domain/Session.ts"
import { dispatch } from "./dispatches.ts"
import { ago, ahead, uuid } from "./times.ts"
import type { PlanHistory } from "../../../../src/domain/Plan.ts"
import { MachineId, StoredDispatchId, StoredIssueId } from "../../../../src/domain/Ids.ts"

const session = (index: number, changes: Partial<Session> = {}): Session => ({
  machineId: MachineId.make(`4d89${index}`),
  name: `ai-implement-eng-${index}`,
  state: "started",
  region: "fra",
  cpus: 2,
  memoryMb: 4096,
  createdAt: ago(300 + index),
  updatedAt: ago(30),
  dispatchId: uuid(index),
  issueId: uuid(1000 + index),
  issueIdentifier: `ENG-${index}`,
  issueTitle: dispatch(index).issueTitle,
  teamKey: "ENG",
  repo: "acme/webshop",
  ...changes
})

const { cpus, createdAt, machineId, memoryMb, name, region, state, updatedAt } = session(5)

export const sessions: ReadonlyArray<Session> = [
  session(3),
  session(4, { state: "starting" }),
  { cpus, createdAt, machineId, memoryMb, name, region, state, updatedAt }
]

export const planHistory = (changes: Partial<PlanHistory> = {}): PlanHistory => ({
  issueId: StoredIssueId.make(uuid(1009)),
  issueIdentifier: "ENG-9",
  versions: [
    {
      dispatchId: StoredDispatchId.make(uuid(9)),
      documents: [
        {
          title: "Architecture Analysis",
          markdown:
            "## Parts\n\nTwo **small** steps, see [the guide](https://example.com/guide) and [this](javascript:alert(1)).\n\n- keep `basket.ts`\n- add a test\n\n| file | why |\n|--|--|\n| basket.ts | holds it |\n\n```ts\nconst a = 1\n```\n\n<img src=x onerror=alert(1)>"
        },
        { title: "Test Plan", markdown: "1. Sign in\n2. Look at the basket\n\n> Not on Fridays" }
      ],
      finishedAt: ago(300),
      verdict: null,
      withdrawn: false
    },
    {
      dispatchId: StoredDispatchId.make(uuid(8)),
      documents: [
        {
          title: "Architecture Analysis",
          markdown: "## Parts\n\nOne large step.\n\n- keep `basket.ts`\n- add a test"
        }
      ],
      finishedAt: ago(3000),
      verdict: { kind: "rejected", by: "Olga", at: ago(2000), reason: "Too large: split it." },
      withdrawn: false
    }
  ],
  ...changes
})

export const question = (index: number, changes: Partial<Question> = {}): Question => ({
  id: uuid(3000 + index),
  dispatchId: uuid(3),
  issueId: uuid(1003),
  issueIdentifier: "ENG-3",
  text: "Which of the two buttons is meant?",
  options: ["The upper one", "The lower one"],
  askedAt: ago(60),
  expiresAt: ahead(1200),
  answer: null,
  closedAt: null,
  ...changes
})
