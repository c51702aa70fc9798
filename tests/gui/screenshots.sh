#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Renders every page in both themes, at 100 and 150 % and two sizes: tests/gui/screenshots.sh BUILD_FOLDER OUT_FOLDER [--documents] [NAME…]
#
# OUT_FOLDER/project is made first by short real runs, once: minutes with the sample's model, seconds with the small one of the tests where
# the sample's is not there. NAME: only pictures whose names begin so. --documents: copies those that README shows to resources/docs/pictures.
set -eu
build=$1
out=$2
shift 2
documents=
if [ "${1:-}" = --documents ]; then
  documents=yes
  shift
fi
source=$(cd "$(dirname "$0")/../.." && pwd)
weft=$(cd "$build" && pwd)/bin/weft-cli
project=$out/project/first-light.weft

make_project() {
  folder=$1
  project=$folder/first-light.weft
  mkdir -p "$folder"
  run=$source/resources/samples/first-light.toml
  data=$source/resources/samples/dolly-300.jsonl
  few=$folder/few.jsonl
  head -n 24 "$data" > "$few"
  small=
  "$weft" info SmolLM2-135M-Instruct.Q4_1.gguf > "$folder/model.txt" 2>&1 || small="--set model.path=$source/tests/data/models/stories260k/stories260K-f32.gguf"
  # shellcheck disable=SC2086
  train() { "$weft" train "$run" --project "$project" --quiet $small "$@"; }
  train --set 'samples.prompts=["What is a tensor?", "Name three uses of a paper clip."]' --set samples.every=20 --out "$folder/adapter"
  train --set method.name=dora --set train.steps=40 --set train.eval_every=10 --edit 20:lr=1e-4
  train --set method.name=adalora --set train.steps=40 --set probe.spectra_every=5
  train --set dropout.preset=hiddenkey --set train.steps=20 --set method.rank=8
  train --set data.path="$few" --set train.lr=2e-3 --set train.schedule=constant --set train.steps=48 --set train.eval_every=4
  queue=$folder/first-light.toml
  sed "s|^path = \"dolly|path = \"$source/resources/samples/dolly|; /^alpha/d" "$run" > "$queue"   # DoTA has no alpha
  [ -z "$small" ] || sed -i "s|^path = \"SmolLM.*|path = \"$source/tests/data/models/stories260k/stories260K-f32.gguf\"|" "$queue"
  "$weft" queue "$project" add "$queue" --name dota --set method.name=dota --set train.steps=20
  "$weft" queue "$project" run --quiet
  "$weft" queue "$project" add "$queue" --name sweep --set method.rank=8,32 --set train.lr=1e-4,4e-4
  "$weft" runs "$project" note r2 "rate halved by hand at step 20"
  "$weft" floor "$project" r1
}

if [ ! -f "$out/project/whole" ]; then
  rm -rf "$out/project"
  make_project "$out/project"
  touch "$out/project/whole"
fi
for scale in 1 1.5; do
  QT_QPA_PLATFORM=offscreen QT_SCALE_FACTOR=$scale "$build/bin/weft_render_pages" "$project" "$out" "$@"
done
if [ -n "$documents" ]; then
  for theme in light dark; do cp "$out/1440x900@1/live-edited-$theme.png" "$source/resources/docs/pictures/live-$theme.png"; done
fi
