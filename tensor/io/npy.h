// SPDX-License-Identifier: Apache-2.0
// Rows of f32 numbers as a .npy file (NumPy's format, version 1.0): what numpy.load and numpy.save know.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "tensor/io/atomic_file.h"

namespace thaw {

// An array [rows, columns] that grows row by row; the file appears whole or not at all (tensor/io/atomic_file.h), with
// the bytes that numpy.save writes.
class NpyWriter {
 public:
  // Throws std::runtime_error if the file cannot be written, std::invalid_argument if columns is negative.
  NpyWriter(const std::string& path, int64_t columns);

  // Whole rows. Throws std::invalid_argument if they are not.
  void write(std::span<const float> rows);
  void commit();
  int64_t rows() const { return rows_; }

 private:
  AtomicFile file_;
  int64_t rows_ = 0, columns_;
};

struct NpyArray {
  int64_t rows = 0, columns = 0;
  std::vector<float> values;  // row-major
};

// Throws std::runtime_error "PATH: ..." on what is no .npy file of version 1 with an f32 array of two dimensions in
// row-major order, or is not as long as its header says.
NpyArray read_npy(const std::string& path);
// The same of a file's bytes; `path` names them in messages.
NpyArray parse_npy(std::string_view bytes, const std::string& path);

}  // namespace thaw
