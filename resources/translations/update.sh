#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# Brings the files here up to date with the strings of the window; what is new stands in them as unfinished.
# usage: resources/translations/update.sh, then translate, then build.
set -eu
cd "$(dirname "$0")/../.."
lupdate=$(command -v /usr/lib/qt6/bin/lupdate || command -v lupdate)
"$lupdate" -silent -no-obsolete -locations none -I . ui app/gui -source-language en -target-language ja -ts resources/translations/weft_ja.ts
"$lupdate" -silent -no-obsolete -locations none -I . ui app/gui -source-language en -target-language en -pluralonly -ts resources/translations/weft_en.ts
