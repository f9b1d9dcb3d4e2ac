// SPDX-License-Identifier: Apache-2.0
// Writes a processor's files.
#include "models/input/processor.h"

#include "tensor/io/atomic_file.h"

namespace thaw {

void Processor::save(const std::string& directory) const {
  for (const ProcessorFile& file : files()) write_file_atomically(directory + "/" + file.name, file.content);
}

}  // namespace thaw
