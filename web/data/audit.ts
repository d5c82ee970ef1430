import { AuditApi } from "../../src/api/AuditApi.ts"
import type { AuditEntry } from "../../src/domain/Audit.ts"
import { calls } from "./client.ts"

const call = calls(AuditApi)

/** Newest first, a page at a time; `before` is the id of the last entry seen. */
export const listAudit = (
  query: { readonly before?: number; readonly limit?: number },
  signal?: AbortSignal
): Promise<ReadonlyArray<AuditEntry>> => call((api) => api.list({ query }), signal)
