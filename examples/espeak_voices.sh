# SPDX-License-Identifier: Apache-2.0
# Sourced by the scripts that let espeak-ng speak, which have a function die: one voice is for training in all of their
# data sets, or for none, so that what learns from one of them has heard no voice that tests it by another.

# espeak_voices: a line "PART VOICE" for each of its voices, the part (train, validation, test) chosen by a hash of the
# voice's name. A voice that sounds like one before it is left out.
espeak_voices() {
  local folder path voice sound heard=
  command -v espeak-ng > /dev/null || die "espeak-ng is missing (Debian: apt-get install espeak-ng)"
  folder=$(espeak-ng --version | sed -n 's/.*Data at: //p')/voices/!v
  [ -d "$folder" ] || die "$folder: no voices of espeak-ng's are there"
  for path in "$folder"/*; do
    voice=$(basename "$path")
    sound=$(espeak-ng -v "en+$voice" --stdout zero | cksum)
    case $heard in *"<$sound>"*) continue ;; esac
    heard+="<$sound>"
    case $(($(printf %s "$voice" | cksum | cut -d' ' -f1) % 10)) in
      0) echo "validation $voice" ;;
      1 | 2) echo "test $voice" ;;
      *) echo "train $voice" ;;
    esac
  done
}
