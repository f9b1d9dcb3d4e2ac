// SPDX-License-Identifier: Apache-2.0
// The file of an image processor.
#pragma once

#include <vector>

#include "models/image/processor.h"
#include "models/input/processor.h"

namespace thaw {

class PictureProcessor : public Processor {
 public:
  explicit PictureProcessor(const ImageProcessor& processor)
      : files_{{"preprocessor_config.json", processor.to_json().dump({.indent = 2, .sort_keys = true}) + "\n"}} {}
  const std::vector<ProcessorFile>& files() const override { return files_; }

 private:
  std::vector<ProcessorFile> files_;
};

}  // namespace thaw
