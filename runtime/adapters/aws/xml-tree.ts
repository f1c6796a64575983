/** An element of an XML document, without its attributes. */
export interface XmlElement {
  readonly name: string;
  /** Text directly inside it, entities resolved. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

const TOKEN = /<(?<close>\/?)(?<name>[A-Za-z_][\w.:-]*)[^>]*?(?<empty>\/?)>|(?<text>[^<]+)/g;

/**
 * Reads the plain XML in which AWS's query services answer: elements and text, no CDATA. For the one service whose SDK is
 * not loaded. Never throws; of a text that is not XML nothing is found.
 */
export function readXml(text: string): XmlElement {
  const root = { name: "", text: "", children: [] as XmlElement[] };
  const open = [root];
  for (const { groups = {} } of text.replaceAll(/<\?[^>]*\?>/g, "").matchAll(TOKEN)) {
    const current = open.at(-1) ?? root;
    if (groups["text"] !== undefined) current.text += resolveEntities(groups["text"]);
    else if (groups["close"] === "/") open.pop();
    else {
      const element = { name: groups["name"] ?? "", text: "", children: [] };
      current.children.push(element);
      if (groups["empty"] !== "/") open.push(element);
    }
  }
  return root;
}

/** The first element that these names lead to, from `element` downwards; undefined when there is none. */
export function findXml(element: XmlElement, ...names: readonly string[]): XmlElement | undefined {
  let found: XmlElement | undefined = element;
  for (const name of names) found = found?.children.find((child) => child.name === name);
  return found;
}

/** The text that these names lead to; empty when there is none. */
export function xmlText(element: XmlElement, ...names: readonly string[]): string {
  return findXml(element, ...names)?.text.trim() ?? "";
}

const ENTITIES: Readonly<Record<string, string>> = { lt: "<", gt: ">", quot: '"', apos: "'", amp: "&" };

function resolveEntities(text: string): string {
  return text.replaceAll(/&(\w+);/g, (whole, name: string) => ENTITIES[name] ?? whole);
}
