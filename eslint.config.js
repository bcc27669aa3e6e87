// Our own scripts: ES modules in the browser, one behaviour each, no build.
import js from "@eslint/js";
import globals from "globals";

export default [
  { ignores: ["**/vendor/**", "node_modules/**", "build/**", "var/**", ".venv/**"] },
  js.configs.recommended,
  {
    files: ["**/*.js"],
    languageOptions: { ecmaVersion: 2023, sourceType: "module", globals: globals.browser },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-restricted-properties": [
        "error",
        { property: "innerHTML", message: "Build nodes, or set textContent: text of a job must never become markup." },
        { property: "outerHTML", message: "Build nodes, or set textContent: text of a job must never become markup." },
      ],
      "no-var": "error",
      "prefer-const": "error",
      complexity: ["error", 10],
      "consistent-return": "error",
      curly: ["error", "multi-line"],
      eqeqeq: "error",
      "max-lines": ["error", 150],
      "max-lines-per-function": ["error", 50],
      semi: "error", // hashed static names are written into imports that end in one
    },
  },
];
