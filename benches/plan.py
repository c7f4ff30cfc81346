#!/usr/bin/env python3
"""How long a plan takes beside other programs: plan.py REPOSITORY [--program PATH] [--runs N]

Runs the commands in turn, so that a machine that is busy slows all of them, and prints for each the median of the wall
clock, of the processors' time and of the peak memory, and the ratio of each time to the plan's. Peers that are not
installed are named. Before, it checks that the plan is the same with and without its cache, with the cache thrown away or
damaged in the middle, and that git names every commit that the plan gives as a reason.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
import time
from pathlib import Path


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("repository", type=Path)
    parser.add_argument("--program", default=shutil.which("cargo-release") or "cargo-release")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer-timeout", type=float, default=120)
    return parser.parse_args()


def run(command, directory, limit=None):
    """Wall seconds, processor seconds, peak memory in MB; none where it takes longer than the limit."""
    start = time.monotonic()
    child = subprocess.Popen(command, cwd=directory, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        pid, _, usage = os.wait4(child.pid, os.WNOHANG if limit else 0)
        if pid:
            break
        if time.monotonic() - start > limit:
            child.kill()
            os.wait4(child.pid, 0)
            return None
        time.sleep(0.01)
    return time.monotonic() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def plan(given):
    command = [given.program, "release", "plan", "--offline", "--semver-check", "off", "--format", "json"]
    return subprocess.run(command, cwd=given.repository, capture_output=True, text=True, check=False).stdout


def cache(given):
    said = subprocess.run(
        ["git", "rev-parse", "--path-format=absolute", "--git-common-dir"],
        cwd=given.repository, capture_output=True, text=True, check=True,
    )
    return Path(said.stdout.strip()) / "cargo-release" / "cache"


def check(given):
    """The plan does not depend on the cache, and git knows the commits that it names."""
    place = cache(given)
    shutil.rmtree(place, ignore_errors=True)
    first, second = plan(given), plan(given)
    kept = place / "history"
    if kept.exists():
        whole = kept.read_bytes()
        kept.write_bytes(whole[: len(whole) // 2])
        assert plan(given) == first, "the plan differs with a cache that was cut off"
        kept.write_bytes(whole)
    shutil.rmtree(place, ignore_errors=True)
    assert first == second == plan(given), "the plan differs with and without its cache"
    decided = json.loads(first)
    listed = subprocess.run(
        ["git", "rev-list", "HEAD"], cwd=given.repository, capture_output=True, text=True, check=True
    )
    known = set(listed.stdout.split())
    for package in decided["packages"]:
        commits = {reason["commit"] for reason in package["reasons"] if reason["kind"] == "commit"}
        missing = commits - known
        assert not missing, f"{package['name']}: git does not know {missing}"
    print(f"the same plan with and without cache: {len(decided['packages'])} packages, id {decided['id']}")


def main():
    given = arguments()
    check(given)
    ours = [given.program, "release", "plan", "--offline", "--semver-check", "off"]
    floor = "cargo metadata --no-deps --format-version 1 --offline && git log --name-only --format=%H -1000"
    commands = {"plan": ours, "plan without cache": ours, "cargo metadata --no-deps + git log": ["sh", "-c", floor]}
    peers = {
        "cargo-smart-release": ["cargo-smart-release", "smart-release", "--no-changelog-preview", "--allow-dirty"],
        "cargo-release": ["cargo-release", "release", "patch", "--workspace", "--no-confirm"],
    }
    for name, command in peers.items():
        found = shutil.which(command[0])
        if found and os.path.realpath(found) != os.path.realpath(given.program):
            commands[name] = [found, *command[1:]]
        else:
            print(f"not installed: {name}")
    plan(given)
    times = {name: [] for name in commands}
    for _ in range(given.runs):
        for name, command in commands.items():
            if name == "plan without cache":
                shutil.rmtree(cache(given), ignore_errors=True)
            limit = given.peer_timeout if name in peers else None
            if times[name] is not None:
                took = run(command, given.repository, limit)
                times[name] = None if took is None else times[name] + [took]
    base = [statistics.median(column) for column in zip(*times["plan"])]
    print(f"{'command':40} {'wall s':>8} {'cpu s':>8} {'MB':>6} {'wall':>7} {'cpu':>7}")
    for name, took in times.items():
        if took is None:
            print(f"{name:40} longer than {given.peer_timeout:.0f} s")
            continue
        wall, cpu, memory = [statistics.median(column) for column in zip(*took)]
        print(f"{name:40} {wall:8.3f} {cpu:8.3f} {memory:6.0f} {wall / base[0]:6.1f}x {cpu / base[1]:6.1f}x")


main()
