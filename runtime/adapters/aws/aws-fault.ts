/** What an error of the AWS SDK says of itself. */
export interface AwsFault {
  /** The service's error name, e.g. `ResourceInUseException`. */
  readonly name: string;
  readonly message: string;
  /** Node's code of a broken connection, e.g. `ECONNREFUSED`; empty when there is none. */
  readonly code: string;
  /** 0 when there was no answer. */
  readonly httpStatus: number;
}

/** Reads any thrown value. Never throws. */
export function readAwsFault(error: unknown): AwsFault {
  if (!(error instanceof Error)) return { name: "", message: String(error), code: "", httpStatus: 0 };
  return {
    name: error.name,
    message: error.message,
    code: "code" in error && typeof error.code === "string" ? error.code : "",
    httpStatus: readHttpStatus(error),
  };
}

function readHttpStatus(error: Error): number {
  if (!("$metadata" in error) || typeof error.$metadata !== "object" || error.$metadata === null) return 0;
  const metadata = error.$metadata;
  return "httpStatusCode" in metadata && typeof metadata.httpStatusCode === "number" ? metadata.httpStatusCode : 0;
}

/** The cluster's control plane or the group is at work on something else: wait and ask again (safe-cycle H29, H30). */
export function isBusy({ name }: AwsFault): boolean {
  return /^(ResourceInUse|ScalingActivityInProgress|ResourceContention)/.test(name);
}

/** The node group or Auto Scaling group is not there. Auto Scaling has no error of its own for it. */
export function isGroupGone({ name, message }: AwsFault): boolean {
  if (name === "ResourceNotFoundException") return !isClusterGone({ name, message });
  return name === "ValidationError" && /AutoScalingGroup name not found|group .*not found/i.test(message);
}

/** The EKS cluster is not there. EKS answers with one error for every kind of thing that it does not find. */
export function isClusterGone({ name, message }: Pick<AwsFault, "name" | "message">): boolean {
  return name === "ResourceNotFoundException" && /no cluster found/i.test(message);
}

/** Too many requests; EKS hides EC2's throttling of its own calls in another error's message (aws.md §2). */
export function isThrottled({ name, message, httpStatus }: AwsFault): boolean {
  return (
    httpStatus === 429 ||
    /Throttl|TooManyRequests|RequestLimitExceeded|LimitExceededException|SlowDown/.test(name) ||
    /request limit exceeded|rate exceeded/i.test(message)
  );
}
