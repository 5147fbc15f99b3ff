// Writes the samples of the contract in TypeScript to WORK/samples, to be compiled. A test of openapi/samples runs them.

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { load } from "js-yaml";

const { CONTRACT, WORK } = process.env;

const { paths } = load(readFileSync(CONTRACT, "utf8"));
mkdirSync(`${WORK}/samples`);
let count = 0;
for (const operation of Object.values(paths).flatMap(Object.values)) {
  for (const sample of operation["x-codeSamples"] ?? []) {
    if (sample.lang === "TypeScript") {
      writeFileSync(`${WORK}/samples/${operation.operationId}.ts`, sample.source);
      count++;
    }
  }
}
if (count === 0) {
  throw new Error("the contract has no sample in TypeScript");
}
