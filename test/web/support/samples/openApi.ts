export const openApi = {
  openapi: "3.1.0",
  info: { title: "AI-Implement", version: "0.1.0" },
  paths: {
    "/api/mappings": {
      post: {
        tags: ["mappings"],
        operationId: "mappings.save",
        summary: "Creates or updates a mapping",
        requestBody: {
          required: true,
          content: {
            "application/json": {
              schema: {
                type: "object",
                properties: {
                  teamKey: { type: "string", maxLength: 32 },
                  paused: { type: "boolean" },
                  awsRegion: { anyOf: [{ type: "string" }, { type: "null" }] }
                },
                required: ["teamKey"]
              }
            }
          }
        },
        responses: {
          "200": { description: "Success" },
          "400": {
            description: "Invalid",
            content: { "application/json": { schema: { $ref: "#/components/schemas/Invalid" } } }
          }
        }
      }
    },
    "/api/dispatches/{id}": {
      get: {
        tags: ["dispatches"],
        operationId: "dispatches.get",
        parameters: [{ name: "id", in: "path", required: true, schema: { type: "string" } }],
        responses: { "200": { description: "Success" } }
      }
    },
    "/api/events": {
      get: {
        tags: ["events"],
        operationId: "events.stream",
        responses: { "200": { description: "Success", content: { "text/event-stream": { schema: {} } } } }
      }
    }
  },
  components: {
    schemas: { Invalid: { type: "object", properties: { error: { type: "string" } }, required: ["error"] } }
  }
}
