// Reads patterns and texts as JSON, and prints which texts each pattern takes, as JSON Schema reads patterns (with the
// flag u) and as most generated code does (without).
import { readFileSync } from "node:fs";

for (const { pattern, texts } of JSON.parse(readFileSync(0, "utf8"))) {
  for (const [way, flags] of [["plain", ""], ["unicode", "u"]]) {
    const compiled = new RegExp(pattern, flags);
    console.log(way, texts.map((text) => (compiled.test(text) ? "1" : "0")).join(""));
  }
}
