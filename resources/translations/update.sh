#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Brings the files here up to date with the strings of the window and the words of the engine; what is new stands in them as unfinished.
# usage: resources/translations/update.sh [BUILD], then translate, then build. BUILD: a configured build folder, build/ci when not named.
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/ci}
lupdate=$(command -v /usr/lib/qt6/bin/lupdate || command -v lupdate)
cmake --build "$build" --target weft_ui
texts=$(mktemp -d)
trap 'rm -r "$texts"' EXIT
sed 's/[\\"]/\\&/g; s/.*/QT_TRANSLATE_NOOP("Engine", "&");/' "$build/ui/translations/engine_texts.txt" > "$texts/engine_texts.cpp"
"$lupdate" -silent -no-obsolete -locations none -I . ui app/gui "$texts/engine_texts.cpp" -source-language en -target-language ja -ts resources/translations/weft_ja.ts
"$lupdate" -silent -no-obsolete -locations none -I . ui app/gui -source-language en -target-language en -pluralonly -ts resources/translations/weft_en.ts
