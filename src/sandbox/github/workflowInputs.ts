import { workflowInputs as sent } from "../../domain/WorkflowInputs.ts"

export const workflowInputs: ReadonlyArray<string> = sent.implementation

export const planningInputs: ReadonlyArray<string> = sent.planning
