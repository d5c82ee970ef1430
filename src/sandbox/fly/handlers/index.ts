import type { Operation } from "../../../upstreams/fly/operations.ts"
import { apps } from "./apps.ts"
import type { Handler } from "./Handler.ts"
import { machines } from "./machines.ts"
import { secrets } from "./secrets.ts"

export const handlers: Record<Operation, Handler> = { ...apps, ...machines, ...secrets }
