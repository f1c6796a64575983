import type { AwsRequest } from "./aws-request.js";

/** Which calls a fault hits; what is not named matches every call. */
export interface FaultTarget {
  readonly service?: string;
  readonly action?: string;
  /** Account that the caller's credentials belong to; for AssumeRole that is the hub. */
  readonly account?: string;
  /** How many calls it hits (default: every call until it is cleared). */
  readonly times?: number;
}

/** What happens to a call that is hit. */
export type FaultEffect =
  /** Answered with an AWS error; status 400 unless given. The call does not reach the cloud. */
  | { readonly kind: "error"; readonly code: string; readonly message?: string; readonly status?: number }
  /** Answered with the throttling error of its service. */
  | { readonly kind: "throttle" }
  /** Answered with 503 and no sense. */
  | { readonly kind: "unavailable" }
  /** Carried out, after a while. */
  | { readonly kind: "latency"; readonly ms: number }
  /** Carried out, but the connection breaks before the answer: the caller cannot know. */
  | { readonly kind: "lost-reply" };

export type Fault = FaultTarget & FaultEffect;

/** Faults to inject, tried in the order in which they came. */
export interface Faults {
  add(fault: Fault): void;
  clear(): void;
  /** The fault that hits this call, if any; uses up one of its times. */
  take(call: AwsRequest, account: string): Fault | undefined;
}

export function createFaults(): Faults {
  let armed: { fault: Fault; left: number }[] = [];
  return {
    add: (fault) => void armed.push({ fault, left: fault.times ?? Infinity }),
    clear: () => void (armed = []),
    take: (call, account) => {
      const hit = armed.find(({ fault }) => matches(fault, call, account));
      if (!hit) return undefined;
      hit.left -= 1;
      armed = armed.filter(({ left }) => left > 0);
      return hit.fault;
    },
  };
}

const matches = (fault: FaultTarget, call: AwsRequest, account: string): boolean =>
  (fault.service ?? call.service) === call.service &&
  (fault.action ?? call.action) === call.action &&
  (fault.account ?? account) === account;

/** An answer as it goes over the wire. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const THROTTLING: Readonly<Record<string, readonly [code: string, status: number]>> = {
  eks: ["ThrottlingException", 429],
  ec2: ["RequestLimitExceeded", 503],
};

/** The answer of an effect that keeps the call from the cloud; undefined for effects that let it through. */
export function answerOf(effect: FaultEffect, service: string): WireAnswer | undefined {
  switch (effect.kind) {
    case "error":
      return errorAnswer(service, effect.code, effect.message ?? `injected ${effect.code}`, effect.status ?? 400);
    case "throttle": {
      const [code, status] = THROTTLING[service] ?? ["Throttling", 400];
      return errorAnswer(service, code, "Rate exceeded", status);
    }
    case "unavailable":
      return { status: 503, headers: { "content-type": "text/plain" }, body: "Service Unavailable" };
    case "latency":
    case "lost-reply":
      return undefined;
  }
}

/** An error in the shape of the service's protocol: EC2's own XML, the Query protocol's XML, or JSON. */
function errorAnswer(service: string, code: string, message: string, status: number): WireAnswer {
  const error = `<Code>${code}</Code><Message>${message}</Message>`;
  if (service === "ec2") {
    return xml(status, `<Response><Errors><Error>${error}</Error></Errors><RequestID>lab</RequestID></Response>`);
  }
  if (service === "sts" || service === "autoscaling") {
    const body = `<ErrorResponse><Error><Type>Sender</Type>${error}</Error><RequestId>lab</RequestId></ErrorResponse>`;
    return xml(status, body);
  }
  return {
    status,
    headers: { "content-type": "application/json", "x-amzn-errortype": code },
    body: JSON.stringify({ __type: code, message }),
  };
}

const xml = (status: number, body: string): WireAnswer => ({ status, headers: { "content-type": "text/xml" }, body });
