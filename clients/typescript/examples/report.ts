/** Report one ride to a sandbox on this machine, and wait until it is settled. */

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, PrivateKey, PublicKey } from "../src/index.ts";

const home = process.env["ACME_HOME"] ?? ".";
const url = process.env["TANZHANG_URL"] ?? "http://127.0.0.1:8001";

interface Listed {
  purpose: string;
  algorithm: string;
  pem: string;
}
const listed = JSON.parse(readFileSync(join(home, "platform-keys.json"), "utf8")) as {
  keys: Listed[];
};
const trust = listed.keys
  .filter((key) => key.purpose === "sign" && key.algorithm === "sm2")
  .map((key) => PublicKey.fromPem(key.pem));

const client = new Client({
  url,
  partner: "acme",
  key: PrivateKey.fromFile(join(home, "acme-key.pem")),
  trust,
});

const began = Date.now() - 2 * 3_600_000;
const receipt = await client.send(
  client.prepare([
    {
      id: "ride-2",
      person: "citizen-2",
      scene: "shared-bike",
      startedAt: new Date(began),
      endedAt: new Date(began + 12 * 60_000),
      inputs: { distance_m: 2400 },
    },
  ]),
);
console.log(receipt.items[0]?.id, receipt.items[0]?.outcome);

for (;;) {
  const { settled } = await client.batch(receipt.batch_id);
  const item = settled?.items[0];
  if (settled?.complete && item) {
    console.log(item.status, item.reduction_mg, "mg CO2e");
    break;
  }
  await sleep(200);
}
