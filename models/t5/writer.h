// SPDX-License-Identifier: Apache-2.0
// T5 as a model that writes texts.
#pragma once

#include <memory>
#include <string>

#include "models/text_writer.h"

namespace thaw {

// Of a directory with a T5ForConditionalGeneration (T5, mT5, UMT5, ByT5). Errors name directory, file or tensor.
std::unique_ptr<TextWriter> open_t5_writer(const std::string& directory, const WriterOpening& opening);

}  // namespace thaw
