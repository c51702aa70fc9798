# SPDX-License-Identifier: GPL-3.0-or-later
# Sourced by ./run after setup.sh: what its commands do once everything is built.

rivals=$cache/rivals

# Becomes the program, and tells it when: its own start, as the kernel has it, is this script's.
become() {
  WEFT_LAUNCHED=$(cut -d ' ' -f 1 /proc/uptime) exec "$@"
}

run_app() {
  [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}${QT_QPA_PLATFORM:-}" ] ||
    fail "There is no display for the window: run './run demo' for the same job in the terminal, or set DISPLAY."
  become "$build/bin/weft" "$@"
}

# The sample run without a window: project in the user's data folder, adapter and report page beside it.
run_demo() {
  become "$build/bin/weft-cli" demo "$@"
}

run_tests() {
  [ -x "$rivals/bin/python" ] || say "comparisons with Python PEFT (label python): skipped: ./run rivals"
  WEFT_RIVALS=$rivals WEFT_SAMPLE_MODEL=$sample_model ctest --test-dir "$build" --output-on-failure "$@"
}

run_bench() {
  WEFT_RIVALS=$rivals WEFT_SAMPLE_MODEL=$sample_model "$root/tests/bench/bench.sh" "$build/bin" "$@"
}

run_window_bench() {
  WEFT_SAMPLE_MODEL=$sample_model python3 "$root/tests/bench/window_figures.py" "$build/bin" "$@"
}

# Where a desktop looks for what one user has; nothing outside it is touched.
entries=${XDG_DATA_HOME:-$HOME/.local/share}
entry_files=(applications/weft.desktop mime/packages/weft.xml icons/hicolor/scalable/apps/weft.svg)

tell_desktop() {
  local tool
  for tool in "update-mime-database $entries/mime" "update-desktop-database $entries/applications"; do
    ! command -v "${tool%% *}" >/dev/null || ${tool%% *} "${tool#* }" >/dev/null 2>&1 || true   # a desktop without it looks by itself
  done
}

install_entry() {
  local file
  for file in "${entry_files[@]}"; do
    mkdir -p "$entries/$(dirname "$file")"
    cp "$root/resources/desktop/$(basename "$file")" "$entries/$file"
  done
  local entry; entry=$(<"$root/resources/desktop/weft.desktop")
  printf '%s\n' "${entry/Exec=weft /"Exec=\"$build/bin/weft\" "}" >"$entries/${entry_files[0]}"
  tell_desktop
  say "WEFT is in the menu, and .weft files open with it; './run desktop --remove' takes it out"
}

remove_entry() {
  local file
  for file in "${entry_files[@]}"; do rm -f "$entries/$file"; done
  tell_desktop
  say "WEFT is out of the menu; the program and your projects stay"
}

# The Python the torch wheel was made for, the wheel of the cache, and every other package at the version listed.
make_rivals() {
  local python torch partial=$cache/.partial-rivals stamp
  stamp=$rivals/.weft-$(sha256sum <"$setup/rivals.txt" | cut -c 1-16)
  [ -f "$stamp" ] && { say "$rivals is complete"; return; }
  [ -n "${WEFT_SKIP_PACKAGES:-}" ] || install_packages python3-venv
  for python in /usr/bin/python3.11 python3.11 ""; do
    command -v "$python" >/dev/null && break
  done
  [ -n "$python" ] || fail "The comparison needs Python 3.11 (LibTorch's package is made for it): install python3.11 and its venv module, then start again."
  need_space "$cache" 6000 "the Python environment" " or set WEFT_CACHE to a folder on another disk"
  say "making the Python environment in $rivals (about 3 GB to fetch)"
  torch=$(fetch_wheel torch) || exit 1
  rm -rf "$rivals" "$partial"
  quietly "make a Python environment" "$python" -m venv "$rivals"
  quietly "install torch into it" "$rivals/bin/pip" install --disable-pip-version-check --no-deps "$torch"
  quietly "install the Python packages" "$rivals/bin/pip" install --disable-pip-version-check --no-cache-dir --no-deps --retries 2 -r "$setup/rivals.txt"
  quietly "import the Python packages" "$rivals/bin/python" -c "import torch, transformers, peft"
  touch "$stamp"
  say "done: './run test -L python' and './run bench' use it"
}
