#!/usr/bin/env bash
# Installs the programs that some tests drive (Debian packages). Elsewhere it says what to install and ends well.
set -euo pipefail
declare -A package_of=(
  [chromium]=chromium [redis-server]=redis-server [ogrinfo]=gdal-bin [cbc]=coinor-cbc [zstd]=zstd [g++]=g++
)
missing=()
for program in "${!package_of[@]}"; do
  command -v "$program" >/dev/null || missing+=("${package_of[$program]}")
done
if [ ${#missing[@]} -eq 0 ]; then
  echo "test tools: all present"
  exit 0
fi
if ! command -v apt-get >/dev/null || [ "$(id -u)" != 0 ]; then
  echo "test tools: please install ${missing[*]} (suites that need them are skipped otherwise)"
  exit 0
fi
apt-get update -qq
DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
echo "test tools: installed ${missing[*]}"
