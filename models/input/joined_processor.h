// SPDX-License-Identifier: Apache-2.0
// The files of several processors, of a model that reads several kinds of things.
#pragma once

#include <initializer_list>
#include <vector>

#include "models/input/processor.h"

namespace thaw {

class JoinedProcessor : public Processor {
 public:
  JoinedProcessor(std::initializer_list<const Processor*> parts) {
    for (const Processor* part : parts) files_.insert(files_.end(), part->files().begin(), part->files().end());
  }
  const std::vector<ProcessorFile>& files() const override { return files_; }

 private:
  std::vector<ProcessorFile> files_;
};

}  // namespace thaw
