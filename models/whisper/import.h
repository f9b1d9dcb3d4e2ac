// SPDX-License-Identifier: Apache-2.0
// Whisper out of CTranslate2's files, in which packages carry it: the same numbers by the reference library's names.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/hub/ctranslate2.h"
#include "tensor/io/json.h"
#include "tensor/io/safetensors.h"

namespace thaw {

// A WhisperForConditionalGeneration, decoder and all.
struct ConvertedWhisper {
  Json config;                            // config.json
  Json preprocessor;                      // preprocessor_config.json: of log-mels, 100 frames a second
  std::vector<SafetensorsEntry> tensors;  // of the types of the file, in its bytes
};

// std::runtime_error "PATH: ...": it is no Whisper (of revision 3), its weights are quantised, it has tensors or
// options that a Whisper has not, lacks one, or has one of another shape, or numbers that are not finite.
ConvertedWhisper convert_whisper(const CTranslate2File& file);

struct ImportedModel {
  std::string architecture;
  int64_t tensors = 0, numbers = 0;
  std::string dtype;  // "float16"
};

// Writes what a model.bin holds as the directory, which must not be there: whole, or not at all.
ImportedModel import_whisper(const std::string& path, const std::string& directory);

}  // namespace thaw
