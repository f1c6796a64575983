import type { Alarm, Metric } from "./alarm.js";

/** Below so many calls a share says nothing: at night one error in three calls is 33 % (aws.md §8). */
const ENOUGH_CALLS = 20;
const TOLERATED_PERCENT = 1;

const lambdaMetric = (functionName: string, name: string): Metric => ({
  namespace: "AWS/Lambda",
  name,
  dimensions: { FunctionName: functionName },
  statistic: "Sum",
});

const callsAndErrors = (functionName: string) => ({
  calls: lambdaMetric(functionName, "Invocations"),
  errors: lambdaMetric(functionName, "Errors"),
});

/** More than one call in a hundred fails, of enough calls, in three of five periods. */
export function errorShareAlarm(functionName: string): Alarm {
  return {
    key: `${functionName}-errors`,
    description: `More than ${TOLERATED_PERCENT} % of ${functionName}'s calls fail: see its log.`,
    periodSeconds: 300,
    periods: 3,
    of: 5,
    rings: { when: "above", threshold: TOLERATED_PERCENT },
    silence: "fine",
    watches: {
      expression: `IF(calls >= ${ENOUGH_CALLS}, 100 * errors / calls, 0)`,
      metrics: callsAndErrors(functionName),
    },
  };
}

/** A dead ticker produces no errors: so silence itself rings. Five minutes, as each of them has one tick at its own second. */
export function heartbeatAlarm(planner: string): Alarm {
  return {
    key: `${planner}-heartbeat`,
    description: `${planner} has not ended well for five minutes: nothing in its partition goes to sleep or wakes.`,
    periodSeconds: 60,
    periods: 5,
    of: 5,
    rings: { when: "below", threshold: 1 },
    silence: "alarming",
    watches: { expression: "calls - errors", metrics: callsAndErrors(planner) },
  };
}
