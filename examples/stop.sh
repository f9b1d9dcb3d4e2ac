# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts: Ctrl-C stops the whole script, not only the training that runs.
#   thaw_finetune OPTIONS   thaw finetune --resume-if-any OPTIONS; a run that was stopped stops the script, too

# A training that is asked to stop finishes its step, saves and ends with status 0, which looks like a finished one.
# The status is 130 whoever got the signal: a shell that was started with SIGINT ignored, as in the background, cannot
# trap it.
thaw_stopped() {
  echo "$(basename "$0"): stopped; the same command goes on from here" >&2
  exit 130
}
trap thaw_stopped INT

thaw_finetune() {
  local arguments=("$@") output= i
  for ((i = 0; i < $#; i++)); do
    case ${arguments[i]} in
      --output[-_]dir) output=${arguments[i + 1]:-} ;;
      --output[-_]dir=*) output=${arguments[i]#*=} ;;
    esac
  done
  thaw finetune --resume-if-any "$@"
  [ -f "$output/train_results.json" ] || thaw_stopped
}
