// SPDX-License-Identifier: Apache-2.0
// What makes of data what a model reads, by files that lie beside its weights: a tokenizer, what prepares pictures or
// sounds (transformers calls them processing classes).
#pragma once

#include <string>
#include <vector>

namespace thaw {

// A file of a processor's, byte for byte as it was read or is to be written.
struct ProcessorFile {
  std::string name;  // without a directory
  std::string content;
};

class Processor {
 public:
  virtual ~Processor() = default;
  virtual const std::vector<ProcessorFile>& files() const = 0;
  // Writes them into an existing directory; those that it was read from keep every byte.
  void save(const std::string& directory) const;
};

}  // namespace thaw
