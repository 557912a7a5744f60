#!/usr/bin/env bash
# Builds everything, checks the format, and runs all the tests.
#   ./test.sh            the short forms of long tests
#   ./test.sh --soak     the long forms too (load, kills)
set -uo pipefail
cd "$(dirname "$0")"

soak=0
for argument in "$@"; do
  case "$argument" in
    --soak) soak=1 ;;
    *) echo "usage: ./test.sh [--soak]" >&2; exit 2 ;;
  esac
done

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
export SECUREINFERENCE_SOAK=$soak
configuration=Release
results="$PWD/artifacts/test-results"
rm -rf "$results"
mkdir -p "$results"

say() { printf '\n== %s\n' "$*"; }

# Some tests drive programs: they are installed where that is possible, and the tests skipped with a reason where it is not.
need() { # program, package, what it is for
  if command -v "$1" >/dev/null || [ -x "/usr/sbin/$1" ] || ! command -v apt-get >/dev/null; then return; fi
  local sudo=
  if [ "$(id -u)" -ne 0 ]; then sudo="sudo -n"; fi
  say "Installing $2 for $3"
  { $sudo apt-get update && $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$2"; } \
    >"$results/apt-$2.log" 2>&1 || echo "$2 could not be installed: $3 will be skipped (see artifacts/test-results/apt-$2.log)."
}
need chromium chromium "the browser test"
need openssl openssl "the certificate docs test"
need age age "the encryption tests"
# Where services run, Debian's packages would start one on port 80, or 6379: that is for the owner of the machine to decide.
if [ ! -d /run/systemd/system ]; then
  need nginx nginx "the proxy tests"
  need redis-server redis-server "the Redis tests"
fi

say "Building"
dotnet build SecureInference.sln -c "$configuration" -warnaserror || exit 1

say "Checking the format"
dotnet format SecureInference.sln --verify-no-changes --no-restore || exit 1

say "Packing"
dotnet pack SecureInference.sln -c "$configuration" --no-build || exit 1

failed=0
total_passed=0 total_failed=0 total_skipped=0
for project in tests/*.Tests/*.csproj tests/*Tests/*.csproj; do
  name=$(basename "$project" .csproj)
  program="tests/$name/bin/$configuration/net10.0/$name"
  if [ ! -x "$program" ] || [ -e "$results/$name.xml" ]; then continue; fi
  say "$name"
  "$program" -noColor -xml "$results/$name.xml" || failed=1
  # A run that died leaves no report: it counts as one failure.
  counts=$(grep -o '<assembly [^>]*>' "$results/$name.xml" 2>/dev/null | head -1)
  attribute() { sed -n "s/.*[ ]$1=\"\([0-9]*\)\".*/\1/p" <<<"$counts"; }
  if [ -z "$counts" ]; then
    total_failed=$((total_failed + 1)); failed=1
    continue
  fi
  total_passed=$((total_passed + $(attribute passed)))
  total_failed=$((total_failed + $(attribute failed) + $(attribute errors)))
  total_skipped=$((total_skipped + $(attribute skipped)))
done

say "Skipped tests and why"
grep -ho '<test [^>]*result="Skip"[^>]*><reason>[^<]*' "$results"/*.xml | sed 's/.* name="\([^"]*\)".*<reason>\(.*\)/\1\n    because: \2/'

echo
if [ "$total_failed" -gt 0 ]; then failed=1; fi
if [ "$total_skipped" -gt 0 ]; then
  echo "$total_passed passed, $total_failed failed, $total_skipped skipped"
else
  echo "$total_passed passed, $total_failed failed"
fi
exit "$failed"
