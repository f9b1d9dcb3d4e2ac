// SPDX-License-Identifier: Apache-2.0
// Element masks in a file: of some parameters, which of their numbers are trained.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "nn/parameter.h"
#include "tensor/io/safetensors.h"
#include "tensor/shape.h"

namespace thaw {

// A safetensors file with a tensor of bytes, 1 or 0, for each parameter, of its name and shape. The metadata has
// "format": "thaw element masks", for each parameter that came with the model "crc32c of NAME": the checksum of its
// values, and how the masks were made.
class MaskFile {
 public:
  struct Mask {
    Shape shape;
    std::vector<uint8_t> elements;  // row-major; 1: trained
    std::optional<uint32_t> base;   // checksum of the values that it was made for; of random ones there is none
    int64_t ones() const;
  };

  MaskFile() = default;
  // Masks of parameters of a model, as it is now. made: how, for people. std::invalid_argument: a mask of another size
  // than its parameter, or of none.
  MaskFile(const ParameterStore& store, std::map<std::string, std::vector<uint8_t>> masks, SafetensorsMetadata made);
  // std::runtime_error "PATH: ...": it is no such file, or a tensor of it holds other values than 0 and 1.
  static MaskFile read(const std::filesystem::path& path);
  void write(const std::filesystem::path& path) const;

  const std::map<std::string, Mask>& masks() const { return masks_; }
  const Mask* find(const std::string& parameter) const;  // null if there is none
  const SafetensorsMetadata& made() const { return made_; }
  int64_t ones() const;

  // std::invalid_argument, naming file and tensor: the model lacks the parameter of a mask, or has one of another
  // shape; or its values are not those that the mask was made for (unless it has that mask already: it may have been
  // trained since; and devices that hold no numbers are not asked).
  void check_fits(const ParameterStore& store) const;
  // The same, but for the values.
  void check_shapes(const ParameterStore& store) const;

 private:
  std::string path_ = "element masks";
  std::map<std::string, Mask> masks_;
  SafetensorsMetadata made_;
};

}  // namespace thaw
