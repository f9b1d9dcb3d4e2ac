// SPDX-License-Identifier: Apache-2.0
// What is in files, one for each example: pictures, sounds, films. A line of the table for each kind.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "models/input/input_kind.h"
#include "models/tasks/row_encoder.h"

namespace thaw {

struct Medium {
  InputKind reads;
  std::string_view classifier;                // how the architectures of its classifiers end: "ForImageClassification"
  std::string_view column;                    // that tables usually have its path in: "image"
  std::span<const std::string_view> endings;  // of files that are read: ".png"
  std::span<const std::string_view> others;   // of files that are meant to be learnt from, and cannot be read
  std::string (*shown)(const InputRow& row);  // by which what a row's file shows is known again, whatever its bytes are

  // By its name.
  bool has(const std::string& path) const;
  bool has_others_like(const std::string& path) const;
};

// Questions about pictures have pictures' one. std::invalid_argument of texts.
const Medium& medium_of(InputKind reads);

std::span<const Medium> all_media();

}  // namespace thaw
