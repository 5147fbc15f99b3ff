"""lint.py CORPUS EXPECTED runs pkilint over the corpus that TestCorpus of mockserver/internal/ca has written.

It fails if pkilint has a finding that EXPECTED does not allow, or no longer has a finding that EXPECTED allows.
"""

import contextlib
import fnmatch
import io
import json
import pathlib
import sys
import tomllib

from pkilint.bin import lint_crl, lint_etsi_cert, lint_ocsp_response, lint_pkix_cert, lint_pkix_signer_signee_cert_chain

QUALIFIED = (lint_etsi_cert, "-t", "QCP-N-QSCD-EIDAS-FINAL-CERTIFICATE")
NORMALIZED = (lint_etsi_cert, "-t", "NCP-NATURAL-PERSON-CERTIFICATE")
LINTERS = {
    "authentication": NORMALIZED,
    "nonrepudiation": QUALIFIED,
    "encryption": NORMALIZED,
    "root-ca": (lint_pkix_cert,),
    "intermediate-ca": (lint_pkix_cert,),
    "issuing-ca": (lint_pkix_cert,),
    "responder": (lint_pkix_cert,),
    "crl": (lint_crl, "-t", "CRL", "-p", "PKIX"),
    "ocsp": (lint_ocsp_response,),
    "mutant": QUALIFIED,
}


def run(program, *args):
    """Run one of pkilint's programs, in this process to save the second that each takes to start."""
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        program.main(["lint", "-f", "JSON", "-s", "ALL", *args])
    if not out.getvalue():
        sys.exit(f"{program.__name__} {' '.join(args)}: {err.getvalue()}")
    for result in json.loads(out.getvalue())["results"]:
        for finding in result["finding_descriptions"]:
            yield finding["severity"], finding["code"], f"{result['node_path']}: {finding['message']}"


def lint(corpus, specimen):
    """Return the findings about a specimen: severity and code, with the place and the message."""
    program, *args = LINTERS[specimen["kind"]]
    file = str(corpus / specimen["file"])
    findings = list(run(program, *args, file))
    if "issuer" in specimen:
        findings += run(lint_pkix_signer_signee_cert_chain, str(corpus / specimen["issuer"]), file)
    return {(severity, code): detail for severity, code, detail in findings}


def check_allowed(found, rules):
    """Return complaints about findings that are not allowed, and about allowed findings that are missing."""
    allowed = set()
    for rule in rules:
        finding = rule["severity"], rule["code"]
        if not rule["reason"]:
            yield f"{finding[1]}: is allowed without a reason"
        for pattern in rule["where"]:
            places = fnmatch.filter(found, pattern)
            if not places:
                yield f"{pattern}: is allowed {finding[1]}, and there is no such thing"
            allowed |= {(place, finding) for place in places}
    for place, findings in found.items():
        for finding, detail in findings.items():
            if (place, finding) not in allowed:
                yield f"{place}: {' '.join(finding)} {detail}"
    for place, finding in sorted(allowed):
        if finding not in found[place]:
            yield f"{place}: is allowed {finding[1]}, and doesn't have it"


def check_mutants(mutants, found, undetected):
    """Return complaints about mutants without an additional finding that are not listed, and about listed ones with one."""
    names = {place.split("/", 2)[2] for place in mutants}
    for name in sorted(set(undetected) - names):
        yield f"{name}: is listed as undetected, and there is no such mutant"
    for place, findings in mutants.items():
        preset, _, name = place.split("/", 2)
        detected = findings.keys() - found[f"{preset}/nonrepudiation/plain"].keys()
        if detected and name in undetected:
            yield f"{place}: is listed as undetected, and has {sorted(detected)}"
        if not detected and name not in undetected:
            yield f"{place}: pkilint does not detect it"


def main(corpus, expected):
    corpus = pathlib.Path(corpus)
    expected = tomllib.loads(pathlib.Path(expected).read_text())
    specimens = json.loads((corpus / "index.json").read_text())
    found, mutants = {}, {}
    for s in specimens:
        place = f"{s['preset']}/{s['kind']}/{s['name']}"
        (mutants if s["kind"] == "mutant" else found)[place] = lint(corpus, s)

    complaints = [f"{kind}: there is nothing of this kind to lint" for kind in LINTERS.keys() - {s["kind"] for s in specimens}]
    complaints += check_allowed(found, expected["allowed"])
    complaints += check_mutants(mutants, found, expected["mutants"]["undetected"])
    for complaint in complaints:
        print(complaint)
    print(
        f"pkilint: {len(found)} certificates, CRLs and OCSP responses with {sum(map(len, found.values()))} findings, "
        f"{len(mutants)} mutants, {len(complaints)} complaints"
    )
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
