// SPDX-License-Identifier: Apache-2.0
// Files of words and labels, opened as a caller's options say.
#pragma once

#include <string>

#include "models/data/field_names.h"
#include "models/data/tagged_words.h"
#include "models/tasks/tokens/options.h"

namespace thaw {

// How to read such a file. std::invalid_argument if it has columns, and an option is no number of one.
TaggedReading tagged_reading(const std::string& file, TaggedFormat format, const TokensOptions& options,
                             const FieldNames& called);

// Words with their labels, by the file's name.
TaggedWords open_tagged_words(const std::string& file, const TokensOptions& options, const FieldNames& called);

}  // namespace thaw
