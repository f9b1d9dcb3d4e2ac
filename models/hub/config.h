// SPDX-License-Identifier: Apache-2.0
// What the configurations of all families share: a config.json read strictly, kept whole and written back.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "models/hub/problem_type.h"
#include "tensor/io/json.h"

namespace thaw {

// The keys that mean the same in every family. A family's configuration derives from it and adds
//   static F from_json(const Json&)                          errors: std::runtime_error "FILE: KEY: what is wrong"
//   Json to_json(const std::string& architecture) const
//   CheckpointNames checkpoint_names() const                 how its files name the tensors
// and, where something is decided by a look at the weights, its own settle().
class CheckpointSource;

struct PretrainedConfig {
  bool tie_word_embeddings = true;
  std::vector<std::string> labels;  // see class_labels.h
  std::optional<ProblemType> problem_type;
  std::vector<std::string> notes;  // one line each: what in the file is odd, and what was made of it
  Json json = Json::object();      // the file as it was read: keys that are not understood are written back

  int64_t num_labels() const {
    return labels.empty() ? 2 : static_cast<int64_t>(labels.size());
  }  // 2: the reference's default
  void settle(CheckpointSource&) {}
  // The given problem type, else regression for one label and single-label classification for several.
  ProblemType problem() const;

 protected:
  // `json` must be an object whose model_type is this one, or absent.
  void read_shared(const Json& file, std::string_view model_type);
  // The file's keys with this object's values in the place of the old ones; the family adds its own.
  Json shared_json(std::string_view model_type, const std::string& architecture) const;
};

constexpr int64_t max_layers = 10'000;

// A size of at least 1; `otherwise` if the key is absent.
int64_t read_size(const Json& json, const char* key, int64_t otherwise, int64_t most = INT32_MAX);
// In [0, 1): a dropout of 1 leaves nothing.
double read_probability(const Json& json, const char* key, double otherwise);
// A token's id, which may be null: none.
std::optional<int64_t> read_token_id(const Json& json, const char* key, std::optional<int64_t> otherwise);
// Keys that ask for a computation that is not supported, unless they are null, false, 0 or empty.
void refuse_unless_off(const Json& json, std::initializer_list<const char*> keys);
// A key that has one supported value, which is its default.
void expect_word(const Json& json, const char* key, std::string_view supported);

// What is written of the configuration of a part of a model, which was read as `read`: files name no architecture of
// it, unless they did.
Json json_of_part(Json written, const Json& read);

// Of a model that begins with random numbers. std::runtime_error naming file and key: the numbers would all be 0
// (`spread`, the key of what they are drawn with, is).
void check_spread(const Json& json, const char* spread);
// The same of a model of texts: the vocabulary's size must be given, too.
void check_can_begin(const Json& json, const char* spread);

// The configuration of a directory: Config::from_json of its config.json.
// std::runtime_error naming what is wrong with the directory or the file.
Json read_config_json(const std::string& directory);
template <typename Config>
Config read_config(const std::string& directory) {
  return Config::from_json(read_config_json(directory));
}

}  // namespace thaw
