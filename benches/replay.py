"""Compares a plan with the tags of the release that was made instead: `replay.py PLAN SAID TAG…`."""

import json
import re
import sys


def released(tags):
    """Versions by package; a tag without a name in it stands for the empty name."""
    found = {}
    for tag in tags:
        match = re.match(r"(?:(.*)-)?v?(\d+\.\d+\.\d+.*)$", tag)
        if match:
            found[match.group(1) or ""] = match.group(2)
    return found


def main():
    plan_path, said_path, *tags = sys.argv[1:]
    real = released(tags)
    try:
        with open(plan_path) as file:
            plan = json.load(file)
    except ValueError:
        with open(said_path) as file:
            print("  no plan:", " ".join(file.read().split())[:300])
        return
    ours = {}
    for package in plan["packages"]:
        tag = package["tag"] or ""
        ours["" if re.match(r"v?\d", tag) else package["name"]] = package
    same = 0
    for name in sorted(set(real) | set(ours)):
        package = ours.get(name)
        went = package["to"] if package else "-"
        if real.get(name, "-") == went:
            same += 1
            continue
        shown = name or (package["name"] if package else "(root)")
        last = package["from"] if package else ""
        reason = package["reasons"][0] if package and package["reasons"] else {}
        why = f"{reason.get('level', '')} {reason.get('kind', '')} {reason.get('commit', reason.get('key', ''))[:9]}"
        print(f"  {shown} {last}: released {real.get(name, '-')}, planned {went}: {why} {reason.get('summary', '')[:70]}")
    print(f"  the same: {same} of {len(set(real) | set(ours))}")


main()
