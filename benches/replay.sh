#!/usr/bin/env bash
# Replays the last releases of a real workspace: for each commit that release tags point to, checks out the commit
# before it, plans offline, and prints what would have been released beside what was.
#
#   benches/replay.sh CLONE [COUNT] [PLAN FLAGS…]
#
# CLONE is any clone with its tags; it is only read. Needs git, cargo and python3; builds the program first.
set -euo pipefail

clone=$(realpath "$1")
count=${2:-10}
shift $(($# > 1 ? 2 : 1))
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

cargo build --quiet --manifest-path "$here/Cargo.toml"
program=${CARGO_TARGET_DIR:-$here/target}/debug/cargo-release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

git clone --quiet --shared --no-checkout "$clone" "$work/checkout"
cd "$work/checkout"
export RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}
RUSTUP_TOOLCHAIN=${RUSTUP_TOOLCHAIN:-$(rustup show active-toolchain 2> /dev/null | cut -d' ' -f1 || true)}
[ -z "$RUSTUP_TOOLCHAIN" ] || export RUSTUP_TOOLCHAIN
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 HOME="$work"
export CARGO_HOME=${CARGO_HOME:-$work/cargo}

# Releases, newest first: tags whose versions the same commit wrote into the manifests. Workspaces may do that well
# before they tag, and a plan is only worth comparing where it was made before.
cat > "$work/group.py" <<'EOF'
import re, subprocess, sys

def git(*arguments):
    return subprocess.run(["git", *arguments], capture_output=True, text=True).stdout.strip()

seen = {}
for line in sys.stdin.readlines():
    commit, tag = line.split()
    match = re.match(r"(?:(.*)-)?v?(\d+\.\d+\.\d+.*)$", tag)
    if not match:
        continue
    commit, path = commit[:40], f"{match[1]}/Cargo.toml" if match[1] else "Cargo.toml"
    text = f'version = "{match[2]}"'
    wrote = git("log", "-1", "--format=%H", "-S", text, commit, "--", path) or commit
    seen.setdefault(wrote, []).append(tag)
    # The tags of one release may stand between those of another.
    if len(seen) > int(sys.argv[1]) + 2:
        break
for commit, tags in list(seen.items())[:int(sys.argv[1])]:
    print(commit, *tags)
EOF
git for-each-ref refs/tags --sort=-creatordate --format='%(*objectname)%(objectname) %(refname:short)' \
  | python3 "$work/group.py" "$count" > "$work/releases"

while read -r commit tags; do
  echo "== $(git log -1 --format='%h %cs %s' "$commit" | cut -c1-100)"
  # Not `checkout`: a clone may lack large files that nobody needs for a plan.
  git update-ref --no-deref HEAD "$commit^"
  git read-tree HEAD
  find . -mindepth 1 -maxdepth 1 ! -name .git -exec rm -rf {} +
  git checkout-index --all --quiet --force 2> "$work/missing" || true
  # Tags that were made later are not known then, and neither are those of other branches.
  git for-each-ref --no-merged HEAD --format='delete %(refname)' refs/tags | git update-ref --stdin
  "$program" release plan --offline --format json "$@" > "$work/plan.json" 2> "$work/said" || true
  python3 "$here/benches/replay.py" "$work/plan.json" "$work/said" $tags
done < "$work/releases"
