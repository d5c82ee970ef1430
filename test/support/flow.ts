/** What happens to the dispatches of a scene. A question is answered in the admin, or with a `reply` in its thread. */
export type Flow = "implementation" | "planning" | "question" | "reply" | "cancel" | "machine"

export const asks = (flow: Flow) => flow === "question" || flow === "reply"

export const answer = "The second one"
