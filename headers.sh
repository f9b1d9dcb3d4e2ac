#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Makes the headers that are installed: usage: headers.sh ROOT FOLDER HEADER...; HEADERs lie below ROOT, the source
# tree. In the tree a header is named from the root ("nn/linear.h"); here relative to the header that names it
# ("../nn/linear.h"). So <thaw/nn/linear.h> needs no include path but the one that has thaw/, and another project's
# "nn/linear.h" never comes between. thaw.h includes all.
set -eu
root=$1 folder=$2
shift 2
rm -rf "$folder"
mkdir -p "$folder"
{
  echo '// SPDX-License-Identifier: Apache-2.0'
  echo '// All of thaw. What a program needs of it compiles faster by itself: <thaw/nn/linear.h>.'
  echo '#pragma once'
  echo
} > "$folder/thaw.h"
for path; do
  header=${path#"$root"/}
  up=$(dirname "$header" | sed 's|[^/]*|..|g')
  mkdir -p "$folder/$(dirname "$header")"
  sed "s|^#include \"|#include \"$up/|" "$path" > "$folder/$header"
  echo "#include \"$header\"" >> "$folder/thaw.h"
done
