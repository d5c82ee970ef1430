import "./setup-list.ts"
import "../../elements/unsent-notifications.ts"
