import * as Layer from "effect/Layer"
import { Events } from "./Events.ts"
import { delivery, Notifications } from "./Notifications.ts"
import { OutboxRepo } from "./Notifications/OutboxRepo.ts"

export const layer = delivery.pipe(
  Layer.provideMerge(Layer.merge(Notifications.layer, Events.layer)),
  Layer.provideMerge(OutboxRepo.layer)
)
