import type { DedupEntry } from "../../src/domain/Dedup.ts"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { Issue } from "../../src/domain/Issue.ts"
import { call } from "./client.ts"

/** Every candidate of the last pass, with its decision and why. */
export const listIssues = (signal?: AbortSignal): Promise<ReadonlyArray<Issue>> =>
  call((api) => api.issues.list({ query: {} }), signal)

export const dispatchIssue = (issueId: string, signal?: AbortSignal): Promise<Dispatch> =>
  call((api) => api.issues.dispatch({ params: { issueId }, payload: {} }), signal)

export const unparkIssue = (issueId: string, signal?: AbortSignal) =>
  call((api) => api.issues.unpark({ params: { issueId } }), signal)

export const resetIssue = (issueId: string, signal?: AbortSignal) =>
  call((api) => api.issues.reset({ params: { issueId } }), signal)

export const listDedup = (signal?: AbortSignal): Promise<ReadonlyArray<DedupEntry>> =>
  call((api) => api.issues.dedup(), signal)

export const removeFromDedup = (issueId: string, signal?: AbortSignal) =>
  call((api) => api.issues.removeFromDedup({ params: { issueId } }), signal)
