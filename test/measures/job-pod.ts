/** The pods of a Job that has nothing special about it. */
export const JOB_POD = { spec: { restartPolicy: "Never", containers: [{ name: "main", image: "none" }] } };
