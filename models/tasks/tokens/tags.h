// SPDX-License-Identifier: Apache-2.0
// The labels of words that a training file has, and whether they name entities.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "models/data/field_names.h"
#include "models/data/labels.h"
#include "models/tasks/tokens/options.h"

namespace thaw {

// What a word is that no label is predicted for: it lies beyond the greatest length, or has no token.
inline constexpr const char* no_tag = "O";

// Is one of them a beginning or a part of an entity ("B-PER"), or are all of them B, I, O, E, S? Parts of speech are
// none.
bool name_entities(const std::vector<std::string>& labels);

// Does the label go on with an entity (I-, E-) that the one before it, "" at a sentence's beginning, is no part of? It
// counts as one all the same.
bool begins_oddly(const std::string& before, const std::string& label);

// The labels of a file, and what a person should know of how they are taken: one line each.
struct TakenTags {
  LabelSet labels;
  std::vector<std::string> notes = {};
};

// The labels of a file as a model knows them: its classes, also by their numbers if all labels of the file are such.
// std::runtime_error (FILE:LINE: ...) on a broken row; labels of neither kind are for others to refuse.
TakenTags model_tags(const std::string& file, const TokensOptions& options, const std::vector<std::string>& classes,
                     const FieldNames& called);

struct FoundTags {
  LabelSet labels;
  std::vector<std::string> warnings;           // one line each
  std::map<std::string, int64_t> counts = {};  // words that have each label
};

// Reads the labels of a training file; `known`: those of the model. std::runtime_error (FILE:LINE: ...) on a broken
// row, and if all words have one label.
FoundTags find_tags(const std::string& train_file, const TokensOptions& options, const std::vector<std::string>& known,
                    const FieldNames& called);

}  // namespace thaw
