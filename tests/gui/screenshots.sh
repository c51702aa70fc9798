#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Renders every page in both themes at 100 and 150 % and three sizes: tests/gui/screenshots.sh BUILD_FOLDER OUT_FOLDER
set -eu
build=$1
out=$2
for theme in light dark; do
  for scale in 1 1.5; do
    for size in "1440 900" "1280 800"; do
      folder="$out/$(echo "$size" | tr ' ' 'x')@$scale"
      mkdir -p "$folder"
      # shellcheck disable=SC2086
      QT_QPA_PLATFORM=offscreen QT_SCALE_FACTOR=$scale "$build/bin/weft_render_pages" "$folder" "$theme" $size
    done
  done
done
