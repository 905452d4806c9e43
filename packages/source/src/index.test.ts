import { expect, test } from "vitest";
import * as door from "./index.ts";

test("the package's door", () => {
  expect(Object.keys(door).sort()).toMatchInlineSnapshot(`
    [
      "FileTreeError",
      "GeneralMap",
      "GlobError",
      "JsonError",
      "MemoryTree",
      "TomlError",
      "YamlError",
      "checkFileSize",
      "compareBytewise",
      "compileGobwas",
      "doublestarMatch",
      "formatOrigin",
      "fromPlain",
      "joinPath",
      "matchGitPathspec",
      "newEditableNode",
      "normalizePath",
      "parentPath",
      "pathMatch",
      "printDiagnostic",
      "readEditableDocument",
      "readEditableDocuments",
      "readJson",
      "readToml",
      "readYaml",
      "readYamlDocuments",
      "readYamlPlaces",
      "resolveYamlScalar",
      "splitYamlDocuments",
      "toPlain",
      "writeEditableDocuments",
      "writeJson",
      "writeToml",
      "writeYamlV2",
      "writeYamlV3",
      "yamlNodes",
    ]
  `);
});
