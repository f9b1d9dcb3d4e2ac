// SPDX-License-Identifier: Apache-2.0
// The file of an image processor or a feature extractor.
#pragma once

#include <vector>

#include "models/input/processor.h"
#include "tensor/io/json.h"

namespace thaw {

class PreprocessorFile : public Processor {
 public:
  static constexpr const char* file_name = "preprocessor_config.json";

  explicit PreprocessorFile(const Json& config)
      : files_{{file_name, config.dump({.indent = 2, .sort_keys = true}) + "\n"}} {}
  const std::vector<ProcessorFile>& files() const override { return files_; }

 private:
  std::vector<ProcessorFile> files_;
};

}  // namespace thaw
