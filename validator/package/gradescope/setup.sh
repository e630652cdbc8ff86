#!/usr/bin/env bash
# Gradescope runs this once, when the image is built: the only time with a network.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
grader="$here/kv-grader"
node_version=20.20.2

export DEBIAN_FRONTEND=noninteractive
apt-get update
apt-get install -y --no-install-recommends ca-certificates curl xz-utils procps @PACKAGES@

case "$(uname -m)" in
  x86_64) arch=x64 ;;
  aarch64) arch=arm64 ;;
  *) echo "no Node for $(uname -m)" >&2; exit 1 ;;
esac
archive="node-v$node_version-linux-$arch.tar.xz"
cd "$(mktemp -d)"
curl -fsSLO "https://nodejs.org/dist/v$node_version/$archive"
curl -fsSL "https://nodejs.org/dist/v$node_version/SHASUMS256.txt" | grep " $archive\$" | sha256sum -c -
mkdir -p "$grader/node"
tar -xJf "$archive" -C "$grader/node" --strip-components=1
rm "$archive"
"$grader/node/bin/node" "$grader/kv/bin/kv.mjs" doctor || true
