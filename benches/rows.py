"""The measurements: each is a function of a scratch folder and returns what it found."""

import contextlib
import json
import math
import re
import statistics
from dataclasses import dataclass, field

import served
import stage
from measure import Program, beside, median

# One core for programs that are compared by what they compute.
ONE_CORE = ("taskset", "-c", "0")


@dataclass
class Found:
    """A figure, whether it is within the bar, and lines of detail."""

    measured: str
    passed: bool
    details: list = field(default_factory=list)


def poolctl(*words, codes=(0,), on=()):
    return Program((*on, str(stage.PROGRAM), *map(str, words)), stage.ENVIRONMENT, codes)


def against(url, command, folder, *words):
    return poolctl(command, f"--endpoint-url={url}", "--color=never", *words, folder / "pools")


def both(name, ours, theirs):
    return f"{name}: {ms(ours.wall)} beside {ms(theirs.wall)}; processor {ms(ours.cpu)} beside {ms(theirs.cpu)}"


def ms(seconds):
    return f"{seconds * 1000:.1f} ms"


def curl(url, calls):
    """The same calls over one connection, signed by curl; each is an operation and its request."""
    words = ["curl", "--silent", "--show-error", "--fail"]
    for number, (operation, request) in enumerate(calls):
        words += ["--next", "--silent", "--fail"] if number else []
        words += ["--aws-sigv4", f"aws:amz:{stage.REGION}:cognito-idp", "--user", f"{stage.KEY}:{stage.SECRET}"]
        words += ["--header", "Content-Type: application/x-amz-json-1.1"]
        words += ["--header", f"X-Amz-Target: AWSCognitoIdentityProviderService.{operation}"]
        words += ["--data", json.dumps(request), url]
    return Program(tuple(words), stage.ENVIRONMENT)


def calls_of(url, program):
    stage.forget_calls(url)
    program.run()
    return stage.calls(url)


def one_pool_beside_curl(scratch):
    details, ratios = [], []
    for name, manifest in {"one call": stage.manifest, "two calls": stage.manifest_with_mfa}.items():
        folder = stage.fleet(scratch / name, 1, manifest)
        with stage.sandbox(folder) as url:
            plan = against(url, "plan", folder)
            made = calls_of(url, plan)
            other = curl(url, [(operation, {"UserPoolId": stage.pool_id(0)}) for operation in made])
            assert calls_of(url, other) == made, "both make the same calls"
            found = beside(plan, other, 60)
        ratios.append(found.wall)
        details.append(both(f"{name} ({', '.join(made)})", found.ours, found.theirs))
        details.append(f"{name}: {found.wall:.2f} times curl, {found.cpu:.2f} of its processor time")
    return Found(f"{max(ratios):.2f} times curl", max(ratios) <= 1.25, details)


def pool_with_clients(folder, count):
    """One saved pool with so many app clients, and its manifest, in which one setting of each is another."""
    stage.fleet(folder, 1, lambda number: stage.manifest_with_clients(number, count))
    pool = stage.pool_id(0)
    saved = folder / "live" / f"{pool}.json"
    document = json.loads(saved.read_text())
    document["UserPoolClients"] = [stage.client(pool, number) for number in range(count)]
    saved.write_text(json.dumps(document))
    return folder


def four_times_the_clients(scratch):
    """What grows with the square of the documents takes 16 times as long."""
    details, ratios = [], []
    few, many = (pool_with_clients(scratch / str(count), count) for count in (500, 2000))
    for form in ("text", "json", "html", "sarif"):
        plan = [poolctl("plan", "--live", folder / "live", f"--format={form}", folder / "pools", on=ONE_CORE) for folder in (many, few)]
        found = beside(*plan, 7)
        ratios.append(found.cpu)
        peaks = f"{found.ours.peak / 1024:.0f} and {found.theirs.peak / 1024:.0f} MiB"
        details.append(f"{form}: {ms(found.ours.cpu)} for 2,000 clients, {ms(found.theirs.cpu)} for 500, {found.cpu:.2f} times; {peaks}")
    return Found(f"{max(ratios):.2f} times the processor time", max(ratios) <= 4.6, details)


