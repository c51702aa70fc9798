#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# Makes the pictures of README.md: a real run of the sample, then the window under Xvfb in both themes.
# usage: resources/setup/screenshots.sh [PROJECT.weft]   (with a project, its newest run is shown and none is trained)
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
pictures=$root/resources/docs/pictures
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
command -v xvfb-run >/dev/null || { echo "xvfb-run was not found: apt-get install xvfb xauth, then start again" >&2; exit 1; }

project=${1:-$folder/sample.weft}
if [ $# -eq 0 ]; then
  "$root/run" demo --project "$project" --out "$folder/out"
  "$root/run" cli floor "$project" r1  # recorded with the run, whose page then shows its share
fi
export XDG_CONFIG_HOME=$folder/config  # no layout or theme of one's own in the picture
for theme in light dark; do
  xvfb-run -a -s "-screen 0 1600x1000x24" "$root/run" app "$project" --sample --theme $theme --size 1440x900 \
    --page live --screenshot "$folder/pictures"
done
mkdir -p "$pictures"
for theme in light dark; do cp "$folder/pictures/live-$theme.png" "$pictures/"; done
ls -l "$pictures"
