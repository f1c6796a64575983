/** A, C, D, H, I, M, R, T and Z, as EC2 groups them; Im and Is are of the I family. */
const USUAL = /^(?:[acdhimrtz]|i[ms])\d/;

/** Whether an instance type counts against the quotas on "Standard" instances, which most families share. */
export function isUsualFamily(instanceType: string): boolean {
  return USUAL.test(instanceType);
}
