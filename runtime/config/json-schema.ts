import * as z from "zod";

import { SECTION_NAMES, sections } from "./sections.js";

type JsonSchema = z.core.JSONSchema.BaseSchema;

/**
 * JSON schema (draft 7, which editors know best) by which an editor checks and completes a stack file (keys below
 * `config:`, with `curfew:`) or a catalogue (the same keys at the top, without it). Made from the schemas that check the
 * config itself; what it refuses in a file, `parseStackFile` or `parseFleet` refuses too. It knows no file but the one at
 * hand: whether a schedule exists, say, only they can tell. Equal at every call.
 */
export function configJsonSchema(): JsonSchema {
  const whole = z.object(Object.fromEntries(SECTION_NAMES.map((name) => [name, sections[name]])));
  const { properties = {}, definitions = {} } = z.toJSONSchema(whole, {
    io: "input",
    target: "draft-7",
    override: ({ jsonSchema }) => dropUnsound(jsonSchema),
  });
  const named = SECTION_NAMES.map((name) => [name, orNothing(properties[name] as JsonSchema)] as const);
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "Curfew's config",
    description:
      "A Pulumi stack file with keys such as curfew:clusters, or a catalogue with the same keys without curfew:.",
    type: "object",
    properties: { config: stackConfig() },
    if: { not: { required: ["config"] } },
    then: {
      properties: Object.fromEntries(SECTION_NAMES.map((name) => [name, refTo(name)])),
      additionalProperties: false,
    },
    definitions: { ...(definitions as Readonly<Record<string, JsonSchema>>), ...Object.fromEntries(named) },
  };
}

/** An editor's idea of a URL is not ours, and what is read-only in the program is there to be written in the file. */
function dropUnsound(schema: JsonSchema): void {
  delete schema.format;
  delete schema.readOnly;
}

/** Keys of other namespaces are other people's; below `curfew:` a key that is not known is a slip. */
function stackConfig(): JsonSchema {
  const known = SECTION_NAMES.map((name) => `curfew:${name}`);
  return {
    type: ["object", "null"] as never,
    properties: Object.fromEntries(SECTION_NAMES.map((name) => [`curfew:${name}`, refTo(name)])),
    propertyNames: { anyOf: [{ enum: known }, { pattern: "^(?!curfew:).*:" }] },
  };
}

/** YAML's `clusters:` with nothing behind it counts as absent. */
function orNothing(schema: JsonSchema): JsonSchema {
  const { description = "", ...rest } = schema;
  return { description, anyOf: [rest, { type: "null" }] };
}

function refTo(name: string): JsonSchema {
  return { $ref: `#/definitions/${name}` };
}
