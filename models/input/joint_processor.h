// SPDX-License-Identifier: Apache-2.0
// Several processors of one model: what it reads is of several kinds.
#pragma once

#include <initializer_list>
#include <vector>

#include "models/input/processor.h"

namespace thaw {

// The files of all of them; null: none.
class JointProcessor : public Processor {
 public:
  JointProcessor(std::initializer_list<const Processor*> parts) {
    for (const Processor* part : parts)
      if (part) files_.insert(files_.end(), part->files().begin(), part->files().end());
  }
  const std::vector<ProcessorFile>& files() const override { return files_; }

 private:
  std::vector<ProcessorFile> files_;
};

}  // namespace thaw
