/** Report low-carbon acts to a Tanzhang 碳账 installation. */

export type { Activity } from "./activity.ts";
export { Client, Refused, Unanswered, Unproved } from "./client.ts";
export type { Prepared, Receipt, Settings } from "./client.ts";
export { PrivateKey, PublicKey } from "./keys.ts";
