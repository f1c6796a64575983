/** `target` with every call of its methods told to `onCall` by name. */
export function countCalls<Target extends object>(target: Target, onCall: (name: string) => void): Target {
  return new Proxy(target, {
    get(object, name, receiver) {
      const value: unknown = Reflect.get(object, name, receiver);
      if (typeof value !== "function" || typeof name !== "string") return value;
      return (...args: unknown[]): unknown => {
        onCall(name);
        return Reflect.apply(value, object, args);
      };
    },
  });
}
