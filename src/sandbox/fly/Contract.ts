import { readFileSync } from "node:fs"
import { operations } from "../../upstreams/fly/operations.ts"
import { type Description, makeContract } from "../Upstream/Contract.ts"

// The description cannot say it: null unsets a secret.
const withNull = (key: string, value: { readonly additionalProperties?: object }) =>
  key === "values" && value.additionalProperties !== undefined
    ? { ...value, additionalProperties: { type: ["string", "null"] } }
    : value

const description: Description = JSON.parse(
  readFileSync(new URL("./generated/openapi.json", import.meta.url), "utf8"),
  withNull
)

export const contract = makeContract({ description, operations, base: "/v1" })
