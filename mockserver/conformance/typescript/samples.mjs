// Writes the samples in TypeScript of the published contract to generated/samples, for tsc to check. A test of
// openapi/samples runs them.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { load } from "js-yaml";

const contract = load(readFileSync("../../../gen/certcentral.yaml", "utf8"));
rmSync("generated/samples", { recursive: true, force: true });
mkdirSync("generated/samples", { recursive: true });
let count = 0;
for (const item of Object.values(contract.paths)) {
  for (const operation of Object.values(item)) {
    for (const sample of operation["x-codeSamples"] ?? []) {
      if (sample.lang === "TypeScript") {
        writeFileSync(`generated/samples/${operation.operationId}.ts`, sample.source);
        count++;
      }
    }
  }
}
if (count === 0) {
  throw new Error("the contract has no sample in TypeScript");
}
console.log(`${count} samples to check`);
