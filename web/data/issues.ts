import type { DedupEntry } from "../../src/domain/Dedup.ts"
import type { Dispatch } from "../../src/domain/Dispatch.ts"
import type { Issue } from "../../src/domain/Issue.ts"
import { IssuesApi } from "../../src/api/IssuesApi.ts"
import { calls } from "./client.ts"

const call = calls(IssuesApi)

/** Every candidate of the last pass, with its decision and why. */
export const listIssues = (signal?: AbortSignal): Promise<ReadonlyArray<Issue>> =>
  call((api) => api.list({ query: {} }), signal)

export const dispatchIssue = (issueId: string, signal?: AbortSignal): Promise<Dispatch> =>
  call((api) => api.dispatch({ params: { issueId }, payload: {} }), signal)

export const unparkIssue = (issueId: string, signal?: AbortSignal) =>
  call((api) => api.unpark({ params: { issueId } }), signal)

export const resetIssue = (issueId: string, signal?: AbortSignal) =>
  call((api) => api.reset({ params: { issueId } }), signal)

export const listDedup = (signal?: AbortSignal): Promise<ReadonlyArray<DedupEntry>> =>
  call((api) => api.dedup(), signal)

export const removeFromDedup = (issueId: string, signal?: AbortSignal) =>
  call((api) => api.removeFromDedup({ params: { issueId } }), signal)

export const approvePlan = (issueId: string, signal?: AbortSignal) =>
  call((api) => api.approve({ params: { issueId } }), signal)

export const rejectPlan = (issueId: string, reason: string, signal?: AbortSignal) =>
  call((api) => api.reject({ params: { issueId }, payload: { reason } }), signal)
