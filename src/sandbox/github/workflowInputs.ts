import { workflowInputs as sent } from "../../domain/WorkflowInputs.ts"

/** The inputs that a workflow made for the product declares. */
export const workflowInputs: ReadonlyArray<string> = sent.implementation

/** Those of a planning workflow. */
export const planningInputs: ReadonlyArray<string> = sent.planning
