import { ConnectionTestsApi } from "../../src/api/ConnectionTestsApi.ts"
import type { ConnectionTest, ConnectionTestSubject } from "../../src/domain/ConnectionTest.ts"
import { calls } from "./client.ts"

const call = calls(ConnectionTestsApi)

export const trySetting = (what: ConnectionTestSubject, signal?: AbortSignal): Promise<ConnectionTest> =>
  call((api) => api.try({ params: { what } }), signal)
