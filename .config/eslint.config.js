import js from "@eslint/js";
import tseslint from "typescript-eslint";

/** Ambient time, randomness and timers come in through ports (design §3.9). */
const AMBIENT = [
  {
    selector: "CallExpression[callee.object.name='Date'][callee.property.name='now']",
    message: "Time comes in through the Clock port.",
  },
  {
    selector: "NewExpression[callee.name='Date'][arguments.length=0]",
    message: "Time comes in through the Clock port.",
  },
  {
    selector: "CallExpression[callee.object.name='Math'][callee.property.name='random']",
    message: "Randomness comes in through the Random port.",
  },
  {
    selector: "CallExpression[callee.name=/^set(Timeout|Interval|Immediate)$/]",
    message: "Sleeping comes in through the Clock port.",
  },
];

export default tseslint.config(
  { ignores: ["bin/**", "node_modules/**", ".coverage/**", ".lab/**"] },
  js.configs.recommended,
  ...tseslint.configs.strictTypeChecked,
  ...tseslint.configs.stylisticTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: [".config/*.js", ".config/*.cjs"] },
        tsconfigRootDir: `${import.meta.dirname}/..`,
      },
    },
    rules: {
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      "@typescript-eslint/prefer-readonly": "error",
      "no-console": "error",
      complexity: ["error", 14],
      "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
      "max-lines-per-function": ["error", { max: 70, skipBlankLines: true, skipComments: true }],
      "max-params": ["error", 4],
    },
  },
  {
    files: [
      "runtime/schedule/**",
      "runtime/drain/**",
      "runtime/cycle/**",
      "runtime/run/**",
      "runtime/fleet/**",
      "runtime/doctor/**",
    ],
    rules: { "no-restricted-syntax": ["error", ...AMBIENT] },
  },
  {
    files: ["test/**"],
    rules: {
      // client-node's models are generated classes that everybody writes as literals.
      "@typescript-eslint/no-unsafe-class-instance-assignment": "off",
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-non-null-assertion": "off",
      "max-lines-per-function": "off",
    },
  },
  { files: ["test/lab/**", "test/bench/**", "runtime/cli/**"], rules: { "no-console": "off" } },
  { files: [".config/**"], ...tseslint.configs.disableTypeChecked },
  { files: ["**/*.cjs"], languageOptions: { globals: { module: "writable" } } },
);
