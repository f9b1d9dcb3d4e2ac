// SPDX-License-Identifier: Apache-2.0
// ViltInput: a batch of texts, each with its picture. B pairs, T rows in all: of a pair its tokens, then its picture's
// class row and patches.
#pragma once

#include <span>

#include "models/bert/input.h"
#include "models/image/patch_embeddings.h"

namespace thaw {

struct ViltInput {
  BertInput texts;
  PatchInput pictures;
  Segments segments;     // [B]: the rows of each pair
  Indices order;         // [T]: what stands there: row t of the texts, or row r of the pictures as texts.total() + r
  Indices modalities;    // [T]: 0 of a text, 1 of a picture
  Indices text_rows;     // [texts.total()]: where the texts' rows are now
  Indices first_tokens;  // [B]: row of each text's first one ([CLS])
  Segments one_each;     // of those rows by themselves
  StatesBelow below;     // what is there already of what a model makes of the batch: it goes on from there

  // std::invalid_argument: other numbers of texts than of pictures, or patches behind another number of rows than 1.
  ViltInput(BertInput texts_of_pairs, PatchInput pictures_of_pairs);
  // Of examples as text_and_patches() makes them.
  static ViltInput from_encodings(std::span<const Encoding* const> pairs, Device device);
};

}  // namespace thaw
