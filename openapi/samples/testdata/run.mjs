// Runs the samples that standard input names, and prints a line for each: what it failed with as JSON, or an empty text.
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";

const print = console.log;
for (const task of JSON.parse(readFileSync(0, "utf8"))) {
  process.chdir(task.dir);
  for (const entry of task.env) {
    const at = entry.indexOf("=");
    process.env[entry.slice(0, at)] = entry.slice(at + 1);
  }
  let complaint = "";
  console.log = () => {};
  try {
    await import(pathToFileURL(task.file));
  } catch (error) {
    complaint = String(error?.stack ?? error);
  }
  console.log = print;
  print(JSON.stringify(complaint));
}
