import type { Seed } from "./seed.ts"
import { uuidOf } from "./uuid.ts"
import { eng } from "./workspace/eng.ts"
import { ops } from "./workspace/ops.ts"
import { web } from "./workspace/web.ts"

export const automationUserId = uuidOf("User/automation")
export const personId = uuidOf("User/robin")

const issues = [
  ...eng,
  ...web,
  ...ops,
  {
    team: "OLD",
    title: "Say on the archive that it is read-only",
    description: "This team has no repository of its own any more.",
    priority: 3,
    labels: ["AI-Implement"],
    state: "Backlog"
  }
]

/** The demo's workspace: forty issues in three teams and in a fourth that no mapping names. */
export const workspace: Seed = {
  organization: { name: "Northwind", urlKey: "northwind" },
  users: [
    { id: personId, name: "Robin Hale", email: "robin@northwind.test" },
    { id: uuidOf("User/mika"), name: "Mika Tan", email: "mika@northwind.test" },
    { id: automationUserId, name: "AI-Implement", email: "automation@northwind.test" }
  ],
  teams: [
    { key: "ENG", name: "Engineering", firstNumber: 31, labels: ["Bug", "Feature"] },
    { key: "WEB", name: "Web", firstNumber: 12, labels: ["Bug", "Feature"] },
    { key: "OPS", name: "Operations", firstNumber: 7 },
    { key: "OLD", name: "Archive" }
  ],
  labels: ["AI-Implement"],
  issues: issues.map((issue, index) => ({ ...issue, minutesAgo: (issues.length - index) * 97 }))
}
