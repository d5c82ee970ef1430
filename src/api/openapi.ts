import type * as OpenApi from "effect/http-api/OpenApi"

const refusal = {
  description:
    "Refused before the route: the API is off (404), the method (405), the size (413) or the content type (415) is wrong, the database does not answer (503), or a fault here (500, with a trace id).",
  content: { "application/json": { schema: { $ref: "#/components/schemas/Refusal" } } }
}

const schemas = {
  Refusal: {
    type: "object",
    properties: { _tag: { type: "string" }, error: { type: "string" }, traceId: { type: "string" } },
    required: ["_tag", "error"]
  },
  Timestamp: { type: "string", format: "date-time", description: "UTC, ISO 8601." }
}

/** Completes the generated document: plain names, formats of times, and the error responses of every route. */
export const finish: OpenApi.Transform["Service"] = (generated) => {
  const spec = JSON.parse(JSON.stringify(generated).replaceAll(/\b([A-Z]\w*?)Encoded\d*"/g, '$1"'))
  for (const path of Object.values<Record<string, { responses: Record<string, unknown> }>>(spec.paths)) {
    for (const { responses } of Object.values(path)) responses["default"] = refusal
  }
  Object.assign(spec.components.schemas, schemas)
  spec.info.contact = { name: "AI-Implement" }
  return spec
}