def many_clients_beside_curl(scratch):
    count, pool = 100, stage.pool_id(0)
    folder = pool_with_clients(scratch, count)
    described = [("DescribeUserPoolClient", {"UserPoolId": pool, "ClientId": stage.client_id(number)}) for number in range(count)]
    page = {"UserPoolId": pool, "MaxResults": 60, "ClientType": "REGULAR"}
    with stage.sandbox(folder) as url:
        plan = against(url, "plan", folder, "--rate=1000000")
        made = calls_of(url, plan)
        pages = [("ListUserPoolClients", page)] * made["ListUserPoolClients"]
        other = curl(url, [("DescribeUserPool", {"UserPoolId": pool}), *pages, *described])
        assert calls_of(url, other) == made, f"both make the same calls: {made}"
        found = beside(plan, other, 20)
    details = [both(f"{sum(made.values())} calls ({', '.join(made)})", found.ours, found.theirs)]
    return Found(f"{found.wall:.2f} times curl", found.wall <= 1.25, details)


def one_pool_beside_aws(scratch):
    folder = stage.fleet(scratch, 1)
    tool = stage.PEERS / "tools/bin/aws"
    words = (str(tool), "cognito-idp", "describe-user-pool", "--user-pool-id", stage.pool_id(0))
    with stage.sandbox(folder) as url:
        plan = against(url, "plan", folder)
        found = beside(plan, Program((*words, f"--endpoint-url={url}"), stage.ENVIRONMENT), 15)
    faster = 1 / found.wall
    return Found(f"{faster:.0f} times faster", faster >= 40, [both("poolctl beside aws", found.ours, found.theirs)])


def at_the_quota(scratch):
    pools, quotas = 300, {"DescribeUserPool": 15, "GetUserPoolMfaConfig": 20}
    folder = stage.fleet(scratch, pools, stage.manifest_with_mfa)
    with stage.sandbox(folder, "--quotas") as url:
        took = against(url, "plan", folder, *stage.RATE).run()
        made = stage.calls(url)
    ideal = max(pools / quota for quota in quotas.values())
    details = [f"{ideal:.1f} s by the quota, {took.wall:.2f} s in all; calls: {made}"]
    return Found(f"{took.wall / ideal:.3f} of the quota", took.wall <= 1.05 * ideal, details)


def many_pools_far_away(scratch):
    pools, latency, parallelism = 1000, 0.050, 32
    folder = stage.fleet(scratch, pools)
    with stage.sandbox(folder, "--latency=50") as url:
        plan = against(url, "plan", folder, f"--parallelism={parallelism}", "--rate=1000000")
        runs = [plan.run() for _ in range(6)][1:]
        made = stage.calls(url)
    took, ideal = median(runs), math.ceil(pools / parallelism) * latency
    details = [
        f"{ideal:.2f} s by the latency, {took.wall:.2f} s in all (best {min(run.wall for run in runs):.2f} s); {took.cpu:.2f} s of processor",
        f"peak memory {took.peak / 1024:.0f} MiB; calls in 6 runs: {made}",
    ]
    return Found(f"{took.wall / ideal:.2f} of the ideal", took.wall <= 1.2 * ideal, details)


def a_thousand_manifests(scratch):
    folder = stage.fleet(scratch, 1000)
    reader = "import sys, pathlib, yaml\nfor file in sorted(pathlib.Path(sys.argv[1]).iterdir()): yaml.load(file.read_bytes(), yaml.SafeLoader)"
    python = (*ONE_CORE, str(stage.PEERS / "yaml/bin/python"), "-c", reader, str(folder / "pools"))
    theirs = Program(python, stage.ENVIRONMENT)
    details, worst, peak = [], 0, 0
    for form in ("text", "json", "markdown"):
        words = ("plan", "--live", folder / "live", f"--format={form}", folder / "pools")
        found = beside(poolctl(*words, on=ONE_CORE), theirs, 5)
        worst, peak = max(worst, found.wall), max(peak, found.ours.peak)
        details.append(both(form, found.ours, found.theirs) + f"; ratio {found.wall:.3f}, {found.ours.peak / 1024:.0f} MiB")
    passed = worst <= 0.1 and peak <= 64 * 1024
    return Found(f"{worst:.3f} of PyYAML, {peak / 1024:.0f} MiB at the peak", passed, details)


