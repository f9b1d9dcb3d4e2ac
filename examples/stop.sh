# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts: Ctrl-C stops the whole script, not only the training that runs.
#   thaw_finetune OPTIONS   thaw finetune --resume-if-any OPTIONS; a run that was stopped stops the script, too

# A training that is asked to stop finishes its step, saves and ends with 128 + the signal's number, as the script then
# does: also where that signal reached the training alone.
thaw_stopped() {  # STATUS
  echo "$(basename "$0"): stopped; the same command goes on from here" >&2
  exit "$1"
}
trap 'thaw_stopped 130' INT

thaw_finetune() {
  local status=0
  thaw finetune --resume-if-any "$@" || status=$?
  case $status in
    0) ;;
    129 | 130 | 143) thaw_stopped $status ;;  # SIGHUP, SIGINT, SIGTERM
    *) exit $status ;;
  esac
}
