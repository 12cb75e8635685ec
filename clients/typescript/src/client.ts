/** The client: prepare a batch, send it until it is answered, believe only signed answers. */

import { randomBytes, randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { eventOf, type Activity } from "./activity.ts";
import { PROFILE, requestText, responseText } from "./canonical.ts";
import { sm3, type PrivateKey, type PublicKey } from "./keys.ts";

const BATCH_TYPE = "application/cloudevents-batch+json";
const SIGNATURE =
  /^PCA1-SM2-SM3-RES key="([0-9A-F]{16})",ts="(\d{1,12})",sig="([A-Za-z0-9+/=]+)"$/;
const CLOCK_SECONDS = 300;

/** The platform refused the request, and signed its refusal; `code` is stable. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryable: boolean;

  constructor(status: number, problem: Record<string, unknown>) {
    super(`${problem["code"]}: ${problem["detail_en"] ?? problem["title"]}`);
    this.status = status;
    this.code = String(problem["code"] ?? "UNKNOWN");
    this.retryable = problem["retryable"] === true;
  }
}

/** An answer came whose signature does not hold. What it says must not be believed. */
export class Unproved extends Error {}

/** No answer came in time. Send the same prepared batch again: it cannot count twice. */
export class Unanswered extends Error {}

/** The connection was lost, or a gateway before the platform answered in its stead. */
class Lost extends Error {}

/** A batch ready to be sent any number of times. Keep it until it is answered. */
export interface Prepared {
  body: Buffer;
  idempotencyKey: string;
}

export interface Receipt {
  batch_id: string;
  partner: string;
  items: { id: string; outcome: string; code: string | null }[];
  counts: Record<string, number>;
  settled?: {
    complete: boolean;
    items: { id: string; status: string; reason: string | null; reduction_mg: number }[];
  };
}

export interface Settings {
  /** The installation's address without a path. */
  url: string;
  partner: string;
  key: PrivateKey;
  /** The platform's signing keys that you trust, handed over by a way you both chose. */
  trust: PublicKey[];
  patienceMs?: number;
}

export class Client {
  readonly #settings: Settings;
  readonly #host: string;

  constructor(settings: Settings) {
    this.#settings = settings;
    this.#host = new URL(settings.url).host; // without a default port, in lower case
  }

  /** Make a batch of at most 1,000 acts. */
  prepare(activities: Activity[]): Prepared {
    const events = activities.map((activity) => eventOf(activity, this.#settings.partner));
    return {
      body: Buffer.from(JSON.stringify(events)),
      idempotencyKey: randomBytes(16).toString("hex"),
    };
  }

  /**
   * Send a batch until it is answered; the answer is the receipt, one result an act. A receipt that
   * is not about this partner and these events proves nothing of them: `Unproved`.
   */
  async send(batch: Prepared): Promise<Receipt> {
    const receipt = (await this.#call("POST", "/v1/events:batch", batch)) as Receipt;
    const events = JSON.parse(batch.body.toString("utf8")) as { id: string }[];
    const told = JSON.stringify(receipt.items.map((item) => item.id));
    const asked = JSON.stringify(events.map((event) => event.id));
    if (receipt.partner !== this.#settings.partner || told !== asked) {
      throw new Unproved("The receipt is not about this batch.");
    }
    return receipt;
  }

  /** The receipt of a batch; with what each act was credited once it is settled. */
  batch(batchId: string): Promise<Receipt> {
    return this.#call("GET", `/v1/batches/${encodeURIComponent(batchId)}`) as Promise<Receipt>;
  }

  /** What became of one of your events, of any age. */
  event(eventId: string): Promise<unknown> {
    return this.#call("GET", `/v1/events?id=${encodeURIComponent(eventId)}`);
  }

  /** Ask again, with a new nonce and the same idempotency key, while that may help. */
  async #call(method: string, path: string, batch?: Prepared): Promise<unknown> {
    const deadline = Date.now() + (this.#settings.patienceMs ?? 60_000);
    for (let pause = 200; ; pause = Math.min(pause * 2, 10_000)) {
      let reason: unknown;
      try {
        return await this.#once(method, path, batch);
      } catch (error) {
        const mayHelp = error instanceof Lost || (error instanceof Refused && error.retryable);
        if (!mayHelp) throw error;
        reason = error;
      }
      if (Date.now() + pause > deadline) {
        throw new Unanswered(`${method} ${path}: ${reason}`);
      }
      await sleep(pause / 2 + randomInt(pause));
    }
  }

  async #once(method: string, path: string, batch?: Prepared): Promise<unknown> {
    const nonce = randomBytes(16).toString("hex");
    const [answer, body] = await exchange(new URL(path, this.#settings.url), {
      method,
      headers: this.#headers(method, path, nonce, batch),
      body: batch ? new Uint8Array(batch.body) : undefined,
      redirect: "error",
      signal: AbortSignal.timeout(15_000),
    });
    this.#prove(answer, body, nonce);
    const content = JSON.parse(body.toString("utf8"));
    if (!answer.ok) throw new Refused(answer.status, content);
    return content;
  }

  #headers(
    method: string, path: string, nonce: string, batch?: Prepared,
  ): Record<string, string> {
    const { partner, key } = this.#settings;
    const ts = Math.floor(Date.now() / 1000);
    const keyId = key.public.keyId;
    const text = requestText({
      method,
      path: path.split("?", 1)[0] ?? "",
      query: path.split("?", 2)[1] ?? "",
      host: this.#host,
      ts,
      nonce,
      partner,
      key: keyId,
      idempotencyKey: batch?.idempotencyKey ?? "",
      contentType: batch ? BATCH_TYPE : "",
      bodyDigest: sm3(batch?.body ?? Buffer.alloc(0)),
    });
    const signature = key.sign(text).toString("base64");
    const headers: Record<string, string> = {
      Authorization:
        `${PROFILE} partner="${partner}",key="${keyId}",` +
        `ts="${ts}",nonce="${nonce}",sig="${signature}"`,
      "Accept-Encoding": "identity",
    };
    if (batch) {
      headers["Content-Type"] = BATCH_TYPE;
      headers["Idempotency-Key"] = batch.idempotencyKey;
    }
    return headers;
  }

  /** Throw `Unproved` unless a trusted key signed exactly this answer to this request. */
  #prove(answer: Response, body: Buffer, nonce: string): void {
    const found = SIGNATURE.exec(answer.headers.get("Tanzhang-Signature") ?? "");
    if (!found) {
      throw new Unproved(`The answer (${answer.status}) is not signed.`);
    }
    const [, keyId = "", ts = "", signature = ""] = found;
    if (Math.abs(Date.now() / 1000 - Number(ts)) > CLOCK_SECONDS) {
      throw new Unproved("The answer's time is more than five minutes from ours.");
    }
    const key = this.#settings.trust.find((trusted) => trusted.keyId === keyId);
    if (!key) {
      throw new Unproved(`The answer is signed by ${keyId}, a key that we do not trust.`);
    }
    const text = responseText({
      status: answer.status,
      requestNonce: nonce,
      requestId: answer.headers.get("X-Request-Id") ?? "",
      ts: Number(ts),
      key: keyId,
      bodyDigest: sm3(body),
    });
    if (!key.verifies(text, Buffer.from(signature, "base64"))) {
      throw new Unproved("The answer's signature does not hold.");
    }
  }
}

/** Ask and read the whole answer; `Lost` where none came, or only a gateway's unsigned one. */
async function exchange(url: URL, init: RequestInit): Promise<[Response, Buffer]> {
  let answer: Response, body: Buffer;
  try {
    answer = await fetch(url, init);
    body = Buffer.from(await answer.arrayBuffer());
  } catch (error) {
    throw new Lost(`${url.host} did not answer: ${error}`, { cause: error });
  }
  const unsigned = !answer.headers.has("Tanzhang-Signature");
  if (unsigned && (answer.status === 429 || answer.status >= 500)) {
    throw new Lost(`${url.host} answered ${answer.status} without a signature`);
  }
  return [answer, body];
}
