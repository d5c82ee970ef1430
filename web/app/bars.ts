import "./alarm-bar.ts"
import "./paused-bar.ts"

export { alarmsOf } from "../features/alarms/alarms.ts"
