#!/usr/bin/env bash
# How long `cargo release check` takes on a made-up workspace of small crates, and how much of it is the compiler's.
#
#   benches/check.sh [CRATES] [PROGRAM]      (50 crates, and `cargo-release` of the PATH)
#
# Each crate needs the one before it and the one half-way down: chains and diamonds. Everything is built for verification,
# with an empty target directory, without the network. The compiler's time is that of every rustc that cargo starts.
set -euo pipefail

crates=${1:-50}
program=$(realpath "${2:-$(command -v cargo-release)}")
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
mkdir "$dir/shop" && cd "$dir/shop"

printf '[workspace]\nmembers = ["c*"]\nresolver = "3"\n' >Cargo.toml
echo target >.gitignore
for i in $(seq 1 "$crates"); do
  mkdir -p "c$i/src"
  {
    printf '[package]\nname = "shop-c%s"\nversion = "0.1.0"\nedition = "2024"\nrust-version = "1.85"\n' "$i"
    printf 'description = "tea"\nlicense = "MIT"\nrepository = "https://github.com/tea/shop"\n[dependencies]\n'
    for on in $(printf '%s\n' $((i - 1)) $((i / 2)) | sort -nu); do
      if [ "$on" -gt 0 ]; then printf 'shop-c%s = { version = "0.1", path = "../c%s" }\n' "$on" "$on"; fi
    done
  } >"c$i/Cargo.toml"
  echo "# Tea" >"c$i/README.md" && echo MIT >"c$i/LICENSE"
  for f in $(seq 1 40); do
    printf '/// Brews.\npub fn brew_%s(leaves: &[u32]) -> u32 { leaves.iter().map(|leaf| leaf * %s).sum() }\n' "$f" "$f"
  done >"c$i/src/lib.rs"
done
git init -q -b main && git config user.name Tea && git config user.email tea@example.invalid
cargo generate-lockfile -q --offline
git add -A && git commit -q -m "feat: a shop"

cat >"$dir/rustc" <<'WRAPPER'
#!/usr/bin/env bash
TIMEFORMAT='%R %U %S'
{ time "$@" 2>&3; } 3>&2 2>>"$RUSTC_TIMES"
WRAPPER
chmod +x "$dir/rustc"

export CARGO_TARGET_DIR=$dir/target CARGO_INCREMENTAL=0
measured() { # NAME COMMAND…
  local name=$1 && shift
  rm -rf "$CARGO_TARGET_DIR" && : >"$dir/$name.rustc"
  TIMEFORMAT='%R %U %S'
  { time RUSTC_WRAPPER="$dir/rustc" RUSTC_TIMES="$dir/$name.rustc" "$@" >"$dir/$name.out" 2>"$dir/$name.err"; } 2>"$dir/$name.time" ||
    { cat "$dir/$name.out" "$dir/$name.err"; exit 1; }
  read -r wall user system <"$dir/$name.time"
  awk -v name="$name" -v wall="$wall" -v cpu="$(echo "$user $system" | awk '{print $1 + $2}')" '
    { rustc += $2 + $3; runs++ }
    END { printf "%-14s %6.1f s wall, %6.1f s CPU, of which rustc %6.1f s (%d %%), %d runs\n", name, wall, cpu, rustc, 100 * rustc / cpu, runs }
  ' "$dir/$name.rustc"
}
measured "cargo build" cargo build --offline --workspace
measured check "$program" release check --offline
measured "--no-verify" "$program" release check --offline --no-verify
tail -n 3 "$dir/check.err"
