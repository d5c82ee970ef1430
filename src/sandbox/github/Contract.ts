import { readFileSync } from "node:fs"
import { operations } from "../../upstreams/github/operations.ts"
import { makeContract } from "../Upstream/Contract.ts"

export type { Checked, Parameters } from "../Upstream/Contract.ts"

export const contract = makeContract({
  description: JSON.parse(readFileSync(new URL("./generated/openapi.json", import.meta.url), "utf8")),
  operations,
  error: "basic-error",
  // GitHub's description calls `created` a date-time, while its pages and its servers take a range of dates.
  misdescribed: (name) => name === "created"
})
