// SPDX-License-Identifier: Apache-2.0
// What makes of a row's file what a model reads.
#pragma once

#include <memory>
#include <string>

#include "models/tasks/row_encoder.h"
#include "models/tasks/text_encoder.h"
#include "models/text_model.h"

namespace thaw {

// Of the model's directory, with its files; null for a model of texts alone. Errors are those of PictureEncoder,
// SoundEncoder and FilmEncoder.
std::shared_ptr<const RowEncoder> open_file_encoder(const std::string& directory, const TextLimits& limits);

// The same of any model. `texts`: what encodes the texts that it reads, alone or about a file; null if it reads none.
std::shared_ptr<const RowEncoder> open_row_encoder(const std::string& directory, const TextLimits& limits,
                                                   std::shared_ptr<const TextEncoder> texts);

}  // namespace thaw