def memory_of_ten_thousand(scratch):
    """The peak of a fleet that is planned and told in each form, and of its manifests alone."""
    folder = stage.fleet(scratch, 10_000)
    words = {form: ("plan", "--live", folder / "live", f"--format={form}") for form in ("text", "markdown", "json", "sarif", "html")}
    details, worst = [], 0
    for name, words in {"validate": ("validate",), **words}.items():
        took = poolctl(*words, folder / "pools").run()
        worst = max(worst, took.peak)
        details.append(f"{name}: {took.peak / 1024:.0f} MiB; processor {took.cpu:.1f} s, wall {took.wall:.1f} s")
    return Found(f"{worst / 1024:.0f} MiB at the peak", worst <= 64 * 1024, details)


def memory_of_a_saved_plan(scratch):
    """The peak of saving, showing and applying the plan of a thousand pools."""
    folder, plan = stage.fleet(scratch, 1000), scratch / "plan.json"
    details, worst = [], 0
    with stage.sandbox(folder) as url:
        at = (f"--endpoint-url={url}", "--rate=1000000")
        runs = {
            "plan --save": ("plan", *at, "--allow=trigger-removal", "--save", plan, folder / "pools"),
            "show": ("show", plan),
            "apply": ("apply", *at, "--settle=0", "--backup-dir", scratch / "backups", plan),
        }
        for name, words in runs.items():
            took = poolctl(*words).run()
            worst = max(worst, took.peak)
            details.append(f"{name}: {took.peak / 1024:.0f} MiB; processor {took.cpu:.1f} s, wall {took.wall:.1f} s")
    return Found(f"{worst / 1024:.0f} MiB at the peak", worst <= 64 * 1024, details)


def twice_the_fleet(scratch):
    details, each = [], []
    for size in (250, 500, 1000, 2000):
        folder = stage.fleet(scratch / str(size), size)
        words = ("plan", "--live", folder / "live", folder / "pools")
        took = median([poolctl(*words, on=ONE_CORE).run() for _ in range(5)])
        each.append(took.cpu / size)
        details.append(f"{size}: {ms(took.cpu)} of processor, {took.cpu / size * 1e6:.0f} µs a pool, {took.peak / 1024:.0f} MiB")
    growth = each[-1] / each[0]
    return Found(f"a pool among 2,000 takes {growth:.2f} of one among 250", growth <= 1.25, details)


