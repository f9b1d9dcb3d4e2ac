#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Without a Vulkan driver, or without its device: a clear error, and the other devices go on.
. "$(dirname "$0")/lib.bash"
"$thaw" devices | grep -q '^vulkan' || { echo "skipped: built without Vulkan"; exit 0; }

# The loader looks for drivers here, and here only.
without_driver() { VK_DRIVER_FILES=/nonexistent VK_ICD_FILENAMES=/nonexistent "$@"; }
expect 0 "no Vulkan driver is installed" without_driver "$thaw" devices
expect 0 "reference" without_driver "$thaw" devices

small_model
printf 'text\nword1 word2\n' > "$scratch/texts.tsv"
predict=("$thaw" predict --model "$scratch/model" "$scratch/texts.tsv" --device)
expect 1 "no Vulkan driver is installed" without_driver "${predict[@]}" vulkan
expect 1 "there is no device 97; there are: 0" "${predict[@]}" vulkan:97