def letter(size, changed=False):
    """A template of about `size` bytes; one line in its middle may be another."""
    count = size // 64
    lines = [f"<p>Paragraph {number:05} of the letter, as long as the others.</p>" for number in range(count)]
    lines[count // 2] = "<p>Your code is {####}. It is valid for " + ("one hour" if changed else "24 hours") + ".</p>"
    return "\n".join(lines) + "\n"


def stage_letter(folder, size):
    """A pool whose template has `size` bytes, a manifest with one line changed, and both as plain files."""
    document, texts = stage.live(0), (letter(size), letter(size, changed=True))
    document["UserPool"]["VerificationMessageTemplate"]["EmailMessage"] = texts[0]
    document["UserPool"]["EmailVerificationMessage"] = texts[0]
    for name in ("live", "pools"):
        (folder / name).mkdir(parents=True)
    (folder / "live" / f"{stage.pool_id(0)}.json").write_text(json.dumps(document))
    (folder / "old.html").write_text(texts[0])
    (folder / "pools" / "new.html").write_text(texts[1])
    manifest = f"version: 1\npool: {stage.pool_id(0)}\nsettings:\n  VerificationMessageTemplate:\n    EmailMessage: ${{file:new.html}}\n"
    (folder / "pools" / "pool.yaml").write_text(manifest)


def one_line_of_a_template(scratch):
    details, ratios, grown = [], [], []
    for form in ("text", "json"):
        sizes, times = [], []
        for size in (5_000, 10_000, 19_900):
            folder = scratch / form / str(size)
            stage_letter(folder, size)
            plan = poolctl("plan", "--live", folder / "live", f"--format={form}", folder / "pools")
            plan.run(folder / "plan")
            diff = Program(("diff", "-u", str(folder / "old.html"), str(folder / "pools/new.html")), stage.ENVIRONMENT, (1,))
            found = beside(plan, diff, 60)
            sizes.append((folder / "plan").stat().st_size)
            times.append(found.ours.cpu)
            details.append(both(f"{form}, {size} bytes", found.ours, found.theirs) + f"; ratio {found.wall:.2f}; {sizes[-1]} bytes out")
        ratios.append(found.wall)
        # Four times the template is at most four times the output.
        grown.append(sizes[-1] / sizes[0])
    passed = max(ratios) <= 2 and max(grown) <= 4
    return Found(f"{max(ratios):.2f} times diff; output grows {max(grown):.2f} times with 4 times the template", passed, details)


def nothing_to_do(scratch):
    folder = stage.fleet(scratch, 20, stage.manifest_with_mfa)
    with stage.sandbox(folder) as url:
        apply = against(url, "apply", folder, "--yes", "--allow=trigger-removal", "--rate=1000000", f"--backup-dir={scratch / 'backups'}")
        first = calls_of(url, apply)
        second = calls_of(url, apply)
    reads = {name for name in second if name.startswith(("Describe", "Get", "List"))}
    writes = {name: count for name, count in second.items() if name not in reads}
    details = [f"the first apply: {first}", f"the second: {second}"]
    return Found(f"{sum(writes.values())} writes, {sum(second[name] for name in reads)} reads of 20 pools", not writes and first != second, details)


def start(scratch):
    found = beside(poolctl("--version"), Program(("git", "--version"), stage.ENVIRONMENT), 200)
    return Found(f"{found.wall:.2f} times git", found.wall <= 3, [both("poolctl beside git", found.ours, found.theirs)])


def instructions(scratch):
    """What callgrind counts: a figure that neither the machine nor its load changes, to see a regression by."""
    details, counted = [], {}
    valgrind = (*ONE_CORE, "valgrind", "--tool=callgrind", f"--callgrind-out-file={scratch / 'callgrind'}")
    for pools in (1, 100, 1000):
        folder = stage.fleet(scratch / str(pools), pools)
        poolctl("plan", "--live", folder / "live", "--color=never", folder / "pools", on=valgrind).run()
        profile = (scratch / "callgrind").read_text()
        counted[pools] = int(re.search(r"^(?:summary|totals): (\d+)", profile, re.MULTILINE)[1])
        details.append(f"{pools}: {counted[pools]:,}")
    start, each = counted[1], (counted[1000] - counted[100]) / 900
    return Found(f"{start / 1e6:.1f} million for one, {each / 1e6:.2f} million for each of many", True, details)


def size(scratch):
    mib = stage.PROGRAM.stat().st_size / 2**20
    return Found(f"{mib:.2f} MiB", mib <= 12)


def served_beside_others(scratch):
    """Emulators in turns, so that whatever else the machine does touches all of them."""
    found, rounds = {}, 3
    with contextlib.ExitStack() as running:
        servers = {}
        for name, start in served.emulators(scratch).items():
            port = served.free_port()
            words, variables = start(port)
            servers[name] = running.enter_context(served.serving(words, port, {**stage.ENVIRONMENT, **variables}))
        loads = {name: served.loads(server, name) for name, server in servers.items()}
        for _ in range(rounds):
            for operation in loads["poolctl"]:
                for name, server in servers.items():
                    found.setdefault((operation, name), []).append(server.load(loads[name][operation]))
    details, ratios = [], {}
    for (operation, name), rows in found.items():
        rate, cpu = (statistics.median(getattr(row, what) for row in rows) for what in ("rate", "cpu"))
        details.append(f"{operation} {name}: {rate:,.0f} calls/s, {cpu * 1e6:.0f} us of processor, {rows[0].size:,.0f} bytes")
        if name != "poolctl":
            ours = found[operation, "poolctl"]
            ratio = statistics.median(mine.cpu / other.cpu for mine, other in zip(ours, rows))
            ratios[name] = max(ratio, ratios.get(name, 0))
    bars = {"moto": 0.1, "cognitox": 2, "poolctl with files": 1}
    measured = ", ".join(f"{ratio:.2f} of {name}" for name, ratio in ratios.items())
    return Found(measured, all(ratio <= bars[name] for name, ratio in ratios.items()), details)
